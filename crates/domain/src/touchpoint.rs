//! The care calendar: days on which a customer is to hear of the center, counted from an anchor such as
//! a purchase.
//!
//! All is computed from the anchor alone, so that it comes out the same whenever and however often it
//! is computed.

mod figures;
mod rhythm;

pub use figures::{Outcome, TouchpointFigures};
pub use rhythm::{Rhythm, YearDay, YearDayError};

use std::collections::BTreeSet;
use std::fmt;

use thiserror::Error;

use crate::center::Zone;
use crate::customer::Tier;
use crate::floor::state::words;
use crate::flow::CivilDate;
use crate::ids::{
    CustomerId, FollowUpId, PurposeId, QueueId, SurveyId, TicketId, TicketKindId, TouchpointId,
};
use crate::ticket::TicketPriority;
use crate::time::Timestamp;

/// How far ahead days are planned, in months: five years.
pub const HORIZON: u16 = 60;
/// The widest window, in days before and after a day.
pub const MOST_WINDOW: u16 = 90;

/// Gives the last day that is taken as an anchor today: an anchor further ahead is a slip of the pen.
pub fn latest_anchor(today: CivilDate) -> CivilDate {
    today.months_later(HORIZON)
}

/// What happens on which days after an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchpointPlan {
    /// The plan's name.
    pub id: String,
    /// From what it counts, such as `purchase`.
    pub anchor: String,
    /// The tiers of customers it is about; empty for all. It is judged when a day comes.
    pub tiers: BTreeSet<Tier>,
    /// The segments of customers it is about: those in one of them; empty for all. It is judged when a day
    /// comes.
    pub segments: BTreeSet<String>,
    /// On which days.
    pub rhythm: Rhythm,
    /// How many days before and after the day will do.
    pub window: u16,
    /// What is done.
    pub errand: Errand,
    /// What it is for: who does not agree to that is left alone. None where nobody can object.
    pub purpose: Option<PurposeId>,
}

/// What is done on a day of the care calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// The customer is called.
    Call {
        /// The queue whose agents call, by its rules of callbacks.
        queue: QueueId,
        /// What the customer is asked.
        survey: Option<SurveyId>,
    },
    /// A ticket is made.
    Ticket {
        /// What kind of ticket.
        kind: TicketKindId,
        /// What it is about.
        subject: String,
        /// How urgent it is.
        priority: TicketPriority,
        /// Who is responsible.
        department: Option<String>,
    },
}

words!(
    /// Where a touchpoint stands.
    TouchpointState {
        /// It waits for its day.
        Planned = "planned",
        /// Its call or its ticket was made.
        Fired = "fired",
        /// Somebody did it in another way.
        Done = "done",
        /// The center does without it.
        Skipped = "skipped",
        /// Its window passed before anything could be done.
        Lapsed = "lapsed",
    }
);

/// One day for one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touchpoint {
    /// The record's name.
    pub id: TouchpointId,
    /// Whose day it is.
    pub customer: CustomerId,
    /// The plan it is of.
    pub plan: String,
    /// From which day it counts.
    pub anchor_on: CivilDate,
    /// In how many calendar months after that of the anchor it is.
    pub month: u16,
    /// The day.
    pub day: CivilDate,
    /// From when it may be done.
    pub opens_at: Timestamp,
    /// Until when it may be done.
    pub closes_at: Timestamp,
    /// Where it stands.
    pub state: TouchpointState,
    /// Why it was skipped, in a word.
    pub reason: Option<String>,
    /// The call it became.
    pub follow_up: Option<FollowUpId>,
    /// The ticket it became.
    pub ticket: Option<TicketId>,
    /// Grows by one per change; the etag.
    pub version: u64,
}

/// Says that something can be done only with a touchpoint that is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a touchpoint that is {state} is settled")]
pub struct TouchpointSettled {
    /// Where it stands.
    pub state: TouchpointState,
}

impl Touchpoint {
    /// Gives the touchpoint in its last state, unless it is in one already.
    pub fn settle(
        &self,
        state: TouchpointState,
        reason: Option<String>,
    ) -> Result<Self, TouchpointSettled> {
        if self.state != TouchpointState::Planned {
            return Err(TouchpointSettled { state: self.state });
        }
        Ok(Self { state, reason, version: self.version + 1, ..self.clone() })
    }

