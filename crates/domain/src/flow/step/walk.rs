//! The walk of one step: from where the flow waits to where it next waits or ends.

use super::super::branch::{Branch, Case, Subject, Test};
use super::super::entry::parse_fields;
use super::super::node::{Collect, Menu, Node, NodeId, QueueNode};
use super::super::{Flow, Key, Position};
use super::ask::Question;
use super::{Context, Directive, Input, Outcome, RouteDirective, RouteReason, Step};
use crate::center::Language;
use crate::customer::Tier;

/// One step under way.
pub(super) struct Walk<'a> {
    pub(super) flow: &'a Flow,
    pub(super) context: &'a Context<'a>,
    pub(super) position: Position,
    pub(super) directives: Vec<Directive>,
}

impl<'a> Walk<'a> {
    /// Begins a step.
    pub(super) fn new(flow: &'a Flow, position: &Position, context: &'a Context<'a>) -> Self {
        Self { flow, context, position: position.clone(), directives: Vec::new() }
    }

    /// Takes an input to the end of the step.
    pub(super) fn take(mut self, input: &Input) -> Step {
        let outcome = self.advance(input);
        Step { position: self.position, directives: self.directives, outcome }
    }

    fn advance(&mut self, input: &Input) -> Option<Outcome> {
        if self.position.ended {
            return Some(Outcome::AlreadyEnded);
        }
        if *input == Input::HangUp {
            return self.end(Outcome::CallerGone);
        }
        let flow = self.flow;
        if self.position.flow != *flow.id() || self.position.version != flow.version() {
            return self.reach_human(RouteReason::FlowChanged);
        }
        let begins = *input == Input::Start && self.position.steps == 0;
        if !self.spend() {
            return self.reach_human(RouteReason::BudgetSpent);
        }
        if begins {
            return self.enter(flow.start());
        }
        match flow.node(&self.position.node).and_then(Question::of) {
            Some(Question::Menu(menu)) => self.answer_menu(menu, input),
            Some(Question::Collect(collect)) => self.answer_collect(collect, input),
            None => self.reach_human(RouteReason::FlowChanged),
        }
    }

    fn answer_menu(&mut self, menu: &'a Menu, input: &Input) -> Option<Outcome> {
        let question = Question::Menu(menu);
        let Some(keys) = keys_of(input, None) else {
            return self.answer_without_keys(question, input);
        };
        // A terminator out of habit does not spoil a choice.
        let chosen =
            Key::parse(keys).or_else(|_| Key::parse(keys.strip_suffix('#').unwrap_or(keys))).ok();
        match chosen.and_then(|key| menu.options.get(&key)) {
            Some(target) => self.enter(target),
            None if chosen == Some(self.flow.human_key()) => {
                self.reach_human(RouteReason::HumanKey)
            }
            None => self.no_match(question, None),
        }
    }

    fn answer_collect(&mut self, collect: &'a Collect, input: &Input) -> Option<Outcome> {
        let question = Question::Collect(collect);
        let Some(keys) = keys_of(input, collect.terminator) else {
            return self.answer_without_keys(question, input);
        };
        match parse_fields(collect, keys, self.context.today) {
            Ok(values) => {
                for field in &collect.fields {
                    self.position.fields.remove(&field.name);
                }
                self.position.fields.extend(values);
                self.enter(&collect.next)
            }
            Err(_) if Key::parse(keys) == Ok(self.flow.human_key()) => {
                self.reach_human(RouteReason::HumanKey)
            }
            Err(error) => {
                let field = collect.fields.iter().find(|field| error.field() == Some(&field.name));
                self.no_match(question, field.and_then(|field| field.invalid_prompt.as_ref()))
            }
        }
    }

