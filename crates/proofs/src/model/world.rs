//! The modelled world: the floor and its copies, and the ground truth outside it.
//!
//! Gateways hold the real legs and obey only their newest token; desktops hold a session and at
//! most one accept on its way; messages travel in bounded channels and may be late. A state packs
//! into a few words, so that a search can keep every one of them.

use super::floors::FloorId;
use super::names::{AGENTS, CONTACTS, GATEWAYS};

/// How many facts of a call may wait to be recorded.
pub(super) const FACTS: usize = 4;
/// How many orders for a call may be on their way.
pub(super) const ORDERS: usize = 2;
/// Gateways, then agents: whoever begins sessions.
pub(super) const ENTITIES: usize = GATEWAYS + AGENTS;
/// The most words of a packed state.
pub(super) const WORDS: usize = 9;

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
    /// Packs the state.
    pub(super) fn pack(&self, shape: &Shape) -> [u64; WORDS] {
        let mut words = [0; WORDS];
        let mut at = 0;
        let mut world = *self;
        let mut put = |value: u64, width: usize| {
            words[at / 64] |= value << (at % 64);
            if at % 64 + width > 64 {
                words[at / 64 + 1] |= value >> (64 - at % 64);
            }
            at += width;
        };
        for (memory, floor) in world.floors.iter().enumerate() {
            if shape.remembers(memory) {
                put(u64::from(*floor), 24);
            }
        }
        world.fields(shape, |field, width| put(u64::from(*field), width));
        words
    }

    /// Unpacks a state.
    pub(super) fn unpack(words: &[u64], shape: &Shape) -> Self {
        let mut at = 0;
        let mut take = |width: usize| {
            let mut value = words[at / 64] >> (at % 64);
            if at % 64 + width > 64 {
                value |= words[at / 64 + 1] << (64 - at % 64);
            }
            at += width;
            value & ((1 << width) - 1)
        };
        let mut world = Self::default();
        for memory in 0..3 {
            if shape.remembers(memory) {
                world.floors[memory] = u32::try_from(take(24)).unwrap_or(0);
            }
        }
        world.fields(shape, |field, width| *field = u8::try_from(take(width)).unwrap_or(0));
        world
    }

    /// Says whether anything happened that a gateway may keep silent about.
    pub(super) fn began(&self) -> bool {
        self.begun[SERVING][..GATEWAYS].iter().any(|count| *count > 1)
    }

    /// Visits every small field that the shape needs, with its width in bits.
    fn fields(&mut self, shape: &Shape, mut visit: impl FnMut(&mut u8, usize)) {
        for memory in 0..=usize::from(shape.crashes) {
            let begun = &mut self.begun[memory];
            begun[..shape.gateways].iter_mut().for_each(|count| visit(count, 3));
            begun[GATEWAYS..][..shape.agents].iter_mut().for_each(|count| visit(count, 3));
        }
        for gateway in &mut self.gateways[..shape.gateways] {
            visit(&mut gateway.token, 8);
            visit(&mut gateway.welcome, 8);
            gateway.inventory.fields(shape, &mut visit);
            if shape.late {
                gateway.late.fields(shape, &mut visit);
            }
        }
        for leg in &mut self.legs[..shape.contacts] {
            leg.fields(shape, &mut visit);
        }
        for desk in &mut self.desks[..shape.agents] {
            visit(&mut desk.token, 8);
            visit(&mut desk.offer, 5);
            visit(&mut desk.session, 8);
        }
        self.left.fields(&mut visit);
    }
}

impl Inventory {
    fn fields(&mut self, shape: &Shape, visit: &mut impl FnMut(&mut u8, usize)) {
        visit(&mut self.token, 8);
        self.legs[..shape.contacts].iter_mut().for_each(|leg| visit(leg, 3));
        self.told[..shape.contacts].iter_mut().for_each(|told| visit(told, 3));
        visit(&mut self.next, 2);
    }
}

impl Leg {
    fn fields(&mut self, shape: &Shape, visit: &mut impl FnMut(&mut u8, usize)) {
        let mut line = self.line as u8;
        visit(&mut line, 2);
        self.line = match line {
            0 => Line::Unborn,
            1 => Line::Up,
            _ => Line::Gone,
        };
        visit(&mut self.agent, 2);
        visit(&mut self.offer, 5);
        self.facts.iter_mut().for_each(|fact| visit(fact, 8));
        for memory in 0..3 {
            if shape.remembers(memory) {
                visit(&mut self.taken[memory], 3);
            }
        }
        for order in &mut self.orders {
            visit(&mut order.offer, 5);
            visit(&mut order.agent, 2);
            visit(&mut order.token, 8);
        }
    }
}

impl Left {
    fn fields(&mut self, visit: &mut impl FnMut(&mut u8, usize)) {
        let Self {
            crashes,
            gateway_leases,
            gateway_crashes,
            agent_leases,
            replacements,
            leg_drops,
            transfers,
            long_waits,
            breaks,
            failures,
            supervisions,
        } = self;
        for field in [
            crashes,
            gateway_leases,
            gateway_crashes,
            agent_leases,
            replacements,
            leg_drops,
            transfers,
            long_waits,
            breaks,
            failures,
            supervisions,
        ] {
            visit(field, 2);
        }
    }
}

impl Shape {
    fn remembers(&self, memory: usize) -> bool {
        match memory {
            SAVED => self.crashes,
            OLD => self.split,
            _ => true,
        }
    }

    /// Gives how many words a packed state of this shape takes.
    pub(super) fn words(&self) -> usize {
        let mut bits = 24 * (1 + usize::from(self.crashes) + usize::from(self.split));
        World::default().fields(self, |_, width| bits += width);
        bits.div_ceil(64)
    }
}
