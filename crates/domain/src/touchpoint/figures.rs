//! What became of the care calendar, by published definitions.
//!
//! | figure | definition |
//! | --- | --- |
//! | planned | days of which the window opened in the time: all of those below |
//! | done | done in another way; calls that reached the customer, answered or not; tickets that are resolved, closed or merged |
//! | skipped | what the center does without, by reason: days, calls and tickets |
//! | missed | windows that passed before anything was done; calls that reached nobody |
//! | under way | calls and tickets that were made and are not over |
//! | to come | days whose window is not over |
//! | unknown | calls and tickets that are no longer kept |
//! | execution rate | done / (done + missed) |
//!
//! A day counts in the time in which its window opens, so what is counted in two times that follow each
//! other is the sum of both. What is skipped is not owed, and what is not over may still be done: neither
//! is in the rate.

use std::collections::BTreeMap;
use std::fmt;

use crate::floor::state::words;
use crate::ratio::ratio;

words!(
    /// What became of a day.
    Outcome {
        /// The customer heard of the center.
        Done = "done",
        /// The center does without it.
        Skipped = "skipped",
        /// The customer heard nothing.
        Missed = "missed",
        /// Its call or its ticket is not over.
        UnderWay = "under_way",
        /// Its window is not over.
        ToCome = "to_come",
        /// What it became is no longer kept.
        Unknown = "unknown",
    }
);

/// What became of the days of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TouchpointFigures {
    /// Days that are done.
    pub done: u64,
    /// Days the center does without, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Days that were missed.
    pub missed: u64,
    /// Days whose call or ticket is not over.
    pub under_way: u64,
    /// Days whose window is not over.
    pub to_come: u64,
    /// Days of which nobody knows any more.
    pub unknown: u64,
}

impl TouchpointFigures {
    /// Counts days with the same outcome, and for those that are skipped the same reason.
    pub fn count(&mut self, outcome: Outcome, reason: &str, number: u64) {
        let counted = match outcome {
            Outcome::Done => &mut self.done,
            Outcome::Skipped => self.skipped.entry(reason.to_owned()).or_default(),
            Outcome::Missed => &mut self.missed,
            Outcome::UnderWay => &mut self.under_way,
            Outcome::ToCome => &mut self.to_come,
            Outcome::Unknown => &mut self.unknown,
        };
        *counted += number;
    }

    /// Adds the figures of others.
    pub fn add(&mut self, other: &Self) {
        self.done += other.done;
        self.missed += other.missed;
        self.under_way += other.under_way;
        self.to_come += other.to_come;
        self.unknown += other.unknown;
        for (reason, number) in &other.skipped {
            self.count(Outcome::Skipped, reason, *number);
        }
    }

    /// Gives how many the center does without.
    pub fn skips(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// Gives how many days there were.
    pub fn planned(&self) -> u64 {
        self.done + self.skips() + self.missed + self.under_way + self.to_come + self.unknown
    }

    /// Gives the share of days that were done of those that were done or missed, from 0 to 1; none where
    /// there were none.
    pub fn rate(&self) -> Option<f64> {
        ratio(self.done, self.done + self.missed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_planned_and_those_that_were_owed_make_the_rate() {
        let mut all = TouchpointFigures::default();
        for outcome in Outcome::ALL {
            all.count(*outcome, "moved-away", 2);
        }
        let mut more = TouchpointFigures::default();
        assert_eq!((more.planned(), more.rate()), (0, None));
        more.count(Outcome::Done, "", 4);
        more.count(Outcome::Skipped, "merged", 1);

        all.add(&more);

        assert_eq!((all.planned(), all.done, all.skips()), (17, 6, 3));
        assert_eq!(all.skipped, [("merged".to_owned(), 1), ("moved-away".to_owned(), 2)].into());
        assert_eq!(all.rate(), Some(0.75));
    }
}
