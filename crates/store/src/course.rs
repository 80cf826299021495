//! The course of a recorder through one tenant's stream: what it does next, from what it heard.
//!
//! It does nothing itself, so that the recorder and the proof of the recorder take the same way.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use crate::outbox::{OutboxId, OutboxPosition, Trim};

/// What a recorder does next. Ranges and places count the entries of the last reading from zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read what the stream holds after an entry, and tell [`Course::read`].
    Read {
        /// Everything up to this entry is kept.
        after: OutboxId,
    },
    /// Find where the stream ends, and tell [`Course::ends`].
    FindEnd,
    /// Find up to where an epoch is kept, and tell [`Course::stands`].
    FindOffset {
        /// The epoch.
        epoch: u64,
    },
    /// Keep entries of one epoch, and tell [`Course::kept`] or [`Course::poisoned`].
    Keep {
        /// Which entries.
        entries: Range<usize>,
        /// The offset on which they build.
        expected: Option<OutboxId>,
    },
    /// Put an entry aside, and tell [`Course::kept`].
    Bury {
        /// Which entry.
        entry: usize,
        /// The offset on which it builds.
        expected: Option<OutboxId>,
        /// How often it was tried.
        attempts: u32,
    },
}

/// Where a recorder stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Course {
    /// The last entry passed in the stream; everything up to it is kept.
    cursor: OutboxId,
    /// The highest epoch met.
    epoch: u64,
    /// Up to where each epoch is kept, as last heard.
    offsets: BTreeMap<u64, Option<OutboxId>>,
    stage: Stage,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Stage {
    Reading,
    /// Nothing came: the stream may end before the cursor.
    LookingBack,
    Keeping(Batch),
}

/// What was read and is not passed yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Batch {
    entries: Vec<OutboxPosition>,
    /// How many are kept.
    done: usize,
    /// Up to where they are kept one by one, because one of them cannot be kept.
    singly_to: usize,
    /// How often the next one was tried by itself.
    attempts: u32,
    /// Whether the next one is given up.
    hopeless: bool,
}

impl Default for Course {
    /// Begins where the stream does. Trimming left that place and what is kept is skipped, so it is
    /// the right one after any restart of anything.
    fn default() -> Self {
        Self { cursor: OutboxId::START, epoch: 0, offsets: BTreeMap::new(), stage: Stage::Reading }
    }
}

impl Course {
    /// Says what to do next.
    pub fn next(&self) -> Step {
        match &self.stage {
            Stage::Reading => Step::Read { after: self.cursor },
            Stage::LookingBack => Step::FindEnd,
            Stage::Keeping(batch) => self.next_of(batch),
        }
    }

    /// Says what of the stream may go, `margin` behind what is kept; nothing while keeping.
    pub fn trim(&self, margin: Duration) -> Option<Trim> {
        let margin = u64::try_from(margin.as_millis()).unwrap_or(u64::MAX);
        let millis = self.cursor.millis.saturating_sub(margin);
        let upto = OutboxId::new(millis, self.cursor.sequence);
        let is_some = self.stage == Stage::Reading && millis > 0;
        is_some.then_some(Trim { upto, epoch: self.epoch })
    }

    /// Hears what the stream holds after the cursor, oldest first.
    ///
    /// At the first entry of a new epoch the stream is read anew from its beginning: it may have
    /// lost its end and grown again behind the cursor.
    pub fn read(&mut self, entries: Vec<OutboxPosition>) {
        let Some(newest) = entries.iter().map(|entry| entry.epoch).max() else {
            self.stage = Stage::LookingBack;
            return;
        };
        let is_new = newest > self.epoch;
        self.epoch = self.epoch.max(newest);
        if is_new && self.cursor != OutboxId::START {
            self.cursor = OutboxId::START;
            return;
        }
        self.stage =
            Stage::Keeping(Batch { entries, done: 0, singly_to: 0, attempts: 0, hopeless: false });
        self.skip_kept();
    }

