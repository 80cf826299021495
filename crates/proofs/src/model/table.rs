//! A set of packed states, kept whole and in order of arrival.

/// States of a fixed number of words, found by hash and compared in full.
pub(super) struct Table {
    words: usize,
    states: Vec<u64>,
    /// For each slot the upper half of the hash, and the number of the state from 1.
    slots: Vec<u64>,
    count: usize,
}

impl Table {
    pub(super) fn new(words: usize) -> Self {
        Self { words, states: Vec::new(), slots: vec![0; 1 << 16], count: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.count
    }

    /// Gives the state of a number.
    pub(super) fn get(&self, number: usize) -> &[u64] {
        &self.states[number * self.words..][..self.words]
    }

    /// Says whether a state is in the set.
    pub(super) fn contains(&self, state: &[u64]) -> bool {
        self.slots[self.slot(&state[..self.words])] != 0
    }

    /// Adds a state; says whether it is new.
    pub(super) fn insert(&mut self, state: &[u64]) -> bool {
        let state = &state[..self.words];
        let slot = self.slot(state);
        if self.slots[slot] != 0 {
            return false;
        }
        self.states.extend_from_slice(state);
        self.count += 1;
        self.slots[slot] = (hash(state) & !0xffff_ffff) | self.count as u64;
        if self.count * 3 > self.slots.len() * 2 {
            self.grow();
        }
        true
    }

    /// Finds the slot of a state, or the free one where it belongs.
    fn slot(&self, state: &[u64]) -> usize {
        let hash = hash(state);
        let mask = self.slots.len() - 1;
        let mut slot = spread(hash) & mask;
        loop {
            let entry = self.slots[slot];
            if entry == 0 {
                return slot;
            }
            if (entry ^ hash) >> 32 == 0 {
                let number = number_in(entry) - 1;
                if self.get(number) == state {
                    return slot;
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let mut slots = vec![0; self.slots.len() * 2];
        let mask = slots.len() - 1;
        for number in 0..self.count {
            let hash = hash(self.get(number));
            let mut slot = spread(hash) & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (hash & !0xffff_ffff) | (number as u64 + 1);
        }
        self.slots = slots;
    }
}

fn hash(state: &[u64]) -> u64 {
    let mut mixed: u64 = 0x9e37_79b9_7f4a_7c15;
    for word in state {
        mixed = (mixed ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^= mixed >> 32;
    }
    mixed.wrapping_mul(0xc4ce_b9fe_1a85_ec53)
}

/// The lower half places a state, the upper half names it.
#[expect(clippy::cast_possible_truncation, reason = "only the low bits place a state")]
fn spread(hash: u64) -> usize {
    (hash ^ (hash >> 29)) as usize
}

fn number_in(entry: u64) -> usize {
    (entry & 0xffff_ffff) as usize
}
