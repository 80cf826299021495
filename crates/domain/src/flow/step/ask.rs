//! Asking the caller, and asking again.

use super::super::node::{Node, NodeId};
use super::question::Prompted;
use super::walk::Walk;
use super::{CollectDirective, Directive, Input, Outcome, RouteReason};
use crate::center::PromptKey;

impl<'a> Walk<'a> {
    /// Asks what the node just entered asks the caller.
    pub(super) fn begin_asking(&mut self, node: &'a Node) -> Option<Outcome> {
        if let Node::Survey(survey) = node {
            for question in &survey.questions {
                self.position.fields.remove(&question.name);
            }
            self.play(&survey.asking.prompts);
        }
        match Prompted::of(node, 0) {
            Some(prompted) => self.ask(prompted, prompted.prompts()),
            // A survey without questions is none.
            None => self.reach_human(RouteReason::FlowChanged),
        }
    }

    /// Goes on from a question to which no keys came.
    pub(super) fn hear_nothing(
        &mut self,
        prompted: Prompted<'a>,
        input: &Input,
    ) -> Option<Outcome> {
        match input {
            Input::Start => self.ask(prompted, prompted.prompts()),
            // The answer to a question that is no longer asked changes nothing.
            Input::MediaDone | Input::Answer(_) => self.ask(prompted, &[]),
            Input::Silence | Input::Digits { .. } | Input::Text(_) => self.no_input(prompted),
            Input::HangUp => self.end(Outcome::CallerGone),
        }
    }

    /// Plays prompts and listens.
    pub(super) fn ask<'k>(
        &mut self,
        prompted: Prompted<'a>,
        prompts: impl IntoIterator<Item = &'k PromptKey>,
    ) -> Option<Outcome> {
        let prompts = self.utterances(prompts);
        self.directives
            .push(Directive::Collect(CollectDirective { prompts, ..prompted.listening() }));
        None
    }

    fn no_input(&mut self, prompted: Prompted<'a>) -> Option<Outcome> {
        self.position.no_input = self.position.no_input.saturating_add(1);
        let count = self.position.no_input;
        let attempts = prompted.attempts();
        if count > attempts.max_no_input {
            return self.leave(prompted, attempts.on_no_input.as_ref(), RouteReason::NoInput);
        }
        self.ask_again(prompted, None, tapered(&attempts.no_input_prompts, count))
    }

    /// Counts an entry that does not fit, and asks again or leaves.
    pub(super) fn no_match(
        &mut self,
        prompted: Prompted<'a>,
        complaint: Option<&PromptKey>,
    ) -> Option<Outcome> {
        self.position.no_match = self.position.no_match.saturating_add(1);
        let count = self.position.no_match;
        let attempts = prompted.attempts();
        if count > attempts.max_no_match {
            return self.leave(prompted, attempts.on_no_match.as_ref(), RouteReason::NoMatch);
        }
        self.ask_again(prompted, complaint, tapered(&attempts.no_match_prompts, count))
    }

    fn leave(
        &mut self,
        prompted: Prompted<'a>,
        exit: Option<&'a NodeId>,
        reason: RouteReason,
    ) -> Option<Outcome> {
        match (exit, prompted) {
            (Some(target), _) => self.enter(target),
            // Who does not want to answer is not sent to an agent for it.
            (None, Prompted::Survey(survey, _)) => self.finish_survey(survey),
            (None, _) => self.reach_human(reason),
        }
    }

    fn ask_again(
        &mut self,
        prompted: Prompted<'a>,
        complaint: Option<&PromptKey>,
        tapered: Option<&PromptKey>,
    ) -> Option<Outcome> {
        let again = &prompted.attempts().again_prompts;
        let asked = if again.is_empty() { prompted.prompts() } else { again };
        self.ask(prompted, complaint.into_iter().chain(tapered).chain(asked))
    }
}

// The first failure gets the first prompt; when they run out, the last one repeats.
fn tapered(prompts: &[PromptKey], count: u32) -> Option<&PromptKey> {
    let index = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(1);
    prompts.get(index).or(prompts.last())
}
