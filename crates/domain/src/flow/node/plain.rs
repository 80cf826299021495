//! Nodes that the flow passes without waiting, and its ends.

use std::collections::BTreeMap;

use super::NodeId;
use crate::center::{Language, PromptKey, SkillRequirement};
use crate::flow::expression::Expression;
use crate::ids::{CalendarId, FlowId, QueueId};

/// Plays prompts and goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    /// What to play, in order.
    pub prompts: Vec<PromptKey>,
    /// Where to go.
    pub next: NodeId,
}

/// Speaks a text with values read out, and goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    /// The text by language; `{name}` and `{name:digits}` stand for fields.
    pub texts: BTreeMap<Language, String>,
    /// Where to go.
    pub next: NodeId,
}

/// Plays the answer to a common question, counts it, and goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfService {
    /// The name the question is counted under.
    pub topic: String,
    /// The answer.
    pub prompts: Vec<PromptKey>,
    /// Where to go.
    pub next: NodeId,
}

/// Sets fields or the language and goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Texts by field name; `{name}` in a text stands for another field.
    pub values: BTreeMap<String, String>,
    /// Whole numbers by field name; one that cannot be computed leaves its field as it is.
    pub numbers: BTreeMap<String, Expression>,
    /// The language from here on.
    pub language: Option<Language>,
    /// Where to go.
    pub next: NodeId,
}

/// Chooses the way by opening hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The calendar.
    pub calendar: CalendarId,
    /// Where to go while it is open.
    pub open: NodeId,
    /// Where to go while it is closed.
    pub closed: NodeId,
    /// Where to go while it is closed on a holiday; `closed` when not set.
    pub holiday: Option<NodeId>,
}

/// Chooses the way by share, the same for the same call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The ways with their shares; at most 100 percent together.
    pub ways: Vec<Way>,
    /// Where everybody else goes.
    pub otherwise: NodeId,
}

/// One way of a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// How many of a hundred calls take it.
    pub percent: u8,
    /// Where it leads.
    pub next: NodeId,
}

/// Goes round so often and no oftener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// How often `next` is taken before `done` is.
    pub times: u32,
    /// Where each round begins.
    pub next: NodeId,
    /// Where to go afterwards; the count starts again then.
    pub done: NodeId,
}

/// Adds to the priority the caller will wait with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priority {
    /// Points to add.
    pub points: u32,
    /// Where to go.
    pub next: NodeId,
}

/// Adds to the skills the caller needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skills {
    /// Skills with their least levels; of two levels of one skill the higher holds.
    pub skills: Vec<SkillRequirement>,
    /// Where to go.
    pub next: NodeId,
}

/// Switches recording on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Whether it is on from here.
    pub on: bool,
    /// Where to go.
    pub next: NodeId,
}

/// Runs another flow and comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The flow; part of this one, at the version it was built with.
    pub flow: FlowId,
    /// Where to go when it returns.
    pub next: NodeId,
}

/// Sends the caller to a queue and ends the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueNode {
    /// What to play first.
    pub prompts: Vec<PromptKey>,
    /// The queue.
    pub queue: QueueId,
    /// Skills needed on top of the queue's own.
    pub skills: Vec<SkillRequirement>,
    /// Points of priority added.
    pub priority_boost: u32,
}
