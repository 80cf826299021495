//! An agent: what he does, and what he wants to be at rest.

use std::fmt;

use crate::ids::{ContactId, OfferId};
use crate::time::Timestamp;

use super::super::plan::ProfileKey;
use super::Token;

/// What an agent is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentState {
    /// Not signed in.
    Offline,
    /// Signed in, takes no contacts.
    NotReady,
    /// Free for a contact.
    Ready,
    /// Being rung.
    Offered {
        /// The offer.
        offer: OfferId,
        /// The contact that rings.
        contact: ContactId,
    },
    /// Bound to a contact: connecting or talking.
    Busy {
        /// The contact.
        contact: ContactId,
    },
    /// Doing after-call work.
    WrapUp {
        /// The contact it is for.
        contact: ContactId,
    },
}

impl AgentState {
    /// Gives the state as one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::NotReady => "not_ready",
            Self::Ready => "ready",
            Self::Offered { .. } => "offered",
            Self::Busy { .. } => "busy",
            Self::WrapUp { .. } => "wrap_up",
        }
    }

    /// Gives the contact the agent is bound to, if any.
    pub fn contact(&self) -> Option<&ContactId> {
        match self {
            Self::Offered { contact, .. } | Self::Busy { contact } | Self::WrapUp { contact } => {
                Some(contact)
            }
            Self::Offline | Self::NotReady | Self::Ready => None,
        }
    }
}

words!(
    /// What an agent wants to be once he is at rest.
    Want {
        /// To take contacts.
        Ready = "ready",
        /// To stay signed in without taking contacts.
        NotReady = "not_ready",
        /// To leave.
        SignedOut = "signed_out",
    }
);

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// What he is doing.
    pub state: AgentState,
    /// His desktop's session; none when no desktop is connected.
    pub session: Option<Token>,
    /// What he wants to be at rest.
    pub want: Want,
    /// Why he is not ready, such as `lunch` or `no_answer`; empty otherwise.
    pub reason: String,
    /// What he can serve.
    pub profile: ProfileKey,
    /// Whether his desktop was lost while he was bound to a contact.
    pub detached: bool,
    /// Since when he is idle; kept while an offer that is no fault of his comes and goes.
    pub idle_since: Timestamp,
    /// How many offers he missed in a row.
    pub misses: u32,
    /// Until when his desktop's heartbeat holds.
    pub lease_until: Option<Timestamp>,
    /// When his after-call work ends.
    pub wrap_up_until: Option<Timestamp>,
    /// How often he changed.
    pub version: u64,
}

impl Agent {
    /// Gives the deadline that must be armed for him.
    pub fn deadline(&self) -> Option<Timestamp> {
        match (self.lease_until, self.wrap_up_until) {
            (Some(lease), Some(wrap_up)) => Some(lease.min(wrap_up)),
            (lease, wrap_up) => lease.or(wrap_up),
        }
    }
}
