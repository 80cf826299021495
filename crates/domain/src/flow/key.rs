//! The keys of a telephone.

use std::fmt;

use thiserror::Error;

/// Says that a text is no key of a telephone.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no key of a telephone: 0 to 9, `*` or `#`")]
pub struct KeyError(pub String);

/// One key of a telephone: `0` to `9`, `*` or `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(char);

impl Key {
    /// The key that reaches a human unless the flow names another.
    pub const ZERO: Self = Self('0');
    /// The key that usually separates fields.
    pub const STAR: Self = Self('*');
    /// The key that usually ends an entry.
    pub const POUND: Self = Self('#');

    /// Makes a key from its character.
    pub const fn new(character: char) -> Option<Self> {
        match character {
            '0'..='9' | '*' | '#' => Some(Self(character)),
            _ => None,
        }
    }

    /// Checks a text of one key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut characters = text.chars();
        match (characters.next().and_then(Self::new), characters.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(KeyError(text.chars().take(16).collect())),
        }
    }

    /// Gives the character on the key.
    pub const fn as_char(self) -> char {
        self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}
