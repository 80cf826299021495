//! Asking the caller, and asking again.

use super::super::node::{Attempts, Collect, Menu, Node, NodeId};
use super::walk::Walk;
use super::{CollectDirective, Directive, Input, Outcome, RouteReason};
use crate::center::PromptKey;

impl<'a> Walk<'a> {
    /// Goes on from a question to which no keys came.
    pub(super) fn answer_without_keys(
        &mut self,
        question: Question<'a>,
        input: &Input,
    ) -> Option<Outcome> {
        match input {
            Input::Start => self.ask(question, question.prompts()),
            Input::MediaDone => self.ask(question, &[]),
            Input::Silence | Input::Digits { .. } => self.no_input(question),
            Input::HangUp => self.end(Outcome::CallerGone),
        }
    }

    /// Plays prompts and listens.
    pub(super) fn ask<'k>(
        &mut self,
        question: Question<'a>,
        prompts: impl IntoIterator<Item = &'k PromptKey>,
    ) -> Option<Outcome> {
        let prompts = self.utterances(prompts);
        self.directives
            .push(Directive::Collect(CollectDirective { prompts, ..question.listening() }));
        None
    }

    fn no_input(&mut self, question: Question<'a>) -> Option<Outcome> {
        self.position.no_input = self.position.no_input.saturating_add(1);
        let count = self.position.no_input;
        let attempts = question.attempts();
        if count > attempts.max_no_input {
            return self.leave(attempts.on_no_input.as_ref(), RouteReason::NoInput);
        }
        self.ask_again(question, None, tapered(&attempts.no_input_prompts, count))
    }

    /// Counts an entry that does not fit, and asks again or leaves.
    pub(super) fn no_match(
        &mut self,
        question: Question<'a>,
        complaint: Option<&PromptKey>,
    ) -> Option<Outcome> {
        self.position.no_match = self.position.no_match.saturating_add(1);
        let count = self.position.no_match;
        let attempts = question.attempts();
        if count > attempts.max_no_match {
            return self.leave(attempts.on_no_match.as_ref(), RouteReason::NoMatch);
        }
        self.ask_again(question, complaint, tapered(&attempts.no_match_prompts, count))
    }

    fn leave(&mut self, exit: Option<&'a NodeId>, reason: RouteReason) -> Option<Outcome> {
        match exit {
            Some(target) => self.enter(target),
            None => self.reach_human(reason),
        }
    }

    fn ask_again(
        &mut self,
        question: Question<'a>,
        complaint: Option<&PromptKey>,
        tapered: Option<&PromptKey>,
    ) -> Option<Outcome> {
        let again = &question.attempts().again_prompts;
        let asked = if again.is_empty() { question.prompts() } else { again };
        self.ask(question, complaint.into_iter().chain(tapered).chain(asked))
    }
}

/// A node that waits for the caller.
#[derive(Clone, Copy)]
pub(super) enum Question<'a> {
    Menu(&'a Menu),
    Collect(&'a Collect),
}

impl<'a> Question<'a> {
    /// Gives the question a node asks, if it asks one.
    pub(super) fn of(node: &'a Node) -> Option<Self> {
        match node {
            Node::Menu(menu) => Some(Self::Menu(menu)),
            Node::Collect(collect) => Some(Self::Collect(collect)),
            Node::Play(_)
            | Node::Set { .. }
            | Node::Branch(_)
            | Node::Queue(_)
            | Node::HangUp { .. } => None,
        }
    }

    /// Gives the prompts of the question.
    pub(super) fn prompts(self) -> &'a [PromptKey] {
        match self {
            Self::Menu(menu) => &menu.prompts,
            Self::Collect(collect) => &collect.prompts,
        }
    }

    fn attempts(self) -> &'a Attempts {
        match self {
            Self::Menu(menu) => &menu.attempts,
            Self::Collect(collect) => &collect.attempts,
        }
    }

    fn listening(self) -> CollectDirective {
        let (barge_in, timers, (min_digits, max_digits), terminator) = match self {
            Self::Menu(menu) => (menu.barge_in, menu.timers, (1, 1), None),
            Self::Collect(collect) => {
                (collect.barge_in, collect.timers, collect.length(), collect.terminator)
            }
        };
        let prompts = Vec::new();
        CollectDirective { prompts, barge_in, min_digits, max_digits, terminator, timers }
    }
}

// The first failure gets the first prompt; when they run out, the last one repeats.
fn tapered(prompts: &[PromptKey], count: u32) -> Option<&PromptKey> {
    let index = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(1);
    prompts.get(index).or(prompts.last())
}
