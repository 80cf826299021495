//! A state in a few words: every field takes the bits it needs, and only if the shape needs it.

use super::{GATEWAYS, Inventory, Left, Leg, Line, OLD, SAVED, Shape, World};

/// The most words of a packed state.
const WORDS: usize = 9;

impl World {
    /// Packs the state.
    pub(in crate::model) fn pack(&self, shape: &Shape) -> [u64; WORDS] {
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
    pub(in crate::model) fn unpack(words: &[u64], shape: &Shape) -> Self {
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
    pub(in crate::model) fn words(&self) -> usize {
        let mut bits = 24 * (1 + usize::from(self.crashes) + usize::from(self.split));
        World::default().fields(self, |_, width| bits += width);
        bits.div_ceil(64)
    }
}