    /// Enters a node and goes on until the flow waits or ends.
    pub(super) fn enter(&mut self, target: &'a NodeId) -> Option<Outcome> {
        let mut target = target;
        loop {
            if !self.spend() {
                return self.reach_human(RouteReason::BudgetSpent);
            }
            self.position.node = target.clone();
            self.position.no_input = 0;
            self.position.no_match = 0;
            target = match self.flow.node(target) {
                Some(Node::Play(play)) => {
                    self.play(&play.prompts);
                    &play.next
                }
                Some(Node::Set { values, language, next }) => {
                    self.set(values, language.as_ref());
                    next
                }
                Some(Node::Branch(branch)) => self.choose(branch),
                Some(Node::Menu(menu)) => return self.ask(Question::Menu(menu), &menu.prompts),
                Some(Node::Collect(collect)) => {
                    return self.ask(Question::Collect(collect), &collect.prompts);
                }
                Some(Node::Queue(queue)) => return self.route(queue, RouteReason::Chosen),
                Some(Node::HangUp { prompts }) => {
                    self.play(prompts);
                    self.directives.push(Directive::HangUp);
                    return self.end(Outcome::HungUp);
                }
                None => return self.reach_human(RouteReason::FlowChanged),
            };
        }
    }

    fn choose(&self, branch: &'a Branch) -> &'a NodeId {
        let holds = |case: &&Case| {
            let value = self.value(&case.when.subject);
            match (&case.when.test, value) {
                (_, None) => false,
                (Test::Present, Some(_)) => true,
                (Test::OneOf(accepted), Some(value)) => accepted.iter().any(|one| one == value),
            }
        };
        branch.cases.iter().find(holds).map_or(&branch.otherwise, |case| &case.next)
    }

    fn value(&self, subject: &Subject) -> Option<&str> {
        match subject {
            Subject::Field(name) => self.position.fields.get(name).map(String::as_str),
            Subject::Tier => self.context.tier.map(Tier::as_str),
            Subject::Language => Some(self.language().as_str()),
            Subject::CalledNumber => self.context.called_number,
        }
    }

    /// Sends the caller to the human node.
    pub(super) fn reach_human(&mut self, reason: RouteReason) -> Option<Outcome> {
        if let Some(Node::Queue(queue)) = self.flow.node(self.flow.human()) {
            self.position.node = self.flow.human().clone();
            return self.route(queue, reason);
        }
        // `Flow::build` lets no other flow pass; ending the call is all that is left.
        self.directives.push(Directive::HangUp);
        self.end(Outcome::HungUp)
    }

    fn route(&mut self, queue: &QueueNode, reason: RouteReason) -> Option<Outcome> {
        self.play(&queue.prompts);
        self.directives.push(Directive::Route(RouteDirective {
            queue: queue.queue.clone(),
            skills: queue.skills.clone(),
            priority_boost: queue.priority_boost,
            language: self.language().clone(),
            attributes: self.position.fields.clone(),
            reason,
        }));
        self.end(Outcome::Routed)
    }

    /// Ends the flow.
    #[expect(clippy::unnecessary_wraps, reason = "ends every way through the walk alike")]
    pub(super) fn end(&mut self, outcome: Outcome) -> Option<Outcome> {
        self.position.ended = true;
        Some(outcome)
    }

    fn spend(&mut self) -> bool {
        let left = self.position.steps < self.flow.max_steps();
        self.position.steps = self.position.steps.saturating_add(1);
        left
    }

    /// Gives the language the caller hears.
    pub(super) fn language(&self) -> &Language {
        self.position.language.as_ref().unwrap_or(self.context.language)
    }
}

// Gives the keys of an entry, however the gateway stopped listening: whether they suffice is the
// node's to say. A gateway that reports the terminator too does no harm.
fn keys_of(input: &Input, terminator: Option<Key>) -> Option<&str> {
    match input {
        Input::Digits { keys, .. } => {
            let bare = terminator.and_then(|key| keys.strip_suffix(key.as_char()));
            Some(bare.unwrap_or(keys)).filter(|keys| !keys.is_empty())
        }
        Input::Start | Input::Silence | Input::MediaDone | Input::HangUp => None,
    }
}