    /// Gives the day that takes its place at the end of the horizon, for a plan that goes on; none for a
    /// day that is not of the plan's rhythm, because the rhythm was another one once.
    pub fn successor(&self, plan: &TouchpointPlan, zone: &Zone) -> Option<PlannedDay> {
        let month = plan.rhythm.successor(self.anchor_on, self.month)?;
        Some(plan.day_of(self.anchor_on, month, zone))
    }
}

/// A day that a plan counts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedDay {
    /// In how many calendar months after that of the anchor it is.
    pub month: u16,
    /// The day.
    pub day: CivilDate,
    /// From when it may be done.
    pub opens_at: Timestamp,
    /// Until when it may be done.
    pub closes_at: Timestamp,
}

impl TouchpointPlan {
    /// Counts the days from an anchor that are not over yet, up to five years after it; those of a rhythm
    /// that goes on up to five years after today, or after the anchor if that is still to come, counted in
    /// calendar months.
    pub fn days(&self, anchor: CivilDate, zone: &Zone, now: Timestamp) -> Vec<PlannedDay> {
        let months = self.rhythm.months(anchor, zone.day_at(now));
        let days = months.map(|month| self.day_of(anchor, month, zone));
        days.filter(|day| day.closes_at > now).take(self.rhythm.most()).collect()
    }

    fn day_of(&self, anchor: CivilDate, month: u16, zone: &Zone) -> PlannedDay {
        let day = self.rhythm.day(anchor, month);
        let midnight = |days: i64| {
            let day = day.days_later(days);
            zone.moment(day, 0).unwrap_or_else(|| Timestamp::from_millis(i64::MAX))
        };
        let window = i64::from(self.window);
        PlannedDay { month, day, opens_at: midnight(-window), closes_at: midnight(window + 1) }
    }

    /// Says whether the plan is about a customer of this tier.
    pub fn is_about(&self, tier: Tier) -> bool {
        self.tiers.is_empty() || self.tiers.contains(&tier)
    }

