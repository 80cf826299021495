//! What a customer is worth: ten inputs, weighed and explained, and the grades that follow.
//!
//! A [`ValueModel`] turns each input into a share of the best possible, weighs the shares into a
//! [`Score`], and says of every point where it comes from. Tier and [`Pyramid`] follow from the
//! score, or from its rank among all of them ([`Ranking`]); the axes from parts of the score.

mod churn;
mod explanation;
mod grade;
mod input;
mod model;
mod ranking;
mod scale;

pub use churn::{Churn, ChurnReason, ChurnState, LifeCycle};
pub use explanation::{Axes, Explanation, Line, Reading};
pub use grade::{Grading, GradingError, LevelBounds, Pyramid};
pub use input::{MAX_WORD, Measure, MeasureError, ValueInput, ValueInputs};
pub use model::{Axis, InputRule, Level, Missing, ModelError, Sign, TierSource, ValueModel};
pub use ranking::Ranking;
pub use scale::{Scale, ScaleError, Share};

/// How much a customer is worth, from 0 to [`Score::BEST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u16);

impl Score {
    /// The best there is, in points.
    pub const BEST: u16 = 10_000;

    /// Makes a score; nothing for more than the best.
    pub const fn new(points: u16) -> Option<Self> {
        if points <= Self::BEST { Some(Self(points)) } else { None }
    }

    /// Gives the points.
    pub const fn points(self) -> u16 {
        self.0
    }
}

/// Where a customer stands by value, as far as segments ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValueStanding {
    /// The score; none while too little is known.
    pub score: Option<Score>,
    /// The class by rank; none before the first recomputation.
    pub pyramid: Option<Pyramid>,
    /// High, mid or low on each axis.
    pub axes: Axes,
    /// Whether the customer is leaving, and why.
    pub churn: Churn,
}

#[cfg(test)]
mod tests;
