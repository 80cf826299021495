//! How many customers have which score: all that ranks need, however many customers there are.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::Score;

/// The rank of every score. Equal scores have the same rank, so nobody is preferred by chance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranking {
    /// For each score how many customers have it or a better one.
    reached: BTreeMap<Score, u64>,
    all: u64,
}

impl Ranking {
    /// Counts the customers of each score.
    pub fn of(counts: impl IntoIterator<Item = (Score, u64)>) -> Self {
        let mut counted: BTreeMap<Score, u64> = BTreeMap::new();
        for (score, count) in counts {
            *counted.entry(score).or_default() += count;
        }
        let mut all = 0;
        for count in counted.values_mut().rev() {
            all += *count;
            *count = all;
        }
        Self { reached: counted, all }
    }

    /// Gives how many customers have a score.
    pub const fn len(&self) -> u64 {
        self.all
    }

    /// Says whether nobody has a score.
    pub const fn is_empty(&self) -> bool {
        self.all == 0
    }

    /// Gives the rank of a score, from 1 on.
    pub fn rank(&self, score: Score) -> u64 {
        let better = self.reached.range((Bound::Excluded(score), Bound::Unbounded)).next();
        better.map_or(0, |(_, reached)| *reached) + 1
    }

    /// Says whether a score is among the first so many percent; the best one always is, except of 0.
    pub(super) fn is_among(&self, score: Score, percent: u8) -> bool {
        (self.rank(score) - 1) * 100 < self.all.max(1) * u64::from(percent)
    }
}
