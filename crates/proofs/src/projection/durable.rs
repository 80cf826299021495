//! What is durable, and what one transaction of the projection does to it.

use std::collections::BTreeMap;

use switchboard_store::projection::adds;

use super::mutants::Mutant;
use super::world::{ENTITIES, Told};

/// The history.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Durable {
    pub(super) offsets: BTreeMap<u8, u8>,
    /// The events kept, in the order of their places.
    pub(super) kept: Vec<Told>,
    /// The events put aside.
    pub(super) dead: Vec<Told>,
    /// What each entity was folded from, in that order, as epoch and version.
    pub(super) folded: [Vec<(u64, u64)>; ENTITIES],
}

/// What a transaction came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// The offset stands elsewhere; nothing changed.
    Moved,
    /// An event cannot be kept; nothing changed.
    Poison,
}

impl Durable {
    pub(super) fn offset(&self, epoch: u8, mutant: Option<Mutant>) -> Option<u8> {
        self.offsets.get(&key(epoch, mutant)).copied()
    }

    pub(super) fn is_known(&self, told: Told) -> bool {
        self.kept.contains(&told) || self.dead.contains(&told)
    }

    /// Keeps entries of one epoch and moves the offset, or does nothing.
    pub(super) fn commit(
        &mut self,
        entries: &[Told],
        expected: Option<u8>,
        mutant: Option<Mutant>,
    ) -> Outcome {
        let Some(last) = entries.last() else { return Outcome::Done };
        if !self.may_move(*last, expected, mutant) {
            return Outcome::Moved;
        }
        if entries.iter().any(|told| told.poison) {
            return Outcome::Poison;
        }
        self.offsets.insert(key(last.epoch, mutant), last.place);
        for told in entries {
            self.keep(*told, mutant);
        }
        Outcome::Done
    }

    /// Puts an entry aside and moves the offset past it, or does nothing.
    pub(super) fn bury(
        &mut self,
        told: Told,
        expected: Option<u8>,
        mutant: Option<Mutant>,
    ) -> Outcome {
        if !self.may_move(told, expected, mutant) {
            return Outcome::Moved;
        }
        self.offsets.insert(key(told.epoch, mutant), told.place);
        if mutant != Some(Mutant::PoisonSkipped) && !self.dead.contains(&told) {
            self.dead.push(told);
            self.dead.sort_unstable();
        }
        Outcome::Done
    }

    /// Moves the offset and dies.
    pub(super) fn move_only(&mut self, entries: &[Told], expected: Option<u8>) {
        if let Some(last) = entries.last()
            && self.may_move(*last, expected, None)
        {
            self.offsets.insert(last.epoch, last.place);
        }
    }

    /// Keeps a dead event after all, and folds its entity anew from all that is kept of it.
    pub(super) fn replay(&mut self, told: Told, mutant: Option<Mutant>) {
        if mutant != Some(Mutant::ReplayLeavesTheGrave) {
            self.dead.retain(|dead| *dead != told);
        }
        self.kept.push(told);
        self.kept.sort_unstable();
        let Some(entity) = told.entity else { return };
        let folded = &mut self.folded[usize::from(entity)];
        if mutant == Some(Mutant::ReplayAtTheEnd) {
            folded.push(told.standing());
            return;
        }
        let of_entity = self.kept.iter().filter(|kept| kept.entity == told.entity);
        *folded = of_entity.map(|kept| kept.standing()).collect();
    }

    fn may_move(&self, to: Told, expected: Option<u8>, mutant: Option<Mutant>) -> bool {
        let is_blind = matches!(mutant, Some(Mutant::BlindOffset | Mutant::AtLeastOnce));
        is_blind || (expected < Some(to.place) && self.offset(to.epoch, mutant) == expected)
    }

    fn keep(&mut self, told: Told, mutant: Option<Mutant>) {
        if self.kept.contains(&told) && mutant != Some(Mutant::AtLeastOnce) {
            return;
        }
        self.kept.push(told);
        self.kept.sort_unstable();
        let Some(entity) = told.entity else { return };
        let folded = &mut self.folded[usize::from(entity)];
        let last = folded.last().copied().unwrap_or_default();
        if adds(told.standing(), last) || mutant == Some(Mutant::StaleFold) {
            folded.push(told.standing());
        }
    }
}

/// Gives under which key the offset of an epoch is kept.
fn key(epoch: u8, mutant: Option<Mutant>) -> u8 {
    if mutant == Some(Mutant::OneOffset) { 0 } else { epoch }
}
