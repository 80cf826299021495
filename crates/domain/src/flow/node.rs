//! The nodes of a flow.

mod asking;
mod edges;
mod plain;
mod world;

use std::fmt;

use smol_str::SmolStr;

use crate::center::PromptKey;
use crate::ids::{IdError, check_id};

use super::branch::Branch;

pub use asking::{
    Asking, Attempts, Collect, Confirm, Field, FieldKind, Menu, Survey, SurveyQuestion, Timers,
};
pub use edges::Edge;
pub use plain::{
    Call, Hours, Loop, Play, Priority, QueueNode, Record, Say, SelfService, Set, Skills, Split, Way,
};
pub use world::{
    CallbackNode, CallbackNumber, Fetch, FetchValue, Lookup, LookupBy, StaffingFigure,
    StaffingNode, TicketNode, Transfer, Voicemail,
};

/// The name of a node, unique in its flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(SmolStr);

impl NodeId {
    /// Checks a name against the rules for identifiers.
    pub fn parse(text: impl Into<SmolStr>) -> Result<Self, IdError> {
        let text = text.into();
        check_id(&text)?;
        Ok(Self(text))
    }

    /// Gives the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One place in a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Plays prompts and goes on.
    Play(Play),
    /// Speaks a text with values read out, and goes on.
    Say(Say),
    /// Plays the answer to a common question, counts it, and goes on.
    SelfService(SelfService),
    /// Plays prompts and waits for one key.
    Menu(Menu),
    /// Plays prompts and waits for an entry of one or more fields.
    Collect(Collect),
    /// Reads an entry back and waits for yes or no.
    Confirm(Confirm),
    /// Asks for scores, one after the other.
    Survey(Survey),
    /// Sets fields or the language and goes on.
    Set(Set),
    /// Chooses the way by what is known.
    Branch(Branch),
    /// Chooses the way by opening hours.
    Hours(Hours),
    /// Chooses the way by share, the same for the same call.
    Split(Split),
    /// Goes round so often and no oftener.
    Loop(Loop),
    /// Adds to the priority the caller will wait with.
    Priority(Priority),
    /// Adds to the skills the caller needs.
    Skills(Skills),
    /// Switches recording on or off.
    Record(Record),
    /// Asks how a queue is staffed, and chooses the way by it.
    Staffing(StaffingNode),
    /// Asks who a number or an id belongs to.
    Lookup(Lookup),
    /// Asks a system outside.
    Fetch(Fetch),
    /// Arranges a callback.
    Callback(CallbackNode),
    /// Makes a ticket.
    Ticket(TicketNode),
    /// Connects the caller with somebody outside the queues.
    Transfer(Transfer),
    /// Records a message.
    Voicemail(Voicemail),
    /// Runs another flow and comes back.
    Call(Call),
    /// Goes back to the flow that called this one.
    Return,
    /// Sends the caller to a queue and ends the flow.
    Queue(QueueNode),
    /// Plays prompts, ends the call and the flow.
    HangUp {
        /// What to play first.
        prompts: Vec<PromptKey>,
    },
}

impl Node {
    /// Gives the word for what the node does, as in files and traces.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Play(_) => "play",
            Self::Say(_) => "say",
            Self::SelfService(_) => "answer",
            Self::Menu(_) => "menu",
            Self::Collect(_) => "collect",
            Self::Confirm(_) => "confirm",
            Self::Survey(_) => "survey",
            Self::Set(_) => "set",
            Self::Branch(_) => "branch",
            Self::Hours(_) => "hours",
            Self::Split(_) => "split",
            Self::Loop(_) => "loop",
            Self::Priority(_) => "priority",
            Self::Skills(_) => "skills",
            Self::Record(_) => "record",
            Self::Staffing(_) => "staffing",
            Self::Lookup(_) => "lookup",
            Self::Fetch(_) => "fetch",
            Self::Callback(_) => "callback",
            Self::Ticket(_) => "ticket",
            Self::Transfer(_) => "transfer",
            Self::Voicemail(_) => "voicemail",
            Self::Call(_) => "call",
            Self::Return => "return",
            Self::Queue(_) => "queue",
            Self::HangUp { .. } => "hang_up",
        }
    }

    /// Gives how the node listens for keys, if it does.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    pub const fn asking(&self) -> Option<&Asking> {
        match self {
            Self::Menu(menu) => Some(&menu.asking),
            Self::Collect(collect) => Some(&collect.asking),
            Self::Confirm(confirm) => Some(&confirm.asking),
            Self::Survey(survey) => Some(&survey.asking),
            _ => None,
        }
    }

    /// Says whether the flow stops here until the caller does something.
    pub const fn waits(&self) -> bool {
        self.asking().is_some()
    }

    /// Says whether the flow stops here until the world answers.
    pub const fn asks_the_world(&self) -> bool {
        matches!(
            self,
            Self::Staffing(_)
                | Self::Lookup(_)
                | Self::Fetch(_)
                | Self::Callback(_)
                | Self::Ticket(_)
                | Self::Transfer(_)
                | Self::Voicemail(_)
        )
    }

    /// Says whether the flow ends here.
    pub const fn ends(&self) -> bool {
        matches!(self, Self::Queue(_) | Self::HangUp { .. } | Self::Return)
    }
}
