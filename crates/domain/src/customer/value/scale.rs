//! How an input becomes a share of the best possible: evenly, by its logarithm, or by a table.

use std::collections::BTreeMap;

use thiserror::Error;

use super::Measure;

/// How many bits of a logarithm stand behind its point.
const FRACTION_BITS: u32 = 20;

/// A share of the best possible, in parts per million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    /// The best possible.
    pub const WHOLE: Self = Self(1_000_000);
    /// Nothing of it.
    pub const NOTHING: Self = Self(0);

    /// Takes a share of a whole; what is outside counts as the nearer end.
    fn of(part: i128, whole: i128) -> Self {
        let parts = part.clamp(0, whole) * i128::from(Self::WHOLE.0) / whole;
        Self(u32::try_from(parts).unwrap_or(Self::WHOLE.0))
    }

    /// Takes whole percent; nothing for more than 100.
    pub const fn percent(percent: u8) -> Option<Self> {
        if percent <= 100 { Some(Self(percent as u32 * 10_000)) } else { None }
    }

    /// Gives what is left to the whole.
    pub(super) const fn rest(self) -> Self {
        Self(Self::WHOLE.0 - self.0)
    }

    /// Gives the parts per million.
    pub const fn millionths(self) -> u32 {
        self.0
    }
}

/// How an input becomes a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly between two numbers; what lies outside counts as the nearer one.
    Linear(Bounds),
    /// By the logarithm between two numbers from 1 on, so that each doubling counts the same.
    Logarithmic(Bounds),
    /// Word by word.
    Table(BTreeMap<String, Share>),
}

/// Two numbers, the first below the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    from: i64,
    to: i64,
}

/// Says why a scale measures nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ScaleError {
    /// The bounds leave nothing between them.
    #[error("`from` must be below `to`")]
    Empty,
    /// There is no logarithm of this.
    #[error("`from` must be at least 1 for a logarithm")]
    NotPositive,
    /// No word is in the table.
    #[error("names no word")]
    NoWords,
}

impl Scale {
    /// Measures evenly.
    pub const fn linear(from: i64, to: i64) -> Result<Self, ScaleError> {
        if from < to { Ok(Self::Linear(Bounds { from, to })) } else { Err(ScaleError::Empty) }
    }

    /// Measures by the logarithm.
    pub const fn logarithmic(from: i64, to: i64) -> Result<Self, ScaleError> {
        if from < 1 {
            return Err(ScaleError::NotPositive);
        }
        if from < to { Ok(Self::Logarithmic(Bounds { from, to })) } else { Err(ScaleError::Empty) }
    }

    /// Measures by a table.
    pub fn table(words: BTreeMap<String, Share>) -> Result<Self, ScaleError> {
        if words.is_empty() { Err(ScaleError::NoWords) } else { Ok(Self::Table(words)) }
    }

    /// Gives the share of what was measured; nothing for what this scale does not understand.
    pub fn share(&self, measure: &Measure) -> Option<Share> {
        match (self, measure) {
            (Self::Linear(bounds), Measure::Number(number)) => Some(bounds.even(*number)),
            (Self::Logarithmic(bounds), Measure::Number(number)) => Some(bounds.by_log(*number)),
            (Self::Table(words), Measure::Word(word)) => words.get(word).copied(),
            // A table may name numbers, such as the stars of a hotel.
            (Self::Table(words), Measure::Number(number)) => {
                words.get(&number.to_string()).copied()
            }
            (Self::Linear(_) | Self::Logarithmic(_), Measure::Word(_)) => None,
        }
    }

    /// Says what it understands.
    pub fn takes(&self) -> String {
        match self {
            Self::Linear(_) | Self::Logarithmic(_) => "a whole number".to_owned(),
            Self::Table(words) => words.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
        }
    }
}

impl Bounds {
    fn even(self, number: i64) -> Share {
        let [number, from, to] = [number, self.from, self.to].map(i128::from);
        Share::of(number - from, to - from)
    }

    fn by_log(self, number: i64) -> Share {
        let [number, from, to] = [number, self.from, self.to].map(log2);
        Share::of(number - from, to - from)
    }
}

/// Gives the binary logarithm with its fraction, the same on every machine and never falling; what
/// is below 1 counts as 1.
fn log2(number: i64) -> i128 {
    let number = u64::try_from(number).unwrap_or(1).max(1);
    let whole = number.ilog2();
    // Between 1 and 2, with 63 bits behind the point: each squaring doubles the logarithm.
    let mut mantissa = u128::from(number) << (63 - whole);
    let mut log = i128::from(whole);
    for _ in 0..FRACTION_BITS {
        mantissa = (mantissa * mantissa) >> 63;
        log <<= 1;
        if mantissa >> 64 != 0 {
            mantissa >>= 1;
            log |= 1;
        }
    }
    log
}