    /// Hears where the stream ends. One that ends before the cursor is read anew, and so is one whose
    /// last entry is of a new epoch: it may stand at the very place of one that is lost.
    pub fn ends(&mut self, end: OutboxPosition) {
        self.stage = Stage::Reading;
        if end.id < self.cursor || end.epoch > self.epoch {
            self.cursor = OutboxId::START;
        }
    }

    /// Hears up to where an epoch is kept.
    pub fn stands(&mut self, epoch: u64, offset: Option<OutboxId>) {
        self.offsets.insert(epoch, offset);
        self.skip_kept();
    }

    /// Hears that the entries of the last step are kept, or put aside.
    pub fn kept(&mut self) {
        let last = match self.next() {
            Step::Keep { entries, .. } => entries.end.checked_sub(1),
            Step::Bury { entry, .. } => Some(entry),
            Step::Read { .. } | Step::FindEnd | Step::FindOffset { .. } => None,
        };
        let Stage::Keeping(batch) = &mut self.stage else { return };
        let Some(position) = last.and_then(|last| batch.entries.get(last)) else { return };
        self.offsets.insert(position.epoch, Some(position.id));
        (batch.attempts, batch.hopeless) = (0, false);
        self.skip_kept();
    }

    /// Hears that an entry of the last step can never be kept: it is found by keeping the others one
    /// by one, tried `attempts` times in all, and then put aside.
    pub fn poisoned(&mut self, attempts: u32) {
        let Step::Keep { entries, .. } = self.next() else { return };
        let Stage::Keeping(batch) = &mut self.stage else { return };
        if entries.len() > 1 {
            batch.singly_to = entries.end;
            return;
        }
        batch.attempts = batch.attempts.saturating_add(1);
        batch.hopeless = batch.attempts >= attempts;
    }

    /// Says whether an entry by itself is to be tried again.
    pub const fn is_trying_again(&self) -> bool {
        matches!(&self.stage, Stage::Keeping(batch) if batch.attempts > 0 && !batch.hopeless)
    }

    /// Hears that the last step failed, or that it is not known how it ended: the truth is with the
    /// store, and what is not passed is read again.
    pub fn interrupted(&mut self) {
        self.offsets.clear();
        self.stage = Stage::Reading;
    }

    fn next_of(&self, batch: &Batch) -> Step {
        let first = batch.done;
        let Some(epoch) = batch.entries.get(first).map(|entry| entry.epoch) else {
            return Step::Read { after: self.cursor };
        };
        let Some(expected) = self.offsets.get(&epoch).copied() else {
            return Step::FindOffset { epoch };
        };
        if batch.hopeless {
            return Step::Bury { entry: first, expected, attempts: batch.attempts };
        }
        let end = if first < batch.singly_to { first + 1 } else { batch.end_of_run(epoch) };
        Step::Keep { entries: first..end, expected }
    }

    /// Passes over what is kept of the batch, and passes the batch once all of it is.
    fn skip_kept(&mut self) {
        let Stage::Keeping(batch) = &mut self.stage else { return };
        while let Some(entry) = batch.entries.get(batch.done) {
            match self.offsets.get(&entry.epoch) {
                Some(offset) if Some(entry.id) <= *offset => batch.done += 1,
                _ => return,
            }
        }
        self.cursor = batch.entries.last().map_or(self.cursor, |last| last.id);
        self.stage = Stage::Reading;
    }
}

