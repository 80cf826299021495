//! The walk of one step: from where the flow waits to where it next waits or ends.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::super::branch::Case;
use super::super::expression::Facts;
use super::super::node::{Call, Hours, Loop, Node, NodeId, Priority, Skills, Split};
use super::super::secret::Secret;
use super::super::{Flow, KnownCustomer, Position, Staffing};
use super::question::Prompted;
use super::{Context, Directive, Hop, Input, Outcome, RouteReason, Step, Stop};
use crate::center::{Language, merge_requirements};

/// How many calls of flows may be under way at once.
pub(in crate::flow) const MAX_CALLS: usize = 8;

/// One step under way.
pub(super) struct Walk<'a> {
    /// The flow the call entered.
    root: &'a Flow,
    /// The flow that runs: the root, or one that it called.
    pub(super) flow: &'a Flow,
    pub(super) context: &'a Context<'a>,
    pub(super) position: Position,
    pub(super) directives: Vec<Directive>,
    path: Vec<Hop>,
    /// What was keyed in during this step and may not be seen; gone when the step is over.
    pub(super) secrets: BTreeMap<String, Secret>,
    today: String,
}

/// What follows from entering a node.
pub(super) enum Visit<'a> {
    /// The next node.
    Go(&'a NodeId),
    /// The first node of a flow that was called.
    Into(&'a NodeId),
    /// The end of the step.
    Stop(Option<Outcome>),
}

impl<'a> Walk<'a> {
    /// Begins a step.
    pub(super) fn new(flow: &'a Flow, position: &Position, context: &'a Context<'a>) -> Self {
        Self {
            root: flow,
            flow,
            context,
            position: position.clone(),
            directives: Vec::new(),
            path: Vec::new(),
            secrets: BTreeMap::new(),
            today: context.today.to_string(),
        }
    }

    /// Takes an input to the end of the step.
    pub(super) fn take(mut self, input: &Input) -> Step {
        let outcome = self.advance(input);
        let Self { position, directives, path, .. } = self;
        Step { position, directives, path, outcome }
    }

    fn advance(&mut self, input: &Input) -> Option<Outcome> {
        if self.position.ended {
            return Some(Outcome::AlreadyEnded);
        }
        if *input == Input::HangUp {
            return self.end(Outcome::CallerGone);
        }
        let root = self.root;
        let same = self.position.flow == *root.id() && self.position.version == root.version();
        let Some(running) = running(root, &self.position.stack).filter(|_| same) else {
            return self.reach_human(RouteReason::FlowChanged);
        };
        self.flow = running;
        let begins = *input == Input::Start && self.position.steps == 0;
        if begins || self.position.since == crate::time::Timestamp::ZERO {
            self.position.since = self.context.now;
        }
        if self.context.now.since(self.position.since) > root.max_time() {
            return self.reach_human(RouteReason::TimeSpent);
        }
        if !self.spend() {
            return self.reach_human(RouteReason::BudgetSpent);
        }
        if begins {
            return self.arrive(root.start());
        }
        let Some(node) = self.flow.node(&self.position.node) else {
            return self.reach_human(RouteReason::FlowChanged);
        };
        match Prompted::of(node, self.position.part) {
            Some(prompted) => self.hear(prompted, input),
            None => self.take_answer(node, input),
        }
    }

    /// Leaves the node the call is at for another, and goes on until the flow waits or ends.
    pub(super) fn enter(&mut self, target: &'a NodeId) -> Option<Outcome> {
        self.note_way(target);
        self.arrive(target)
    }

    fn arrive(&mut self, first: &'a NodeId) -> Option<Outcome> {
        let mut target = first;
        loop {
            self.position.node.clone_from(target);
            if !self.spend() {
                return self.reach_human(RouteReason::BudgetSpent);
            }
            self.position.no_input = 0;
            self.position.no_match = 0;
            self.position.part = 0;
            let Some(node) = self.flow.node(target) else {
                return self.reach_human(RouteReason::FlowChanged);
            };
            match self.visit(node) {
                Visit::Go(next) => {
                    self.note_way(next);
                    target = next;
                }
                Visit::Into(next) => target = next,
                Visit::Stop(outcome) => return outcome,
            }
        }
    }

    fn visit(&mut self, node: &'a Node) -> Visit<'a> {
        match node {
            Node::Play(play) => {
                self.play(&play.prompts);
                Visit::Go(&play.next)
            }
            Node::Say(say) => {
                self.say(say);
                Visit::Go(&say.next)
            }
            Node::SelfService(answer) => {
                self.directives.push(Directive::Answered(answer.topic.clone()));
                self.play(&answer.prompts);
                Visit::Go(&answer.next)
            }
            Node::Set(set) => {
                self.set(set);
                Visit::Go(&set.next)
            }
            Node::Branch(branch) => {
                Visit::Go(self.choose(&branch.cases, None).unwrap_or(&branch.otherwise))
            }
            Node::Hours(hours) => Visit::Go(self.by_hours(hours)),
            Node::Split(split) => Visit::Go(self.by_share(split)),
            Node::Loop(node) => Visit::Go(self.go_round(node)),
            Node::Priority(priority) => Visit::Go(self.raise(priority)),
            Node::Skills(skills) => Visit::Go(self.need(skills)),
            Node::Record(record) => {
                self.directives.push(Directive::Record(record.on));
                Visit::Go(&record.next)
            }
            Node::Call(call) => self.call(call),
            Node::Return => self.return_to_caller(),
            Node::Menu(_) | Node::Collect(_) | Node::Confirm(_) | Node::Survey(_) => {
                Visit::Stop(self.begin_asking(node))
            }
            Node::Staffing(_)
            | Node::Lookup(_)
            | Node::Fetch(_)
            | Node::Callback(_)
            | Node::Ticket(_)
            | Node::Transfer(_)
            | Node::Voicemail(_) => self.ask_world(node),
            Node::Queue(queue) => Visit::Stop(self.route(queue, RouteReason::Chosen)),
            Node::HangUp { prompts } => {
                self.play(prompts);
                self.directives.push(Directive::HangUp);
                Visit::Stop(self.end(Outcome::HungUp))
            }
        }
    }

    fn raise(&mut self, priority: &'a Priority) -> &'a NodeId {
        let boost = &mut self.position.priority_boost;
        *boost = boost.saturating_add(priority.points);
        &priority.next
    }

    fn need(&mut self, skills: &'a Skills) -> &'a NodeId {
        let needs = [self.position.skills.as_slice(), &skills.skills].concat();
        self.position.skills = merge_requirements(&needs);
        &skills.next
    }

    /// Gives where the first case that holds leads.
    pub(super) fn choose(
        &self,
        cases: &'a [Case],
        staffing: Option<&Staffing>,
    ) -> Option<&'a NodeId> {
        let facts = Facts { staffing, ..self.facts() };
        cases.iter().find(|case| case.when.holds(&facts)).map(|case| &case.next)
    }

    /// Gives what expressions may look at.
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            fields: &self.position.fields,
            language: self.language(),
            channel: self.context.channel,
            called_number: self.context.called_number,
            calling_number: self.context.calling_number,
            caller_lists: &self.context.listed.lists,
            verification: self.context.verification,
            today: &self.today,
            customer: self.customer(),
            standing: None,
            staffing: None,
            ticket: None,
        }
    }

    fn customer(&self) -> Option<&KnownCustomer> {
        self.position.customer.as_ref().or(self.context.customer.as_ref())
    }

    fn by_hours(&self, hours: &'a Hours) -> &'a NodeId {
        let Some(calendar) = self.context.calendars.get(&hours.calendar) else {
            return &hours.closed;
        };
        let now = self.context.now;
        if calendar.is_open_at(now) {
            return &hours.open;
        }
        let holiday = hours.holiday.as_ref().filter(|_| calendar.is_holiday_at(now));
        holiday.unwrap_or(&hours.closed)
    }

    fn by_share(&self, split: &'a Split) -> &'a NodeId {
        let place = share_of(self.context.call, &self.position.node);
        let mut upper = 0;
        for way in &split.ways {
            upper += u64::from(way.percent);
            if place < upper {
                return &way.next;
            }
        }
        &split.otherwise
    }

    fn go_round(&mut self, node: &'a Loop) -> &'a NodeId {
        if self.count_round() <= node.times {
            return &node.next;
        }
        self.forget_rounds();
        &node.done
    }

    /// Counts one more round at the node the call is at.
    pub(super) fn count_round(&mut self) -> u32 {
        let place = (self.position.stack.len(), self.position.node.clone());
        let rounds = self.position.rounds.entry(place).or_default();
        *rounds = rounds.saturating_add(1);
        *rounds
    }

    /// Begins the count at this node again.
    pub(super) fn forget_rounds(&mut self) {
        let place = (self.position.stack.len(), self.position.node.clone());
        self.position.rounds.remove(&place);
    }

    fn call(&mut self, call: &'a Call) -> Visit<'a> {
        let called = self.flow.module(&call.flow);
        match called.filter(|_| self.position.stack.len() < MAX_CALLS) {
            Some(called) => {
                self.note("call", called, called.start());
                self.position.stack.push(self.position.node.clone());
                self.flow = called;
                Visit::Into(called.start())
            }
            None => Visit::Stop(self.reach_human(RouteReason::FlowChanged)),
        }
    }

    fn return_to_caller(&mut self) -> Visit<'a> {
        let from = self.position.stack.pop();
        let depth = self.position.stack.len();
        self.position.rounds.retain(|(level, _), _| *level <= depth);
        let caller = running(self.root, &self.position.stack);
        if let (Some(from), Some(caller)) = (from, caller) {
            self.note("return", caller, &from);
            self.flow = caller;
            if let Some(Node::Call(call)) = caller.node(&from) {
                self.position.node = from;
                return Visit::Go(&call.next);
            }
        }
        Visit::Stop(self.reach_human(RouteReason::FlowChanged))
    }

    /// Ends the flow.
    #[expect(clippy::unnecessary_wraps, reason = "ends every way through the walk alike")]
    pub(super) fn end(&mut self, outcome: Outcome) -> Option<Outcome> {
        self.position.ended = true;
        Some(outcome)
    }

    /// Notes the way that leads from the node the call is at to another of the same flow.
    fn note_way(&mut self, to: &'a NodeId) {
        let flow = self.flow;
        let edges = flow.node(&self.position.node).map(Node::edges).unwrap_or_default();
        // Two ways may lead to one node; which was taken shows in whose place the target stands.
        let edge = match edges.into_iter().find(|edge| std::ptr::eq(edge.to, to)) {
            Some(edge) => SmolStr::from(edge.name),
            None if to == flow.human() => SmolStr::new_static("human"),
            None => SmolStr::new_static("asked_again"),
        };
        self.note(edge, flow, to);
    }

    pub(super) fn note(&mut self, edge: impl Into<SmolStr>, into: &Flow, to: &NodeId) {
        let from = Stop::of(self.flow, &self.position.node);
        let (to, told) = (Stop::of(into, to), self.directives.len());
        self.path.push(Hop { from, edge: edge.into(), to, told });
    }

    fn spend(&mut self) -> bool {
        let left = self.position.steps < self.root.max_steps();
        self.position.steps = self.position.steps.saturating_add(1);
        left
    }

    /// Gives the language the caller hears.
    pub(super) fn language(&self) -> &Language {
        self.position.language.as_ref().unwrap_or(self.context.language)
    }
}

/// Finds the flow that runs: the last one called.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
fn running<'a>(root: &'a Flow, stack: &[NodeId]) -> Option<&'a Flow> {
    stack.iter().try_fold(root, |flow, id| match flow.node(id)? {
        Node::Call(call) => flow.module(&call.flow),
        _ => None,
    })
}

// FNV-1a, then mixed so that the remainder uses every bit.
fn share_of(call: &str, node: &NodeId) -> u64 {
    let bytes = call.bytes().chain([0xff]).chain(node.as_str().bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed >> 32) % 100
}
