//! The seven value grades, best first.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A value grade; the best one is the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The very best.
    A1,
    /// Second grade of the important.
    A2,
    /// Third grade of the important.
    A3,
    /// First grade of the ordinary.
    B1,
    /// Second grade of the ordinary.
    B2,
    /// First grade of the small.
    C1,
    /// The smallest.
    C2,
}

/// Says that a text names no tier.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a tier is A1, A2, A3, B1, B2, C1 or C2, not {0:?}")]
pub struct TierError(pub String);

impl Tier {
    /// Every tier, best first.
    pub const ALL: [Self; 7] =
        [Self::A1, Self::A2, Self::A3, Self::B1, Self::B2, Self::C1, Self::C2];

    /// Gives the grade's two characters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A1 => "A1",
            Self::A2 => "A2",
            Self::A3 => "A3",
            Self::B1 => "B1",
            Self::B2 => "B2",
            Self::C1 => "C1",
            Self::C2 => "C2",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Tier {
    type Err = TierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|tier| tier.as_str() == text)
            .ok_or_else(|| TierError(text.to_owned()))
    }
}
