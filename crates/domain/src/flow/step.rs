//! One step of one caller through a flow: an input comes in, directives go out.

mod answer;
mod ask;
mod hand_over;
mod hop;
mod keys;
mod question;
mod say;
mod walk;
mod world;

use std::collections::BTreeMap;
use std::fmt;

use super::{Answer, CivilDate, Flow, Key, KnownCustomer, Position, Question, Timers};
use crate::center::{Calendar, Language, Prompts, SkillRequirement};
use crate::channel::Channel;
use crate::customer::Verification;
use crate::ids::{AgentId, CalendarId, QueueId};
use crate::number_rule::Listed;
use crate::time::Timestamp;

pub use hop::{Hop, Stop};
pub use say::{Sound, Utterance};
use walk::Walk;

pub(super) use walk::MAX_CALLS;

/// What the stepper may know besides flow and position.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The center's prompts.
    pub prompts: &'a Prompts,
    /// The language of the called number.
    pub language: &'a Language,
    /// Today, where the center is.
    pub today: CivilDate,
    /// The time.
    pub now: Timestamp,
    /// The center's calendars.
    pub calendars: &'a BTreeMap<CalendarId, Calendar>,
    /// The call's id, by which calls are split.
    pub call: &'a str,
    /// How the contact came in.
    pub channel: Channel,
    /// The number the caller dialled, in E.164 form.
    pub called_number: Option<&'a str>,
    /// The number the caller has, in E.164 form; nothing when it is withheld.
    pub calling_number: Option<&'a str>,
    /// What the lists of numbers say of the caller.
    pub listed: Listed,
    /// How far the network vouches for the number the caller has.
    pub verification: Verification,
    /// Who calls, when the calling number told that before the flow began.
    pub customer: Option<KnownCustomer>,
}

/// What happened on the line.
#[derive(Clone, PartialEq, Eq)]
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
    /// The caller wrote, on a channel without keys; spaces separate fields like the separator.
    Text(String),
    /// The caller pressed nothing in time.
    Silence,
    /// The world answered what the last step asked.
    Answer(Answer),
    /// The gateway played everything.
    MediaDone,
    /// The caller left.
    HangUp,
}

// What a caller keys in may be a secret, so it is not shown; how much it is, is.
impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => formatter.write_str("Start"),
            Self::Digits { keys, end } => {
                write!(formatter, "Digits({} keys, {end:?})", keys.chars().count())
            }
            Self::Text(text) => write!(formatter, "Text({} characters)", text.chars().count()),
            Self::Silence => formatter.write_str("Silence"),
            Self::Answer(answer) => write!(formatter, "Answer({answer:?})"),
            Self::MediaDone => formatter.write_str("MediaDone"),
            Self::HangUp => formatter.write_str("HangUp"),
        }
    }
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
    /// Switches recording on or off.
    Record(bool),
    /// Counts a common question that was answered, by its topic; the gateway has nothing to do.
    Answered(String),
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
    /// Whether the keys may not be seen: no log, no trace, no history.
    pub sensitive: bool,
}

/// Where the caller goes, and what is known by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteDirective {
    /// The queue.
    pub queue: QueueId,
    /// Who is to answer before anybody else of the queue; nothing for whoever is best.
    pub agent: Option<AgentId>,
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
    /// The call used up its time in the flow.
    TimeSpent,
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
            Self::TimeSpent => "time_spent",
            Self::FlowChanged => "flow_changed",
        }
    }
}

/// Why a step ended without waiting for the caller.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The flow asks the world and goes on with [`Input::Answer`]; it has not ended.
    Ask(Box<Question>),
    /// The flow still waits for the answer to what it asked before; it has not ended.
    StillAsking,
    /// The caller was handed to a queue.
    Routed,
    /// The caller was connected with somebody outside the center.
    Transferred,
    /// The flow ended the call.
    HungUp,
    /// The caller left.
    CallerGone,
    /// The flow had ended before this input.
    AlreadyEnded,
}

impl Outcome {
    /// Says whether the flow is over.
    pub const fn is_end(&self) -> bool {
        !matches!(self, Self::Ask(_) | Self::StillAsking)
    }
}

/// What one input led to.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// Where the caller is now.
    pub position: Position,
    /// What the gateway is to do, in order.
    pub directives: Vec<Directive>,
    /// The ways taken, in order; none where the flow stayed at its node.
    pub path: Vec<Hop>,
    /// What the flow asks the world, or how it ended; nothing while it waits for the caller.
    pub outcome: Option<Outcome>,
}

impl Step {
    /// Says whether the flow is over.
    pub fn is_end(&self) -> bool {
        self.outcome.as_ref().is_some_and(Outcome::is_end)
    }
}

/// Begins a flow; whoever is refused hears none of it.
pub fn start(flow: &Flow, context: &Context<'_>) -> Step {
    if context.listed.is_refused {
        let position = Position { ended: true, ..Position::start(flow) };
        let outcome = Some(Outcome::HungUp);
        return Step { position, directives: vec![Directive::HangUp], path: vec![], outcome };
    }
    step(flow, &Position::start(flow), &Input::Start, context)
}

/// Takes one input and goes on to where the flow next waits or ends.
///
/// Always gives a directive or an outcome. Every node entered and every input costs one of the
/// flow's steps, and the flow has a time; a call that has none left goes to the human node.
pub fn step(flow: &Flow, position: &Position, input: &Input, context: &Context<'_>) -> Step {
    Walk::new(flow, position, context).take(input)
}
