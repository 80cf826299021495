//! What a switch reports as a calling or called number, read once, at the edge.

mod address;
mod country;
mod e164;
mod number;
mod received;
mod withheld;

pub use address::{PhoneAddress, ShortCode, SipAddress};
pub use country::{Country, CountryError};
pub use e164::E164;
pub use number::{PhoneKind, PhoneNumber, Validity};
pub use received::{name_as_received, number_as_received};
pub use withheld::Withheld;

use thiserror::Error;

/// The longest text read as a number or address, in bytes.
pub const MAX_RAW_LENGTH: usize = 256;

/// Says why a text is no phone number; it never repeats the text, which may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// The text is longer than [`MAX_RAW_LENGTH`].
    #[error("a number has at most {MAX_RAW_LENGTH} bytes, this one has {0}")]
    TextTooLong(usize),
    /// The text holds a control character.
    #[error("a number has no control characters")]
    ControlCharacter,
    /// Nothing in the text is a number.
    #[error("the text is not a number")]
    NotANumber,
    /// The country code does not exist.
    #[error("the country code does not exist")]
    UnknownCountryCode,
    /// There are too few digits for the country.
    #[error("the number has too few digits")]
    TooShort,
    /// There are more digits than E.164 or the country allows.
    #[error("the number has too many digits")]
    TooLong,
    /// The text says something, but not a phone number: withheld, a SIP address, a short code.
    #[error("a telephone number is expected, this is {0}")]
    OtherAddress(&'static str),
}

/// Refuses what no reader should have to look at.
fn check_text(raw: &str) -> Result<&str, PhoneError> {
    if raw.len() > MAX_RAW_LENGTH {
        return Err(PhoneError::TextTooLong(raw.len()));
    }
    if raw.chars().any(char::is_control) {
        return Err(PhoneError::ControlCharacter);
    }
    Ok(raw.trim())
}

#[cfg(test)]
mod tests;
