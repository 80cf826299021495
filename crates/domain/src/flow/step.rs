//! One step of one caller through a flow: an input comes in, directives go out.

mod ask;
mod say;
mod walk;

use std::collections::BTreeMap;

use super::{CivilDate, Flow, Key, Position, Timers};
use crate::center::{Language, Prompts, SkillRequirement};
use crate::customer::Tier;
use crate::ids::QueueId;

pub use say::{Sound, Utterance};
use walk::Walk;

/// What the stepper may know besides flow and position.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The center's prompts.
    pub prompts: &'a Prompts,
    /// The language of the called number.
    pub language: &'a Language,
    /// Today, where the center is.
    pub today: CivilDate,
    /// The caller's tier, when the caller is a known customer.
    pub tier: Option<Tier>,
    /// The number the caller dialled, in E.164 form.
    pub called_number: Option<&'a str>,
}

/// What happened on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The call begins, or another replica takes it over: asks again where it stands.
    Start,
    /// The caller pressed keys.
    Digits {
        /// The keys, in order.
        keys: String,
        /// Why the gateway stopped listening.
        end: DigitsEnd,
    },
    /// The caller pressed nothing in time.
    Silence,
    /// The gateway played everything.
    MediaDone,
    /// The caller left.
    HangUp,
}

/// Why a gateway stopped listening for keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigitsEnd {
    /// The terminator was pressed; it is not among the keys.
    Terminator,
    /// The entry is as long as it can be.
    Full,
    /// The inter-digit or overall timer ran out.
    Timeout,
}

/// What the gateway is to do, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive {
    /// Plays sounds.
    Play(Vec<Utterance>),
    /// Plays sounds and listens for keys.
    Collect(CollectDirective),
    /// Hands the caller to a queue.
    Route(RouteDirective),
    /// Ends the call.
    HangUp,
}

/// How the gateway listens for keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectDirective {
    /// What to play first; empty after media that is already done.
    pub prompts: Vec<Utterance>,
    /// Whether a key stops the sounds.
    pub barge_in: bool,
    /// The fewest keys that can be an entry.
    pub min_digits: usize,
    /// Stop listening after so many keys.
    pub max_digits: usize,
    /// The key that ends the entry and is not reported.
    pub terminator: Option<Key>,
    /// How long to wait.
    pub timers: Timers,
}

/// Where the caller goes, and what is known by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteDirective {
    /// The queue.
    pub queue: QueueId,
    /// Skills needed on top of the queue's own.
    pub skills: Vec<SkillRequirement>,
    /// Points of priority added.
    pub priority_boost: u32,
    /// The language the caller ended up with.
    pub language: Language,
    /// Everything collected and set.
    pub attributes: BTreeMap<String, String>,
    /// Why the caller goes there.
    pub reason: RouteReason,
}

/// Why a caller leaves a flow for a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteReason {
    /// The flow led there.
    Chosen,
    /// The caller pressed the key for a human.
    HumanKey,
    /// The caller said nothing too often.
    NoInput,
    /// The caller's entries did not fit too often.
    NoMatch,
    /// The call used up its steps.
    BudgetSpent,
    /// The flow was changed under the call, or the position names no node.
    FlowChanged,
}

impl RouteReason {
    /// Gives the word for the reason.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::HumanKey => "human_key",
            Self::NoInput => "no_input",
            Self::NoMatch => "no_match",
            Self::BudgetSpent => "budget_spent",
            Self::FlowChanged => "flow_changed",
        }
    }
}

/// How a flow ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The caller was handed to a queue.
    Routed,
    /// The flow ended the call.
    HungUp,
    /// The caller left.
    CallerGone,
    /// The flow had ended before this input.
    AlreadyEnded,
}

/// What one input led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where the caller is now.
    pub position: Position,
    /// What the gateway is to do, in order.
    pub directives: Vec<Directive>,
    /// How the flow ended; nothing while it waits for the caller.
    pub outcome: Option<Outcome>,
}

/// Begins a flow.
pub fn start(flow: &Flow, context: &Context<'_>) -> Step {
    step(flow, &Position::start(flow), &Input::Start, context)
}

/// Takes one input and goes on to where the flow next waits or ends.
///
/// Always gives a directive or an outcome. Every node entered and every input costs one of the
/// flow's steps; a call that has none left goes to the human node.
pub fn step(flow: &Flow, position: &Position, input: &Input, context: &Context<'_>) -> Step {
    Walk::new(flow, position, context).take(input)
}
