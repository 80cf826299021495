//! How long what happened is kept, and from when on it goes.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::floor::state::words;
use crate::flow::CivilDate;
use crate::time::Timestamp;

words!(
    /// Records that may be kept for a time, in the order in which they go.
    Kept {
        /// Events of contacts, agents and gateways. They go by whole months.
        Events = "events",
        /// Contacts, with what is left of their events.
        Interactions = "interactions",
        /// Tickets that are over, with everything that belongs to them.
        Tickets = "tickets",
        /// Customers who had nothing to do with the center.
        Customers = "customers",
        /// The lines of the audit trail that tell of lookups.
        Lookups = "lookups",
        /// Every line of the audit trail.
        Audit = "audit",
    }
);

impl Kept {
    /// Gives what goes after this.
    pub fn next(self) -> Option<Self> {
        Self::ALL.iter().copied().find(|other| *other > self)
    }
}

/// Before when records go; what is not named stays for ever.
pub type CutOffs = BTreeMap<Kept, Timestamp>;

/// How long records are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// When the run of a day begins, in minutes of the center's day.
    pub run_at: u16,
    /// How long each is kept; what is not named is kept for ever.
    pub keep: BTreeMap<Kept, Duration>,
}

impl RetentionPolicy {
    /// Gives before when records go now.
    pub fn cut_offs(&self, now: Timestamp) -> CutOffs {
        let cut_off = |(kept, span): (&Kept, &Duration)| {
            let before = now - *span;
            (*kept, if *kept == Kept::Events { month_begin(before) } else { before })
        };
        self.keep.iter().map(cut_off).collect()
    }
}

/// Gives when the month of a time began, in UTC: the bounds of what goes as a whole.
fn month_begin(at: Timestamp) -> Timestamp {
    const DAY: Duration = Duration::from_hours(24);
    let into_day = u64::try_from(at.as_millis().rem_euclid(86_400_000)).unwrap_or(0);
    let days = u32::from(CivilDate::at(at, 0).day() - 1);
    at - Duration::from_millis(into_day) - DAY * days
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22T19:30:00.250Z.
    const NOW: Timestamp = Timestamp::from_millis(1_795_375_800_250);
    const DAY: Duration = Duration::from_hours(24);

    fn policy(kept: Kept, days: u32) -> RetentionPolicy {
        RetentionPolicy { run_at: 0, keep: BTreeMap::from([(kept, DAY * days)]) }
    }

    #[test]
    fn what_is_not_named_stays_for_ever() {
        assert_eq!(RetentionPolicy::default().cut_offs(NOW), CutOffs::new());
    }

    #[test]
    fn records_go_to_the_millisecond_and_events_by_whole_months() {
        let tickets = policy(Kept::Tickets, 30).cut_offs(NOW);
        let events = policy(Kept::Events, 30).cut_offs(NOW);

        assert_eq!(tickets[&Kept::Tickets], NOW - DAY * 30);
        // 2026-10-01T00:00:00Z: of October, in which the time ends, nothing goes yet.
        assert_eq!(events[&Kept::Events], Timestamp::from_millis(1_790_812_800_000));
    }

    #[test]
    fn on_the_first_of_a_month_the_month_before_is_whole() {
        // 2026-12-01T00:00:00Z, of which 30 days are kept from 2026-11-01 on.
        let first = Timestamp::from_millis(1_796_083_200_000);

        let events = policy(Kept::Events, 30).cut_offs(first);

        assert_eq!(events[&Kept::Events], Timestamp::from_millis(1_793_491_200_000));
    }

    #[test]
    fn events_go_before_their_contacts_and_the_trail_goes_last() {
        let mut order = vec![Kept::Events];
        while let Some(next) = order.last().and_then(|kept| kept.next()) {
            order.push(next);
        }

        assert_eq!(order, Kept::ALL);
        assert_eq!(order.last(), Some(&Kept::Audit));
    }
}
