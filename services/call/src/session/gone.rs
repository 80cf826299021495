//! Calls that were over before they started.

use std::collections::{BTreeMap, VecDeque};

use switchboard_domain::ids::ContactId;

/// How many are remembered: one that never starts at all would be kept for as long as the session.
const REMEMBERED: usize = 1_000;

/// Calls that the floor does not know and that are over, with the number of the last event of each; of
/// too many, those noted first are forgotten first.
#[derive(Debug, Default)]
pub(crate) struct Gone {
    numbers: BTreeMap<ContactId, u64>,
    /// Each call once for every time it was noted, in that order.
    noted: VecDeque<ContactId>,
}

impl Gone {
    /// Notes that a call is over.
    pub(crate) fn note(&mut self, call: &ContactId, number: u64) {
        self.numbers.insert(call.clone(), number);
        self.noted.push_back(call.clone());
        while self.noted.len() > REMEMBERED {
            if let Some(first) = self.noted.pop_front() {
                self.numbers.remove(&first);
            }
        }
    }

    /// Gives the number of the last event of a call.
    pub(crate) fn number(&self, call: &ContactId) -> Option<u64> {
        self.numbers.get(call).copied()
    }

    /// Forgets a call that started.
    pub(crate) fn forget(&mut self, call: &ContactId) {
        self.numbers.remove(call);
        self.noted.retain(|noted| noted != call);
    }
}

#[cfg(test)]
mod tests {
    use super::{Gone, REMEMBERED};
    use switchboard_domain::ids::ContactId;

    fn call(n: usize) -> ContactId {
        // Ids that are made later need not be greater.
        ContactId::parse(format!("c-{:06}", 900_000 - n)).unwrap()
    }

    #[test]
    fn of_too_many_those_noted_first_are_forgotten() {
        let mut gone = Gone::default();
        for n in 0..=REMEMBERED {
            gone.note(&call(n), 7);
        }

        assert_eq!(gone.number(&call(0)), None);
        assert_eq!(gone.number(&call(1)), Some(7));
        assert_eq!(gone.number(&call(REMEMBERED)), Some(7));
    }

    #[test]
    fn a_call_that_started_is_forgotten_and_takes_nobody_elses_place() {
        let mut gone = Gone::default();
        gone.note(&call(0), 1);
        gone.forget(&call(0));
        for n in 0..REMEMBERED {
            gone.note(&call(n), 2);
        }

        assert_eq!(gone.number(&call(0)), Some(2));
    }
}
