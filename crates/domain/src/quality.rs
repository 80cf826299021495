//! Quality: how well calls and tickets were handled, judged by scorecards.
//!
//! | figure | definition |
//! | --- | --- |
//! | share of a criterion | its points / the most it gives |
//! | score | Σ weight × share / Σ weight, over the criteria that apply; 0 when a critical one got no points |
//! | passed | the score is at least what the scorecard asks for |
//! | mean score | the scores of evaluations / their number |
//!
//! Whoever handled a contact does not judge it, and is not told that it will be judged.

mod evaluation;
mod marks;

pub use evaluation::{Evaluation, EvaluationError, EvaluationState, Found, Judged};
pub use marks::{Finding, MarkError, Marks, Score};

use std::collections::BTreeSet;
use std::fmt;

use crate::center::Localized;
use crate::floor::state::words;
use crate::ids::{AgentId, QueueId, ScorecardId, TicketKindId};
use crate::interaction::{Interaction, InteractionState, Origin};
use crate::number_rule::RuleKind;
use crate::ticket::{Ticket, TicketState};

/// The most criteria a scorecard has.
pub const MOST_CRITERIA: usize = 50;
/// The most points a criterion gives.
pub const MOST_POINTS: u8 = 10;
/// The most a criterion counts beside others.
pub const MOST_WEIGHT: u8 = 100;
/// The longest comment, in characters.
pub const MAX_COMMENT: usize = 4_000;

words!(
    /// What a scorecard is for.
    Subject {
        /// Calls and written contacts that an agent answered.
        Call = "call",
        /// Tickets that were resolved.
        Ticket = "ticket",
    }
);

/// A set of criteria.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorecard {
    /// The scorecard's name.
    pub id: ScorecardId,
    /// What it is for.
    pub subject: Subject,
    /// The queues it is about; empty for all.
    pub queues: BTreeSet<QueueId>,
    /// The kinds of tickets it is about; empty for all.
    pub kinds: BTreeSet<TicketKindId>,
    /// From how many percent on the work passes.
    pub pass: u8,
    /// What is looked at, in order.
    pub criteria: Vec<Criterion>,
}

/// One thing that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its name within the scorecard.
    pub name: String,
    /// What is looked at.
    pub text: Localized,
    /// The most points it gives; 1 for what is met or not.
    pub points: u8,
    /// How much it counts beside the others.
    pub weight: u8,
    /// Whether no points at all make the whole score 0.
    pub is_critical: bool,
    /// Whether it may not apply.
    pub is_optional: bool,
}

impl Scorecard {
    /// Gives the agent whose work in a call it judges; none where it does not, or nobody worked.
    pub fn judges_call<'a>(&self, call: &'a Interaction) -> Option<&'a AgentId> {
        let is_over = call.state == InteractionState::Ended && call.answered_at.is_some();
        let is_test = call.caller_lists.iter().any(|list| list == RuleKind::Test.as_str());
        let is_ours = call.origin == Origin::Consult || call.is_work() || is_test;
        let fits = self.subject == Subject::Call && self.takes(call.queue.as_ref());
        call.agent.as_ref().filter(|_| is_over && !is_ours && fits)
    }

    /// Gives the agent whose work on a ticket it judges: who resolved it, or else who works on it. None
    /// where it does not, or nobody worked.
    pub fn judges_ticket(&self, ticket: &Ticket) -> Option<AgentId> {
        let is_over = matches!(ticket.state, TicketState::Resolved | TicketState::Closed);
        let is_kind = self.kinds.is_empty() || self.kinds.contains(&ticket.kind);
        if self.subject != Subject::Ticket || !is_over || !is_kind {
            return None;
        }
        let worker = ticket.resolver().or_else(|| ticket.assignee.clone());
        worker.filter(|_| self.takes(ticket.queue.as_ref()))
    }

    fn takes(&self, queue: Option<&QueueId>) -> bool {
        self.queues.is_empty() || queue.is_some_and(|queue| self.queues.contains(queue))
    }
}
