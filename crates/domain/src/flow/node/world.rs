//! Nodes that ask the world.
//!
//! Each has a `fallback` for every answer that is none: the world failed, or was late.

use std::collections::BTreeMap;
use std::time::Duration;

use super::NodeId;
use crate::center::PromptKey;
use crate::flow::Key;
use crate::flow::branch::Case;
use crate::flow::question::{FetchField, Staffing, TransferTarget};
use crate::ids::{EndpointId, QueueId, TicketKindId};
use crate::ticket::{Category, TicketPriority};

/// Asks how a queue is staffed, and chooses the way by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffingNode {
    /// The queue.
    pub queue: QueueId,
    /// Figures to keep, by field name.
    pub keep: BTreeMap<String, StaffingFigure>,
    /// The first case that holds decides; conditions may speak of `staffing`.
    pub cases: Vec<Case>,
    /// Where to go when none holds.
    pub otherwise: NodeId,
    /// Where to go when nobody knows.
    pub fallback: NodeId,
}

/// One figure about a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StaffingFigure {
    /// How many agents are ready and free.
    Available,
    /// How many agents work.
    Staffed,
    /// How many contacts wait.
    Waiting,
    /// How many seconds the first of them has waited.
    Oldest,
    /// How many seconds another one would probably wait; may be unknown.
    Wait,
    /// The same in minutes, rounded up.
    WaitMinutes,
}

impl StaffingFigure {
    /// Every figure.
    pub const ALL: [Self; 6] = [
        Self::Available,
        Self::Staffed,
        Self::Waiting,
        Self::Oldest,
        Self::Wait,
        Self::WaitMinutes,
    ];

    /// Gives the word for the figure.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Staffed => "staffed",
            Self::Waiting => "waiting",
            Self::Oldest => "oldest",
            Self::Wait => "wait",
            Self::WaitMinutes => "wait_minutes",
        }
    }

    /// Gives the figure; nothing when it is unknown.
    pub fn of(self, staffing: &Staffing) -> Option<i64> {
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Some(match self {
            Self::Available => i64::from(staffing.available),
            Self::Staffed => i64::from(staffing.staffed),
            Self::Waiting => i64::from(staffing.waiting),
            Self::Oldest => seconds(staffing.oldest),
            Self::Wait => seconds(staffing.wait?),
            Self::WaitMinutes => seconds(staffing.wait?).saturating_add(59) / 60,
        })
    }
}

/// Asks who a number or an id belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// What is looked up.
    pub by: LookupBy,
    /// What to play meanwhile.
    pub prompts: Vec<PromptKey>,
    /// Where to go with the customer known.
    pub next: NodeId,
    /// Where to go when nobody, or nobody for certain, has it.
    pub not_found: NodeId,
    /// Where to go when the records cannot be asked.
    pub fallback: NodeId,
}

/// What is looked up, by the field that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupBy {
    /// A telephone number.
    Number(String),
    /// The id of a customer's record.
    Id(String),
}

impl LookupBy {
    /// Gives the field.
    pub fn field(&self) -> &str {
        match self {
            Self::Number(field) | Self::Id(field) => field,
        }
    }
}

/// Asks a system outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Where to ask.
    pub endpoint: EndpointId,
    /// What to send, by name.
    pub values: BTreeMap<String, FetchValue>,
    /// What to take out of the reply.
    pub fields: Vec<FetchField>,
    /// How long all attempts together may take.
    pub deadline: Duration,
    /// How often to try again within the deadline.
    pub retries: u32,
    /// What to play meanwhile.
    pub prompts: Vec<PromptKey>,
    /// Where to go with the fields set.
    pub next: NodeId,
    /// Where to go when the system said no; `fallback` when not set.
    pub refused: Option<NodeId>,
    /// Where to go when there is no usable reply.
    pub fallback: NodeId,
}

/// What is sent to a system outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchValue {
    /// A text; `{name}` stands for a field.
    Text(String),
    /// What the caller just keyed in for a sensitive field.
    Secret(String),
}

impl Fetch {
    /// Says whether the request takes something that only the step before knows.
    pub fn is_sensitive(&self) -> bool {
        self.values.values().any(|value| matches!(value, FetchValue::Secret(_)))
    }
}

/// Arranges a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackNode {
    /// The queue whose agents call.
    pub queue: QueueId,
    /// Which number is called.
    pub number: CallbackNumber,
    /// Where to go when it is arranged.
    pub next: NodeId,
    /// Where to go when it cannot be.
    pub fallback: NodeId,
}

/// Which number is called back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackNumber {
    /// The number the caller has.
    Caller,
    /// The number in a field.
    Field(String),
}

/// Makes a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketNode {
    /// What it is about, in one line; `{name}` stands for a field.
    pub subject: String,
    /// What kind of ticket it is.
    pub kind: Option<TicketKindId>,
    /// What it is filed under.
    pub category: Option<Category>,
    /// The department that is responsible.
    pub department: Option<String>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// What else is written down, by name; `{name}` stands for a field.
    pub fields: BTreeMap<String, String>,
    /// The field that gets the ticket's number.
    pub keep: Option<String>,
    /// Where to go when it is made.
    pub next: NodeId,
    /// Where to go when it cannot be.
    pub fallback: NodeId,
}

/// Connects the caller with somebody outside the queues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// What to play first.
    pub prompts: Vec<PromptKey>,
    /// With whom.
    pub to: TransferTarget,
    /// How long to ring.
    pub ring: Duration,
    /// Where to go when nobody answers.
    pub fallback: NodeId,
}

/// Records a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voicemail {
    /// What to play before the tone.
    pub prompts: Vec<PromptKey>,
    /// Whose message it is.
    pub queue: QueueId,
    /// How long it may be.
    pub max_length: Duration,
    /// The key that ends it.
    pub end_key: Option<Key>,
    /// Where to go when it is recorded.
    pub next: NodeId,
    /// Where to go when it is not.
    pub fallback: NodeId,
}