impl Batch {
    /// Gives where the entries of one epoch that follow each other end.
    fn end_of_run(&self, epoch: u64) -> usize {
        let rest = self.entries.iter().skip(self.done);
        self.done + rest.take_while(|entry| entry.epoch == epoch).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(epoch: u64, millis: u64) -> OutboxPosition {
        OutboxPosition { epoch, id: OutboxId::new(millis, 0) }
    }

    /// A recorder that has kept epoch 1 up to a place and stands there.
    fn standing_at(millis: u64) -> Course {
        let mut course = Course::default();
        course.read(vec![at(1, millis)]);
        course.stands(1, Some(OutboxId::new(millis, 0)));
        course
    }

    fn keep(entries: Range<usize>, expected: Option<u64>) -> Step {
        Step::Keep { entries, expected: expected.map(|millis| OutboxId::new(millis, 0)) }
    }

    fn after(millis: u64) -> Step {
        Step::Read { after: OutboxId::new(millis, 0) }
    }

    #[test]
    fn what_was_kept_before_is_skipped() {
        let mut course = Course::default();

        course.read(vec![at(1, 1), at(1, 2), at(1, 3)]);
        assert_eq!(course.next(), Step::FindOffset { epoch: 1 });
        course.stands(1, Some(OutboxId::new(2, 0)));

        assert_eq!(course.next(), keep(2..3, Some(2)));
        course.kept();
        assert_eq!(course.next(), after(3));
    }

    #[test]
    fn epochs_are_kept_apart() {
        let mut course = Course::default();

        course.read(vec![at(1, 1), at(1, 2), at(2, 3)]);
        course.stands(1, None);
        assert_eq!(course.next(), keep(0..2, None));
        course.kept();

        assert_eq!(course.next(), Step::FindOffset { epoch: 2 });
        course.stands(2, None);
        assert_eq!(course.next(), keep(2..3, None));
    }

    #[test]
    fn a_new_epoch_is_read_from_the_beginning_of_the_stream() {
        let mut course = standing_at(5);

        course.read(vec![at(2, 6)]);

        assert_eq!(course.next(), after(0));
        course.read(vec![at(1, 4), at(2, 5), at(2, 6)]);
        course.stands(2, None);
        assert_eq!(course.next(), keep(1..3, None));
    }

    #[test]
    fn a_stream_that_ends_elsewhere_than_it_did_is_read_from_its_beginning() {
        let mut course = standing_at(5);
        course.read(vec![]);
        assert_eq!(course.next(), Step::FindEnd);

        let (mut whole, mut grown) = (course.clone(), course.clone());
        whole.ends(at(1, 5));
        course.ends(at(1, 4));
        grown.ends(at(2, 5));

        assert_eq!((whole.next(), course.next(), grown.next()), (after(5), after(0), after(0)));
    }

    #[test]
    fn poison_is_found_one_by_one_and_put_aside_after_so_many_attempts() {
        let mut course = Course::default();
        course.read(vec![at(1, 1), at(1, 2), at(1, 3)]);
        course.stands(1, None);
        course.poisoned(2);
        assert_eq!(course.next(), keep(0..1, None));
        course.kept();

        course.poisoned(2);
        assert!(course.is_trying_again());
        course.poisoned(2);

        let expected = Some(OutboxId::new(1, 0));
        assert_eq!(course.next(), Step::Bury { entry: 1, expected, attempts: 2 });
        course.kept();
        assert_eq!(course.next(), keep(2..3, Some(2)));
        assert!(!course.is_trying_again());
    }

    #[test]
    fn after_an_interruption_the_store_is_asked_again() {
        let mut course = standing_at(5);
        course.read(vec![at(1, 6)]);

        course.interrupted();

        assert_eq!(course.next(), after(5));
        course.read(vec![at(1, 6)]);
        assert_eq!(course.next(), Step::FindOffset { epoch: 1 });
    }

    #[test]
    fn only_what_is_passed_and_old_enough_may_go() {
        let mut course = standing_at(500);
        let upto = OutboxId::new(400, 0);

        assert_eq!(course.trim(Duration::from_millis(100)), Some(Trim { upto, epoch: 1 }));
        assert_eq!(course.trim(Duration::from_millis(500)), None);
        course.read(vec![at(1, 600)]);
        assert_eq!(course.trim(Duration::ZERO), None);
    }
}
