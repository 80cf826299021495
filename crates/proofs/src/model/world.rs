//! The modelled world: the floor and its copies, and the ground truth outside it.
//!
//! Gateways hold the real legs and obey only their newest token; desktops hold a session and at
//! most one accept on its way; messages travel in bounded channels and may be late. A state packs
//! into a few words, so that a search can keep every one of them.

mod packing;

use super::floors::FloorId;
use super::names::{AGENTS, CONTACTS, GATEWAYS};

/// How many facts of a call may wait to be recorded.
pub(super) const FACTS: usize = 4;
/// How many orders for a call may be on their way.
pub(super) const ORDERS: usize = 2;
/// Gateways, then agents: whoever begins sessions.
pub(super) const ENTITIES: usize = GATEWAYS + AGENTS;

/// Which memory of the floor is meant.
pub(super) const SERVING: usize = 0;
/// What the disk would give back after a crash.
pub(super) const SAVED: usize = 1;
/// An old primary that still serves whoever is connected to it.
pub(super) const OLD: usize = 2;

/// What a gateway or an agent may still do to the floor by mishap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Left {
    pub(super) crashes: u8,
    pub(super) gateway_leases: u8,
    pub(super) gateway_crashes: u8,
    pub(super) agent_leases: u8,
    pub(super) replacements: u8,
    pub(super) leg_drops: u8,
    pub(super) transfers: u8,
    pub(super) long_waits: u8,
    pub(super) breaks: u8,
    pub(super) failures: u8,
    pub(super) supervisions: u8,
}

/// A picture of its legs that a gateway sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Inventory {
    /// The session it was taken in; zero for no picture.
    pub(super) token: u8,
    /// For each contact: absent, up, or bridged to an agent counted from 2.
    pub(super) legs: [u8; CONTACTS],
    /// For each contact, how many of the facts that are kept were told before.
    pub(super) told: [u8; CONTACTS],
    /// How far it has been taken in.
    pub(super) next: u8,
}

/// A gateway: the newest session it knows, and what is on its way from and to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Gateway {
    pub(super) token: u8,
    /// A welcome on its way.
    pub(super) welcome: u8,
    pub(super) inventory: Inventory,
    /// An older picture that is late.
    pub(super) late: Inventory,
}

/// Whether the caller is on the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Line {
    /// Not yet.
    #[default]
    Unborn,
    Up,
    Gone,
}

/// An order to connect, on its way to a gateway; no offer for no order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Order {
    pub(super) offer: u8,
    pub(super) agent: u8,
    pub(super) token: u8,
}

/// What a gateway tells of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Started,
    Routed,
    Bridged(u8),
    Failed(u8),
    AgentGone,
    HungUp,
}

impl Fact {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Started => 1 << 5,
            Self::Routed => 2 << 5,
            Self::Bridged(offer) => (3 << 5) | offer,
            Self::Failed(offer) => (4 << 5) | offer,
            Self::AgentGone => 5 << 5,
            Self::HungUp => 6 << 5,
        }
    }

    pub(super) fn of(code: u8) -> Option<Self> {
        let offer = code & 31;
        Some(match code >> 5 {
            1 => Self::Started,
            2 => Self::Routed,
            3 => Self::Bridged(offer),
            4 => Self::Failed(offer),
            5 => Self::AgentGone,
            6 => Self::HungUp,
            _ => return None,
        })
    }
}

/// A caller's leg at its gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Leg {
    pub(super) line: Line,
    /// The agent it is or was last bridged to, counted from 1.
    pub(super) agent: u8,
    /// The offer whose order was carried out last.
    pub(super) offer: u8,
    /// What was told of it and may have to be told again, oldest first.
    pub(super) facts: [u8; FACTS],
    /// How many of the facts each memory of the floor has taken.
    pub(super) taken: [u8; 3],
    pub(super) orders: [Order; ORDERS],
}

impl Leg {
    pub(super) fn told(&self) -> usize {
        self.facts.iter().filter(|code| **code != 0).count()
    }

    /// Gives the next fact a memory has not taken.
    pub(super) fn pending(&self, memory: usize) -> Option<Fact> {
        self.facts.get(usize::from(self.taken[memory])).copied().and_then(Fact::of)
    }

    /// Adds a fact; false when there is no room.
    pub(super) fn tell(&mut self, fact: Fact) -> bool {
        let told = self.told();
        if told == FACTS {
            return false;
        }
        self.facts[told] = fact.code();
        true
    }
}

/// An agent's desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Desk {
    pub(super) token: u8,
    /// The offer of an accept on its way, and the session that sent it.
    pub(super) offer: u8,
    pub(super) session: u8,
}

/// One state of the world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct World {
    /// The serving floor, the one on disk and the one of an old primary; zero for none.
    pub(super) floors: [FloorId; 3],
    /// How many sessions each gateway and agent has begun, in the serving memory and on disk.
    pub(super) begun: [[u8; ENTITIES]; 2],
    pub(super) gateways: [Gateway; GATEWAYS],
    pub(super) legs: [Leg; CONTACTS],
    pub(super) desks: [Desk; AGENTS],
    pub(super) left: Left,
}

/// How many of each a configuration has, and which parts of a state it needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) contacts: usize,
    pub(super) agents: usize,
    pub(super) gateways: usize,
    pub(super) crashes: bool,
    pub(super) split: bool,
    pub(super) late: bool,
}

impl World {
    /// Says whether anything happened that a gateway may keep silent about.
    pub(super) fn began(&self) -> bool {
        self.begun[SERVING][..GATEWAYS].iter().any(|count| *count > 1)
    }
}
