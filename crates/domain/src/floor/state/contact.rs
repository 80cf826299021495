//! A contact: where it is, and its place in line.

use std::collections::BTreeMap;
use std::fmt;

use smol_str::SmolStr;

use crate::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};
use crate::time::Timestamp;

use crate::channel::Channel;

use super::super::plan::ClassKey;
use super::Token;

/// Where a contact is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContactState {
    /// The caller listens to the menu.
    InMenu,
    /// The caller waits in a queue.
    Queued,
    /// Agents are being rung: one, or several at once where the queue asks for it.
    Offered {
        /// The live offers and the agent each rings, in the order they were made.
        offers: Vec<(OfferId, AgentId)>,
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

    /// Gives the agent the contact is bound to, if any; agents who are only rung do not count.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::Connecting { agent, .. } | Self::Connected { agent } => Some(agent),
            Self::InMenu | Self::Queued | Self::Offered { .. } | Self::Ended { .. } => None,
        }
    }

    /// Gives the accepted offer by which the contact is being connected.
    pub fn connecting_offer(&self) -> Option<&OfferId> {
        if let Self::Connecting { offer, .. } = self { Some(offer) } else { None }
    }

    /// Gives the live offers.
    pub fn offers(&self) -> &[(OfferId, AgentId)] {
        match self {
            Self::Offered { offers } => offers,
            Self::InMenu
            | Self::Queued
            | Self::Connecting { .. }
            | Self::Connected { .. }
            | Self::Ended { .. } => &[],
        }
    }

    /// Says whether an agent serves the contact or is rung for it.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Offered { .. } | Self::Connecting { .. } | Self::Connected { .. })
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
        /// The caller asked to be called back; a callback keeps the place.
        CallbackBooked = "callback_booked",
        /// The callback was not needed any more: the caller rang in and took its place.
        Superseded = "superseded",
        /// The callback was tried as often as the queue allows, and nobody was reached.
        Unreached = "unreached",
        /// The time in which the caller may be called back had passed.
        WindowClosed = "window_closed",
        /// Caller, agent or supervisor took the callback or consultation back.
        Cancelled = "cancelled",
        /// The consultation became the conversation: caller and second agent were joined.
        Merged = "merged",
    }
);

/// A later step of a contact's way through wider and wider classes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ring {
    /// When it is taken at the latest.
    pub at: Timestamp,
    /// Whether it is taken as soon as nobody works who is eligible for the class before it.
    pub when_empty: bool,
    /// The class the contact waits in from then on.
    pub class: ClassKey,
}

/// What makes a contact a callback: when and how often the caller may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Callback {
    /// From when the caller may be called.
    pub opens_at: Timestamp,
    /// Until when the caller may be called.
    pub closes_at: Timestamp,
    /// How often the caller was called in vain.
    pub attempts: u32,
    /// Whether the caller was on the line: from then on this is a call like any other.
    pub reached: bool,
}

impl Contact {
    /// Says whether it is a callback whose caller has not been on the line yet: a call that is owed. It
    /// waits for its time, whether anybody works or not, and until its time is over.
    pub fn is_owed(&self) -> bool {
        self.callback.is_some_and(|callback| !callback.reached)
    }
}

/// A contact's place in line, kept through requeue, decline and transfer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// The wider classes still to come, in order.
    pub rings: Vec<Ring>,
}

/// A contact: a caller on the line, or one to be called back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contact {
    /// Where it is.
    pub state: ContactState,
    /// The channel it came through.
    pub channel: Channel,
    /// The gateway that holds the leg, or is to dial it.
    pub gateway: GatewayId,
    /// The gateway session that last reported the leg; none while there is no leg.
    pub token: Option<Token>,
    /// Whether the gateway's lease ended while the contact was live.
    pub orphaned: bool,
    /// The last event of the gateway that was applied to the contact.
    pub call_sequence: u64,
    /// When it started.
    pub started_at: Timestamp,
    /// Who calls, as a name to find the same caller again by; empty when unknown.
    pub caller: SmolStr,
    /// Where it goes when the menu does not end in time.
    pub fallback: Option<(QueueId, ClassKey)>,
    /// Its place in line, once it had one.
    pub place: Option<Place>,
    /// How often it went to another queue because one was full or too slow.
    pub hops: u32,
    /// The agents it is not offered to, each until a time.
    pub tried: BTreeMap<AgentId, Timestamp>,
    /// When the caller may be called, for a callback.
    pub callback: Option<Callback>,
    /// The conversation this contact is a consultation of.
    pub parent: Option<ContactId>,
    /// The consultation that is going on about this conversation.
    pub consult: Option<ContactId>,
    /// The stored position in the menu, opaque here; `flow:` and a flow that is to begin.
    pub menu: String,
    /// What services and desktops know of the caller; opaque here.
    pub details: SmolStr,
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
