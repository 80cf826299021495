//! Which values a field takes, and how to say so.

use std::fmt;

use jiff::civil::Date;
use regex::Regex;
use thiserror::Error;

use super::value::{Finite, ProfileValue};
use crate::phone::E164;

/// The shape of a calendar day, such as `1980-02-29`.
const DAY: &str = "%Y-%m-%d";

/// Which values a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldShape {
    /// Words, of at most so many characters, that match a pattern as a whole.
    Text {
        /// The most characters.
        max_length: usize,
        /// What they must look like.
        pattern: Option<Pattern>,
    },
    /// A number within bounds.
    Number {
        /// The least one.
        min: Option<Finite>,
        /// The greatest one.
        max: Option<Finite>,
    },
    /// A whole number within bounds.
    Integer {
        /// The least one.
        min: Option<Finite>,
        /// The greatest one.
        max: Option<Finite>,
    },
    /// Yes or no.
    Boolean,
    /// A calendar day.
    Date,
    /// A telephone number in E.164.
    Phone,
    /// One of these words.
    Choice(Vec<String>),
    /// Several texts.
    Texts {
        /// The most texts.
        max_items: usize,
        /// The most characters of each.
        max_length: usize,
    },
}

/// A regular expression for whole texts, matched in time linear in the text.
#[derive(Clone)]
pub struct Pattern(Regex);

/// Says why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("is no regular expression: {0}")]
pub struct PatternError(String);

impl FieldShape {
    /// Tells whether the field takes a value.
    pub fn accepts(&self, value: &ProfileValue) -> bool {
        match (self, value) {
            (Self::Text { max_length, pattern }, ProfileValue::Text(text)) => {
                is_text(text, *max_length)
                    && pattern.as_ref().is_none_or(|pattern| pattern.matches(text))
            }
            (Self::Number { min, max }, ProfileValue::Number(number)) => {
                is_within(*number, *min, *max)
            }
            (Self::Integer { min, max }, ProfileValue::Number(number)) => {
                number.is_whole() && is_within(*number, *min, *max)
            }
            (Self::Boolean, ProfileValue::Boolean(_)) => true,
            // Parsing alone would take `1980-2-9`.
            (Self::Date, ProfileValue::Text(text)) => {
                text.len() == 10 && Date::strptime(DAY, text).is_ok()
            }
            (Self::Phone, ProfileValue::Text(text)) => E164::parse(text).is_ok(),
            (Self::Choice(words), ProfileValue::Text(text)) => words.contains(text),
            (Self::Texts { max_items, max_length }, ProfileValue::Texts(texts)) => {
                (1..=*max_items).contains(&texts.len())
                    && texts.iter().all(|text| is_text(text, *max_length))
            }
            (
                Self::Text { .. }
                | Self::Number { .. }
                | Self::Integer { .. }
                | Self::Boolean
                | Self::Date
                | Self::Phone
                | Self::Choice(_)
                | Self::Texts { .. },
                _,
            ) => false,
        }
    }

    /// Gives the least and the greatest number; nothing where there is no bound.
    pub const fn bounds(&self) -> (Option<Finite>, Option<Finite>) {
        match self {
            Self::Number { min, max } | Self::Integer { min, max } => (*min, *max),
            Self::Text { .. }
            | Self::Boolean
            | Self::Date
            | Self::Phone
            | Self::Choice(_)
            | Self::Texts { .. } => (None, None),
        }
    }

    /// Gives the words to choose from.
    pub fn choices(&self) -> &[String] {
        match self {
            Self::Choice(words) => words,
            Self::Text { .. }
            | Self::Number { .. }
            | Self::Integer { .. }
            | Self::Boolean
            | Self::Date
            | Self::Phone
            | Self::Texts { .. } => &[],
        }
    }

    /// Says which values the field takes.
    pub fn expected(&self) -> String {
        match self {
            Self::Text { max_length, pattern: None } => {
                format!("a text of 1 to {max_length} characters")
            }
            Self::Text { max_length, pattern: Some(pattern) } => {
                format!("a text of 1 to {max_length} characters that matches `{pattern}`")
            }
            Self::Number { min, max } => format!("a number{}", bounds(*min, *max)),
            Self::Integer { min, max } => format!("a whole number{}", bounds(*min, *max)),
            Self::Boolean => "true or false".to_owned(),
            Self::Date => "a day such as `1980-02-29`".to_owned(),
            Self::Phone => "a telephone number in E.164, such as `+8613800000001`".to_owned(),
            Self::Choice(words) => format!("one of `{}`", words.join("`, `")),
            Self::Texts { max_items, max_length } => {
                format!("1 to {max_items} texts of 1 to {max_length} characters")
            }
        }
    }
}

impl Pattern {
    /// Compiles a pattern.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        // The text alone first: what only closes the group around it is no pattern.
        let refuse = |error: regex::Error| PatternError(error.to_string());
        Regex::new(text).map_err(refuse)?;
        Regex::new(&format!("^(?:{text})$")).map(Self).map_err(refuse)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    fn as_str(&self) -> &str {
        let whole = self.0.as_str();
        whole.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$")).unwrap_or(whole)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pattern({self})")
    }
}

impl Eq for Pattern {}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

fn is_text(text: &str, max_length: usize) -> bool {
    let is_odd = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    !text.trim().is_empty() && text.chars().count() <= max_length && !text.chars().any(is_odd)
}

fn is_within(number: Finite, min: Option<Finite>, max: Option<Finite>) -> bool {
    min.is_none_or(|min| number.get() >= min.get())
        && max.is_none_or(|max| number.get() <= max.get())
}

fn bounds(min: Option<Finite>, max: Option<Finite>) -> String {
    match (min.map(Finite::get), max.map(Finite::get)) {
        (None, None) => String::new(),
        (Some(min), None) => format!(" of at least {min}"),
        (None, Some(max)) => format!(" of at most {max}"),
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
    }
}
