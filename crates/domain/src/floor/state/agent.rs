//! An agent: what he wants, whom he is rung for, and the work he has.

use std::collections::BTreeMap;
use std::fmt;

use crate::channel::Channel;
use crate::ids::{ContactId, OfferId};
use crate::time::Timestamp;

use super::super::plan::{MissCause, ProfileKey};
use super::Token;

/// What an agent is doing, seen as one thing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// Bound to a contact: connecting or talking. With several, the one whose id sorts first.
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

/// An offer that rings an agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ringing {
    /// The offer.
    pub offer: OfferId,
    /// The contact that rings.
    pub contact: ContactId,
}

/// What an agent does with one contact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Connecting or talking.
    Talking,
    /// After-call work.
    WrapUp {
        /// When it ends by itself; none when the agent must end it.
        until: Option<Timestamp>,
        /// By how much the agent has put its end off, in ms.
        extension: u64,
        /// Whether the agent has said that he is done, where he must wait for the end all the same.
        done: bool,
    },
}

/// One contact in an agent's hands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// The channel, whose slot it takes.
    pub channel: Channel,
    /// When he accepted.
    pub since: Timestamp,
    /// What he does with it.
    pub phase: Phase,
}

/// Where an agent stands among others who could serve the same contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seat {
    /// His share where agents are drawn by weight, from 1.
    pub weight: u32,
    /// His place where agents are rung in a fixed order, lower first.
    pub order: u32,
}

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Agent {
    /// His desktop's session; none when no desktop is connected.
    pub session: Option<Token>,
    /// What he wants to be at rest.
    pub want: Want,
    /// Why he is not ready, such as `lunch` or `no_answer`; empty otherwise.
    pub reason: String,
    /// What he can serve.
    pub profile: ProfileKey,
    /// Where he stands among others.
    pub seat: Seat,
    /// Whether his desktop was lost while he was bound to a contact.
    pub detached: bool,
    /// Whom he is rung for.
    pub offer: Option<Ringing>,
    /// The contacts in his hands.
    pub work: BTreeMap<ContactId, Assignment>,
    /// Whether he asked for after-call work where it is optional.
    pub wants_wrap_up: bool,
    /// Since when he is idle; kept while an offer that is no fault of his comes and goes.
    pub idle_since: Timestamp,
    /// The number of his last offer within the tenant; zero before the first.
    pub last_offered: u64,
    /// How many contacts he accepted since he signed in.
    pub handled: u32,
    /// How long he talked since he signed in, in ms.
    pub talk_time: u64,
    /// His draw where agents are drawn by weight; the lowest wins.
    pub draw: u32,
    /// How many offers he missed in a row, by cause.
    pub misses: BTreeMap<MissCause, u32>,
    /// Until when his desktop's heartbeat holds.
    pub lease_until: Option<Timestamp>,
    /// How often he changed.
    pub version: u64,
}

impl Agent {
    /// Gives what he is doing, seen as one thing.
    pub fn state(&self) -> AgentState {
        if let Some(Ringing { offer, contact }) = self.offer.clone() {
            return AgentState::Offered { offer, contact };
        }
        let talking = self.work.iter().find(|(_, work)| work.phase == Phase::Talking);
        if let Some((contact, _)) = talking {
            return AgentState::Busy { contact: contact.clone() };
        }
        if let Some(contact) = self.work.keys().next() {
            return AgentState::WrapUp { contact: contact.clone() };
        }
        match (self.session, self.want) {
            (None, _) => AgentState::Offline,
            (Some(_), Want::Ready) => AgentState::Ready,
            (Some(_), Want::NotReady | Want::SignedOut) => AgentState::NotReady,
        }
    }

    /// Says whether he is at rest: nobody rings, nothing in his hands.
    pub fn is_idle(&self) -> bool {
        self.offer.is_none() && self.work.is_empty()
    }

    /// Says whether he takes contacts, now or as soon as he is free.
    pub fn is_working(&self) -> bool {
        self.session.is_some() && self.want == Want::Ready
    }

    /// Says whether he talks to a contact.
    pub fn talks_to(&self, contact: &ContactId) -> bool {
        self.work.get(contact).is_some_and(|work| work.phase == Phase::Talking)
    }

    /// Gives when his next after-call work ends by itself.
    pub fn wrap_up_until(&self) -> Option<Timestamp> {
        let ends = self.work.values().filter_map(|work| match work.phase {
            Phase::WrapUp { until, .. } => until,
            Phase::Talking => None,
        });
        ends.min()
    }

    /// Gives the deadline that must be armed for him.
    pub fn deadline(&self) -> Option<Timestamp> {
        match (self.lease_until, self.wrap_up_until()) {
            (Some(lease), Some(wrap_up)) => Some(lease.min(wrap_up)),
            (lease, wrap_up) => lease.or(wrap_up),
        }
    }
}
