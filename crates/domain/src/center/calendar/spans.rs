//! Time that passes only while a calendar is open.

use std::time::Duration;

use jiff::ToSpan as _;

use super::{Calendar, OPENING_DAYS, Opening};
use crate::time::Timestamp;

impl Calendar {
    /// Gives the point in time by which the calendar was open for so long since another; nothing when
    /// that is more than 400 days away.
    pub fn after_open_time(&self, since: Timestamp, span: Duration) -> Option<Timestamp> {
        let mut left = span;
        for Opening { from, to } in self.openings_after(since, OPENING_DAYS) {
            let open = to.since(from);
            if left <= open {
                return Some(from + left);
            }
            left -= open;
        }
        None
    }

    /// Gives how long the calendar was open between two points in time.
    pub fn open_time_between(&self, since: Timestamp, until: Timestamp) -> Duration {
        let days = until.since(since).as_secs() / (24 * 60 * 60);
        // A day more at each end, for hours over midnight and days of 23 hours.
        let days = i32::try_from(days).unwrap_or(i32::MAX).saturating_add(3);
        let openings = self.openings_after(since, days);
        openings.map(|Opening { from, to }| to.min(until).since(from)).sum()
    }

    /// Gives the openings after a point in time, cut at it and at each other.
    fn openings_after(&self, since: Timestamp, days: i32) -> impl Iterator<Item = Opening> {
        // Hours that began yesterday may still go on.
        let yesterday = self.zone.date_at(since).saturating_sub(1.day());
        let mut counted = since;
        self.openings(yesterday, days).filter_map(move |Opening { from, to }| {
            let cut = Opening { from: from.max(counted), to };
            counted = counted.max(to);
            (cut.from < cut.to).then_some(cut)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{at, hours, office, only};
    use super::*;
    use crate::center::Weekday;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn time_stands_still_over_night_and_over_the_weekend() {
        let calendar = office("Asia/Shanghai");
        let friday = at("2026-11-27T16:30:00+08:00");

        let due = calendar.after_open_time(friday, 2 * HOUR);

        assert_eq!(due, Some(at("2026-11-30T10:00:00+08:00")));
        let monday = at("2026-11-30T10:00:00+08:00");
        assert_eq!(calendar.open_time_between(friday, monday), 2 * HOUR);
    }

    #[test]
    fn hours_that_overlap_count_once() {
        let mut calendar = only("Europe/Berlin", &[Weekday::Mon], "08:00-24:00");
        calendar.week.insert(Weekday::Tue, vec![hours("00:00-02:00"), hours("01:00-03:00")]);

        let since = at("2026-11-23T23:00:00+01:00");

        assert_eq!(calendar.open_time_between(since, at("2026-11-24T12:00:00+01:00")), 4 * HOUR);
    }

    #[test]
    fn a_calendar_that_never_opens_lets_no_time_pass() {
        let calendar = only("Europe/Berlin", &[], "00:00-24:00");
        let now = at("2026-11-23T12:00:00+01:00");

        assert_eq!(calendar.after_open_time(now, HOUR), None);
        assert_eq!(calendar.open_time_between(now, now + 1_000 * HOUR), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn the_open_time_until_a_point_is_the_span_that_led_to_it(
            start in 0_i64..40_000_000_000,
            seconds in 1_u64..2_000_000,
        ) {
            let calendar = office("Asia/Shanghai");
            let since = Timestamp::from_millis(1_790_000_000_000 + start);
            let span = Duration::from_secs(seconds);

            let due = calendar.after_open_time(since, span).expect("the office opens again");

            prop_assert_eq!(calendar.open_time_between(since, due), span);
        }
    }
}
