//! A contact: where it is, and its place in line.

use std::collections::BTreeMap;
use std::fmt;

use crate::ids::{AgentId, GatewayId, OfferId, QueueId};
use crate::time::Timestamp;

use super::super::plan::ClassKey;
use super::Token;

/// Where a contact is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactState {
    /// The caller listens to the menu.
    InMenu,
    /// The caller waits in a queue.
    Queued,
    /// One agent is being rung.
    Offered {
        /// The offer.
        offer: OfferId,
        /// The agent who is rung.
        agent: AgentId,
    },
    /// An agent accepted; the gateway was told to bridge.
    Connecting {
        /// The accepted offer.
        offer: OfferId,
        /// The agent who accepted.
        agent: AgentId,
    },
    /// Caller and agent talk.
    Connected {
        /// The agent.
        agent: AgentId,
    },
    /// The contact is over.
    Ended {
        /// Why it ended.
        reason: EndReason,
    },
}

impl ContactState {
    /// Gives the state as one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::InMenu => "in_menu",
            Self::Queued => "queued",
            Self::Offered { .. } => "offered",
            Self::Connecting { .. } => "connecting",
            Self::Connected { .. } => "connected",
            Self::Ended { .. } => "ended",
        }
    }

    /// Gives the agent the contact is bound to, if any.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::Offered { agent, .. }
            | Self::Connecting { agent, .. }
            | Self::Connected { agent } => Some(agent),
            Self::InMenu | Self::Queued | Self::Ended { .. } => None,
        }
    }

    /// Says whether the contact is over.
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::Ended { .. })
    }
}

words!(
    /// Why a contact ended.
    EndReason {
        /// The caller was served: by an agent, or by the menu to its end.
        Completed = "completed",
        /// The caller left while waiting, ringing or connecting.
        Abandoned = "abandoned",
        /// The caller left, or the flow ended the call, before any queue.
        LeftMenu = "left_menu",
        /// The queue was full, or the longest wait had passed.
        Overflow = "overflow",
        /// The gateway was gone for longer than the grace time.
        GatewayLost = "gateway_lost",
        /// The gateway came back without the call.
        GoneDuringOutage = "gone_during_outage",
    }
);

/// A contact's place in line, kept through requeue, decline and transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The queue.
    pub queue: QueueId,
    /// The class within the queue.
    pub class: ClassKey,
    /// The order among waiting contacts, lower first: `enqueued_at − priority × credit`, in ms.
    pub rank: i64,
    /// Breaks ties of rank: the tenant's sequence number at the first enqueue.
    pub sequence: u64,
    /// When the contact first entered a queue.
    pub enqueued_at: Timestamp,
    /// The priority it entered with.
    pub priority: i32,
    /// When the longest wait ends.
    pub overflows_at: Timestamp,
}

/// A contact: a caller on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Where it is.
    pub state: ContactState,
    /// The gateway that holds the leg.
    pub gateway: GatewayId,
    /// The gateway session that last reported the leg.
    pub token: Token,
    /// Whether the gateway's lease ended while the contact was live.
    pub orphaned: bool,
    /// The last event of the gateway that was applied to the contact.
    pub call_sequence: u64,
    /// When it started.
    pub started_at: Timestamp,
    /// Where it goes when the menu does not end in time.
    pub fallback: Option<ClassKey>,
    /// Its place in line, once it had one.
    pub place: Option<Place>,
    /// How often it went to another queue because one was full or too slow.
    pub hops: u32,
    /// The agents it is not offered to, each until a time.
    pub tried: BTreeMap<AgentId, Timestamp>,
    /// The stored position in the menu; opaque here.
    pub menu: String,
    /// What services and desktops know of the caller; opaque here.
    pub details: String,
    /// The armed deadline.
    pub deadline: Option<Timestamp>,
    /// How often it changed.
    pub version: u64,
}

impl Contact {
    /// Says whether `agent` may not be rung for this contact at `now`.
    pub fn has_tried(&self, agent: &AgentId, now: Timestamp) -> bool {
        self.tried.get(agent).is_some_and(|until| *until > now)
    }
}
