//! How far the events of a gateway are accepted and recorded.

use std::collections::BTreeMap;

use switchboard_store::outbox::OutboxId;

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Running,
    /// In the live state; recorded once the history has reached the place in the outbox.
    Accepted(OutboxId),
    Recorded,
}

/// The account of one session's events.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    last_seen: u64,
    accepted_through: u64,
    recorded_through: u64,
    open: BTreeMap<u64, Progress>,
}

/// Says that events are missing before one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) expected: u64,
}

impl Ledger {
    /// Begins an event; one that skips numbers is refused. The first one may have any number.
    pub(crate) fn begin(&mut self, sequence: u64) -> Result<(), Gap> {
        if self.last_seen == 0 {
            self.accepted_through = sequence - 1;
            self.recorded_through = sequence - 1;
        } else if sequence > self.last_seen + 1 {
            return Err(Gap { expected: self.last_seen + 1 });
        }
        self.last_seen = self.last_seen.max(sequence);
        if sequence > self.recorded_through {
            self.open.entry(sequence).or_insert(Progress::Running);
        }
        Ok(())
    }

    /// Notes that an event is in the live state; `place` is the last entry it depends on.
    pub(crate) fn accept(&mut self, sequence: u64, place: Option<OutboxId>) {
        let progress = place.map_or(Progress::Recorded, Progress::Accepted);
        if let Some(entry) = self.open.get_mut(&sequence) {
            *entry = progress;
        }
        self.move_on();
    }

    /// Notes how far the history has got.
    pub(crate) fn record(&mut self, upto: OutboxId) {
        for progress in self.open.values_mut() {
            if matches!(progress, Progress::Accepted(place) if *place <= upto) {
                *progress = Progress::Recorded;
            }
        }
        self.move_on();
    }

    fn move_on(&mut self) {
        while let Some(progress) = self.open.get(&(self.recorded_through + 1)) {
            if *progress != Progress::Recorded {
                break;
            }
            self.recorded_through += 1;
            self.open.remove(&self.recorded_through);
        }
        self.accepted_through = self.accepted_through.max(self.recorded_through);
        while let Some(progress) = self.open.get(&(self.accepted_through + 1)) {
            if *progress == Progress::Running {
                break;
            }
            self.accepted_through += 1;
        }
    }

    /// Gives how far events are accepted, and how far recorded.
    pub(crate) fn standing(&self) -> (u64, u64) {
        (self.accepted_through, self.recorded_through)
    }

    /// Says whether an accepted event waits for the history.
    pub(crate) fn is_waiting(&self) -> bool {
        self.open.values().any(|progress| matches!(progress, Progress::Accepted(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_accepted_in_order_however_they_finish() {
        let mut ledger = Ledger::default();
        for sequence in 4..=6 {
            assert_eq!(ledger.begin(sequence), Ok(()));
        }

        ledger.accept(5, Some(OutboxId::new(2, 0)));
        assert_eq!(ledger.standing(), (3, 3));
        ledger.accept(4, Some(OutboxId::new(1, 0)));
        assert_eq!(ledger.standing(), (5, 3));
        ledger.record(OutboxId::new(1, 0));
        assert_eq!(ledger.standing(), (5, 4));
        ledger.accept(6, None);
        ledger.record(OutboxId::new(2, 0));

        assert_eq!(ledger.standing(), (6, 6));
        assert!(!ledger.is_waiting());
    }

    #[test]
    fn a_skipped_event_is_named() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.begin(1), Ok(()));

        assert_eq!(ledger.begin(3), Err(Gap { expected: 2 }));
    }

    #[test]
    fn a_resent_event_is_no_gap() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.begin(1), Ok(()));
        ledger.accept(1, None);

        assert_eq!(ledger.begin(1), Ok(()));
        assert_eq!(ledger.begin(2), Ok(()));
    }
}