    /// Says whether the plan is about a customer in these segments.
    pub fn is_about_one_in(&self, segments: &[String]) -> bool {
        self.segments.is_empty() || segments.iter().any(|name| self.segments.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400_000;

    fn plan(rhythm: Rhythm, window: u16) -> TouchpointPlan {
        TouchpointPlan {
            purpose: None,
            id: "care".to_owned(),
            anchor: "purchase".to_owned(),
            tiers: BTreeSet::new(),
            segments: BTreeSet::new(),
            rhythm,
            window,
            errand: Errand::Call { queue: QueueId::parse("care").expect("an id"), survey: None },
        }
    }

    fn day(text: &str) -> CivilDate {
        text.parse().expect("a day")
    }

    fn zone() -> Zone {
        Zone::parse("Asia/Shanghai").expect("a zone")
    }

    fn at(text: &str) -> Timestamp {
        zone().moment(day(text), 0).expect("a moment")
    }

    fn days(plan: &TouchpointPlan, anchor: &str, now: &str) -> Vec<String> {
        let found = plan.days(day(anchor), &zone(), at(now));
        found.iter().map(|it| it.day.to_string()).collect()
    }

    #[test]
    fn months_count_from_the_anchor_and_not_from_each_other() {
        let months = plan(Rhythm::Months([1, 3, 11, 23, 35].into()), 0);

        let all = ["2026-02-28", "2026-04-30", "2026-12-31", "2027-12-31", "2028-12-31"];
        assert_eq!(days(&months, "2026-01-31", "2026-01-31"), all);
        assert_eq!(days(&months, "2026-01-31", "2027-12-31"), all[3..], "what is over is over");
    }

    #[test]
    fn an_anniversary_of_a_leap_day_is_the_last_of_february() {
        let yearly = plan(Rhythm::Every(12), 0);

        assert_eq!(
            days(&yearly, "2024-02-29", "2024-02-29"),
            ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]
        );
        assert_eq!(days(&yearly, "1980-02-29", "2026-11-22")[0], "2027-02-28");
        assert_eq!(
            days(&yearly, "1980-02-29", "2027-02-28")[0],
            "2027-02-28",
            "today still counts"
        );
    }

    #[test]
    fn a_rhythm_goes_on_for_five_years_from_today() {
        let half_yearly = plan(Rhythm::Every(6), 0);

        let found = days(&half_yearly, "2020-08-31", "2026-11-23");

        assert_eq!(found.len(), 10);
        assert_eq!((found[0].as_str(), found[9].as_str()), ("2027-02-28", "2031-08-31"));
    }

    #[test]
    fn a_day_of_the_year_comes_from_the_month_after_the_anchor_on() {
        let of = |day: &str| plan(Rhythm::EachYear(day.parse().expect("a day")), 0);

        let campaign = days(&of("03-15"), "2026-11-23", "2026-11-23");
        assert_eq!((campaign.len(), campaign[0].as_str()), (5, "2027-03-15"));
        assert_eq!(days(&of("11-30"), "2026-11-23", "2026-11-23")[0], "2027-11-30");
        let leap = days(&of("02-29"), "2026-11-23", "2026-11-23");
        assert_eq!(leap[..2], ["2027-02-28", "2028-02-29"]);
    }

    #[test]
    fn a_window_that_is_still_open_counts_however_short_the_rhythm() {
        let monthly = plan(Rhythm::Every(1), 90);

        let found = days(&monthly, "2020-01-15", "2026-11-23");

        assert_eq!((found.len(), found[0].as_str()), (60, "2026-09-15"));
    }

    #[test]
    fn a_window_lies_around_the_whole_day() {
        let found =
            plan(Rhythm::Months([3].into()), 7).days(day("2026-11-30"), &zone(), at("2026-11-30"));

        assert_eq!(found[0].day, day("2027-02-28"));
        assert_eq!((found[0].opens_at, found[0].closes_at), (at("2027-02-21"), at("2027-03-08")));
    }

    #[test]
    fn an_anniversary_is_followed_by_the_one_at_the_end_of_the_horizon() {
        let yearly = plan(Rhythm::Every(12), 0);
        let first = yearly.days(day("2024-02-29"), &zone(), at("2024-02-29"))[0];
        let touchpoint = Touchpoint {
            id: TouchpointId::parse("t-1").expect("an id"),
            customer: CustomerId::parse("li").expect("an id"),
            plan: "care".to_owned(),
            anchor_on: day("2024-02-29"),
            month: first.month,
            day: first.day,
            opens_at: first.opens_at,
            closes_at: first.closes_at,
            state: TouchpointState::Planned,
            reason: None,
            follow_up: None,
            ticket: None,
            version: 1,
        };

        let next = touchpoint.successor(&yearly, &zone()).expect("another");
        assert_eq!(next.day, day("2030-02-28"));
        let of_months = Touchpoint { month: 35, ..touchpoint.clone() };
        assert_eq!(of_months.successor(&yearly, &zone()), None, "its plan was of months before");
        let done = touchpoint.settle(TouchpointState::Done, None).expect("it was planned");
        assert!(done.settle(TouchpointState::Skipped, None).is_err());
    }

    proptest! {
        #[test]
        fn a_plan_never_reaches_beyond_five_years_and_never_repeats_a_day(
            anchor in 0_i64..25_000,
            later in -1_826_i64..5_000,
            window in 0..=MOST_WINDOW,
        ) {
            let anchor = CivilDate::new(1970, 1, 1).expect("a day").days_later(anchor);
            let start = zone().moment(anchor, 0).expect("a moment");
            let now = Timestamp::from_millis(start.as_millis() + later * DAY);
            let campaign = Rhythm::EachYear("03-15".parse().expect("a day"));
            let months = Rhythm::Months([1, 12, 35, 60].into());
            let every = [1, 7, 12, 60].map(Rhythm::Every);
            for rhythm in every.into_iter().chain([months, campaign]) {
                let plan = plan(rhythm, window);
                let found = plan.days(anchor, &zone(), now);

                let all = (1..1_000).filter(|month| plan.rhythm.has(anchor, *month));
                let all = all.map(|month| plan.day_of(anchor, month, &zone()));
                let ahead = all.filter(|day| day.closes_at > now).take(plan.rhythm.most());
                prop_assert_eq!(&found, &ahead.collect::<Vec<_>>());

                prop_assert!(found.windows(2).all(|pair| pair[0].day < pair[1].day));
                let from = now.max(start).as_millis();
                let most = from + (5 * 366 + 31 + i64::from(window) + 1) * DAY;
                for day in &found {
                    prop_assert!(day.closes_at > now && day.closes_at.as_millis() <= most);
                    prop_assert!(day.opens_at < day.closes_at);
                    prop_assert_eq!(day.day, plan.rhythm.day(anchor, day.month));
                    prop_assert!(day.month > 0 && day.day > anchor);
                }
            }
        }
    }
}
