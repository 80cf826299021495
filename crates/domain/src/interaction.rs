//! Interactions: the durable record of one contact, folded from the events of the floor.

mod figures;
mod fold;

pub use figures::{QueueFigures, SHORT_ABANDON, USUAL_TARGET, target_of};
pub use fold::{Fact, FoldError};

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::channel::Channel;
use crate::floor::state::words;
use crate::ids::{AgentId, ContactId, CustomerId, GatewayId, QueueId};
use crate::number_rule::RuleKind;
use crate::ticket::Outcome;
use crate::time::Timestamp;

/// Why a call ended whose number is blocked.
pub const BLOCKED: &str = "blocked";

/// What is known for ever about one contact; times are wall times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interaction {
    /// The contact's id.
    pub id: ContactId,
    /// Where the contact is.
    pub state: InteractionState,
    /// How the customer came.
    pub channel: Channel,
    /// How the contact came to be.
    pub origin: Origin,
    /// The gateway that holds the call.
    pub gateway: Option<GatewayId>,
    /// Who called, as the gateway told it.
    pub calling_number: Option<String>,
    /// Which number was called.
    pub called_number: Option<String>,
    /// The language spoken, as a BCP 47 tag.
    pub language: Option<String>,
    /// Who called, as far as known.
    pub customer: Option<CustomerId>,
    /// The last queue.
    pub queue: Option<QueueId>,
    /// The last agent who was connected.
    pub agent: Option<AgentId>,
    /// How often an agent was rung.
    pub offers: u32,
    /// When the call came in.
    pub started_at: Timestamp,
    /// When the caller first began to wait.
    pub queued_at: Option<Timestamp>,
    /// When an agent was first connected.
    pub answered_at: Option<Timestamp>,
    /// When the call ended.
    pub ended_at: Option<Timestamp>,
    /// Why it ended: `completed`, `abandoned`, …
    pub end_reason: Option<String>,
    /// How the agent filed it.
    pub disposition: Option<String>,
    /// What the agent noted.
    pub notes: Option<String>,
    /// The lists of numbers that the calling number stood on.
    pub caller_lists: Vec<String>,
    /// Why the center would not take the call: `blocked`.
    pub refused: Option<String>,
}

/// Where a contact is, as far as the history has been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InteractionState {
    /// In the menu.
    InMenu,
    /// Waiting for an agent.
    Waiting,
    /// Ringing an agent.
    Offered,
    /// Between acceptance and the first word.
    Connecting,
    /// With an agent.
    Connected,
    /// With a gateway that is away.
    Orphaned,
    /// Over.
    Ended,
}

words!(
    /// How a contact came to be.
    Origin {
        /// A customer came to us.
        Arrived = "arrived",
        /// A customer asked to be called back.
        Callback = "callback",
        /// We owed the customer a call: to follow up, or by the care calendar.
        Owed = "owed",
        /// An agent asked another one about a contact.
        Consult = "consult",
    }
);

/// Says that a text names no state of an interaction.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no state of an interaction")]
pub struct InteractionStateError(pub String);

impl Interaction {
    /// Gives the outcome, once the contact is over.
    pub fn outcome(&self) -> Option<Outcome> {
        if self.state != InteractionState::Ended {
            return None;
        }
        Some(match self.end_reason.as_deref() {
            Some("gateway_lost" | "gone_during_outage") => Outcome::Lost,
            Some("overflow") => Outcome::Overflowed,
            Some(BLOCKED) => Outcome::Refused,
            _ if self.answered_at.is_some() => Outcome::Answered,
            Some("callback_booked") => Outcome::CallbackBooked,
            Some("unreached" | "window_closed") => Outcome::Unreached,
            Some("superseded" | "cancelled" | "merged") => Outcome::Withdrawn,
            // Work on a ticket has no caller who could leave: the ticket was dealt with otherwise.
            _ if self.is_work() => Outcome::Withdrawn,
            Some("completed") if self.queued_at.is_none() => Outcome::SelfServed,
            _ if self.queued_at.is_some() => Outcome::Abandoned,
            _ => Outcome::LeftMenu,
        })
    }

    /// Says whether it is work on a ticket, which no customer waits with.
    pub fn is_work(&self) -> bool {
        self.gateway == Some(GatewayId::TICKETS)
    }

    /// Says whether it counts for no report: a call of the center's own tests, or of a mystery caller.
    pub fn is_uncounted(&self) -> bool {
        let uncounted = [RuleKind::Test, RuleKind::Mystery].map(RuleKind::as_str);
        self.caller_lists.iter().any(|list| uncounted.contains(&list.as_str()))
    }
}

impl InteractionState {
    /// Every state, in the order of a contact's life.
    pub const ALL: [Self; 7] = [
        Self::InMenu,
        Self::Waiting,
        Self::Offered,
        Self::Connecting,
        Self::Connected,
        Self::Orphaned,
        Self::Ended,
    ];

    /// Gives the word used in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InMenu => "in_menu",
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Orphaned => "orphaned",
            Self::Ended => "ended",
        }
    }
}

impl fmt::Display for InteractionState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for InteractionState {
    type Err = InteractionStateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| InteractionStateError(text.to_owned()))
    }
}
