//! What came of asking customers, by published definitions.
//!
//! | figure | definition |
//! | --- | --- |
//! | asked | follow-ups with a survey that ended with the customer: answered, reached without answers, declined, not reached. What the center itself did without is not counted |
//! | answered | those whose answers are written down |
//! | response rate | answered / asked |
//! | CSAT | answers about satisfaction of 4 or 5 points / all answers about satisfaction |
//! | mean | the points of answers about satisfaction / their number |
//! | L3 | customers for whom all three answers about loyalty are the best there is / customers who gave all three |
//!
//! A follow-up counts when it last changed: an answer in the month in which it is written down. Every
//! figure of a group is the sum of those of its follow-ups.

use crate::follow_up::FollowUpState;
use crate::ratio::ratio;

use super::SATISFIED;

/// Points that were given, in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointFigures {
    /// How often points were given.
    pub answers: u64,
    /// Their sum.
    pub sum: u64,
    /// How often the points were those of a satisfied customer.
    pub satisfied: u64,
}

impl PointFigures {
    /// Counts points.
    pub fn of(given: impl IntoIterator<Item = u8>) -> Self {
        let mut figures = Self::default();
        for points in given {
            let one = Self {
                answers: 1,
                sum: u64::from(points),
                satisfied: u64::from(points >= SATISFIED),
            };
            figures.add(&one);
        }
        figures
    }

    /// Adds the figures of others.
    pub const fn add(&mut self, other: &Self) {
        self.answers += other.answers;
        self.sum += other.sum;
        self.satisfied += other.satisfied;
    }

    /// Gives the mean, from 1 to 5; none without points.
    pub fn mean(&self) -> Option<f64> {
        ratio(self.sum, self.answers)
    }

    /// Gives the share of those of satisfied customers, from 0 to 1; none without points.
    pub fn satisfied_share(&self) -> Option<f64> {
        ratio(self.satisfied, self.answers)
    }
}

/// What customers answered, and how many did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResponseFigures {
    /// Follow-ups with a survey that ended with the customer.
    pub asked: u64,
    /// Those whose answers are written down.
    pub answered: u64,
    /// The points for satisfaction.
    pub satisfaction: PointFigures,
    /// Customers who answered all three questions about loyalty.
    pub judged: u64,
    /// Those of them who are loyal.
    pub loyal: u64,
}

impl ResponseFigures {
    /// Counts one follow-up with a survey: where it stands, the points for satisfaction, and whether
    /// the customer is loyal as far as that is known.
    pub fn of(
        state: FollowUpState,
        satisfaction: impl IntoIterator<Item = u8>,
        is_loyal: Option<bool>,
    ) -> Self {
        Self {
            asked: u64::from(state.is_asked()),
            answered: u64::from(state == FollowUpState::Answered),
            satisfaction: PointFigures::of(satisfaction),
            judged: u64::from(is_loyal.is_some()),
            loyal: u64::from(is_loyal == Some(true)),
        }
    }

    /// Adds the figures of others.
    pub const fn add(&mut self, other: &Self) {
        self.asked += other.asked;
        self.answered += other.answered;
        self.satisfaction.add(&other.satisfaction);
        self.judged += other.judged;
        self.loyal += other.loyal;
    }

    /// Gives the share of those who were asked that answered, from 0 to 1; none where none was.
    pub fn response_rate(&self) -> Option<f64> {
        ratio(self.answered, self.asked)
    }

    /// Gives the share of loyal customers, from 0 to 1; none where none was judged.
    pub fn loyal_share(&self) -> Option<f64> {
        ratio(self.loyal, self.judged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_those_who_could_have_said_so() {
        let mut all = ResponseFigures::default();
        let one = |state, points: &[u8], is_loyal| {
            ResponseFigures::of(state, points.iter().copied(), is_loyal)
        };
        all.add(&one(FollowUpState::Answered, &[5, 3], Some(true)));
        all.add(&one(FollowUpState::Answered, &[4, 1], Some(false)));
        all.add(&one(FollowUpState::Answered, &[], None));
        for state in [FollowUpState::Reached, FollowUpState::Declined, FollowUpState::Unreached] {
            all.add(&one(state, &[], None));
        }
        for state in [FollowUpState::Due, FollowUpState::Calling, FollowUpState::Skipped] {
            all.add(&one(state, &[], None));
        }

        assert_eq!((all.asked, all.answered, all.response_rate()), (6, 3, Some(0.5)));
        let points = all.satisfaction;
        assert_eq!((points.mean(), points.satisfied_share()), (Some(3.25), Some(0.5)));
        assert_eq!((all.judged, all.loyal_share()), (2, Some(0.5)));
        let nothing = ResponseFigures::default();
        assert_eq!((nothing.response_rate(), nothing.loyal_share()), (None, None));
        assert_eq!(nothing.satisfaction.mean(), None);
    }
}
