//! What follows from a score: the tier, the class of the pyramid, the level on an axis.

use std::fmt;

use thiserror::Error;

use super::{Level, Ranking, Score};
use crate::customer::Tier;
use crate::floor::state::words;

/// The six tiers above the last, best first.
const ABOVE: [Tier; 6] = [Tier::A1, Tier::A2, Tier::A3, Tier::B1, Tier::B2, Tier::C1];

words!(
    /// The classes of the pyramid of customers, by rank: 1, 19, 30 and 50 percent of them.
    Pyramid {
        /// The first 1 percent.
        Important = "important",
        /// The next 19 percent: with those above them the fifth that brings the most.
        Secondary = "secondary",
        /// The next 30 percent.
        Ordinary = "ordinary",
        /// The other half.
        Small = "small",
    }
);

impl Pyramid {
    /// Gives the class of a score among all scores.
    pub fn of(score: Score, ranking: &Ranking) -> Self {
        let above = |class: &&Self| ranking.is_among(score, class.first_percent());
        Self::ALL.iter().find(above).copied().unwrap_or(Self::Small)
    }

    /// Gives how many of a hundred are in this class or above it.
    const fn first_percent(self) -> u8 {
        match self {
            Self::Important => 1,
            Self::Secondary => 20,
            Self::Ordinary => 50,
            Self::Small => 100,
        }
    }
}

/// How tiers follow from scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grading {
    /// By the least score of each tier but the last.
    ByScore([Score; 6]),
    /// By rank: how many of a hundred are in each tier or above it, for each but the last.
    ByRank([u8; 6]),
}

/// Says why bounds make no tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GradingError {
    /// A tier begins no lower than the one above it.
    #[error("{0} must begin below the tier above it")]
    NotFalling(Tier),
    /// The tiers together hold more than everybody.
    #[error("the shares of the tiers are more than 100 percent together")]
    TooMany,
}

impl Grading {
    /// Takes the least score of each tier from A1 to C1; whoever is below is C2.
    pub fn by_score(least: [Score; 6]) -> Result<Self, GradingError> {
        let rises = least.windows(2).position(|pair| pair[1] >= pair[0]);
        match rises {
            Some(index) => Err(GradingError::NotFalling(ABOVE[index + 1])),
            None => Ok(Self::ByScore(least)),
        }
    }

    /// Takes how many of a hundred are in each tier from A1 to C1; the others are C2.
    pub fn by_rank(percent: [u8; 6]) -> Result<Self, GradingError> {
        let mut sum = 0_u16;
        let so_far = percent.map(|one| {
            sum += u16::from(one);
            u8::try_from(sum).ok().filter(|sum| *sum <= 100)
        });
        let [Some(a1), Some(a2), Some(a3), Some(b1), Some(b2), Some(c1)] = so_far else {
            return Err(GradingError::TooMany);
        };
        Ok(Self::ByRank([a1, a2, a3, b1, b2, c1]))
    }

    /// Gives the tier that follows from a score alone; none where ranks count.
    pub fn tier_alone(&self, score: Score) -> Option<Tier> {
        matches!(self, Self::ByScore(_)).then(|| self.tier(score, &Ranking::default()))
    }

    /// Gives the tier of a score among all scores.
    pub fn tier(&self, score: Score, ranking: &Ranking) -> Tier {
        let found = match self {
            Self::ByScore(least) => least.iter().position(|least| score >= *least),
            Self::ByRank(percent) => {
                percent.iter().position(|percent| ranking.is_among(score, *percent))
            }
        };
        found.map_or(Tier::C2, |index| ABOVE[index])
    }
}

/// From which score on a level holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelBounds {
    high: Score,
    mid: Score,
}

impl LevelBounds {
    /// Takes where high and mid begin; nothing unless mid begins below high.
    pub fn new(high: Score, mid: Score) -> Option<Self> {
        (mid < high).then_some(Self { high, mid })
    }

    /// Gives the level of a score.
    pub fn level(self, score: Score) -> Level {
        if score >= self.high {
            Level::High
        } else if score >= self.mid {
            Level::Mid
        } else {
            Level::Low
        }
    }
}
