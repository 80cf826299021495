//! The values of fields, whatever the configuration says about them today.

use std::fmt;

/// A number that is one: neither infinite nor undefined.
#[derive(Clone, Copy, Debug)]
pub struct Finite(f64);

/// The value of a field. Dates and choices are texts that the configuration narrows down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileValue {
    /// Words.
    Text(String),
    /// A number, whole or not.
    Number(Finite),
    /// Yes or no.
    Boolean(bool),
    /// Several texts in an order.
    Texts(Vec<String>),
}

impl Finite {
    /// The largest whole number of which each neighbour is told apart.
    const MAX_WHOLE: f64 = 9_007_199_254_740_991.0;

    /// Takes a number; none for what is infinite or undefined.
    pub fn new(number: f64) -> Option<Self> {
        // The two zeros are one number.
        number.is_finite().then_some(Self(if number == 0.0 { 0.0 } else { number }))
    }

    /// Gives the number.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Tells whether it is a whole number that is exact.
    pub fn is_whole(self) -> bool {
        self.0.fract() == 0.0 && self.0.abs() <= Self::MAX_WHOLE
    }
}

impl PartialEq for Finite {
    fn eq(&self, other: &Self) -> bool {
        self.0.total_cmp(&other.0).is_eq()
    }
}

impl Eq for Finite {}

impl fmt::Display for ProfileValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Number(number) => write!(formatter, "{}", number.get()),
            Self::Boolean(flag) => write!(formatter, "{flag}"),
            Self::Texts(texts) => formatter.write_str(&texts.join(", ")),
        }
    }
}

impl ProfileValue {
    /// Makes a number; none for what is infinite or undefined.
    pub fn number(number: f64) -> Option<Self> {
        Finite::new(number).map(Self::Number)
    }
}
