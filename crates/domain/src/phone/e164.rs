//! The form in which a number is a key: `+`, country code, subscriber, digits only.

use std::fmt;

use rlibphonenumber::PHONE_NUMBER_UTIL;

use super::PhoneError;

/// The fewest digits of a number that can be reached from everywhere.
const MIN_DIGITS: usize = 5;
/// The most digits E.164 allows.
const MAX_DIGITS: usize = 15;
/// How many trailing digits tell two subscribers apart when the country is in doubt.
const SUFFIX_LENGTH: usize = 9;

/// A number in E.164; `Debug` hides the digits, because they are personal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(String);

impl E164 {
    /// Reads `+8613800000001` and nothing looser.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let digits = text.strip_prefix('+').ok_or(PhoneError::NotANumber)?;
        if digits.starts_with('0') || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(PhoneError::NotANumber);
        }
        match digits.len() {
            ..MIN_DIGITS => Err(PhoneError::TooShort),
            MIN_DIGITS..=MAX_DIGITS => Ok(Self(text.to_owned())),
            _ => Err(PhoneError::TooLong),
        }
    }

    /// Gives the number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the digits behind the country code, as people of the country dial them; nothing when
    /// there is no such code.
    pub fn national(&self) -> Option<String> {
        let number = PHONE_NUMBER_UTIL.parse(&self.0, None).ok()?;
        Some(number.get_national_significant_number())
    }

    /// Gives the last nine digits, by which a number is found when its country is in doubt.
    pub fn suffix(&self) -> &str {
        let digits = &self.0[1..];
        &digits[digits.len().saturating_sub(SUFFIX_LENGTH)..]
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("E164(…)")
    }
}
