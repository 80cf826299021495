//! What a caller keyed in and nobody else may see.

use std::fmt;

use zeroize::Zeroizing;

/// A value that exists in memory only, until the request it was asked for takes it.
///
/// It has no text form, cannot be copied, is wiped when it is dropped, and is part of no
/// [`Position`](super::Position): a call that has to wait loses it and asks again.
#[derive(PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a value.
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// Gives the value away, to be sent and not to be kept.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A value of a request to a system outside.
#[derive(PartialEq, Eq)]
pub enum RequestValue {
    /// A text that may be seen.
    Text(String),
    /// A text that may not.
    Secret(Secret),
}

impl RequestValue {
    /// Says whether the value may not be seen.
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_))
    }

    /// Gives the text to send.
    pub fn expose(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Secret(secret) => secret.expose(),
        }
    }
}

impl fmt::Debug for RequestValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::Secret(_) => formatter.write_str("(secret)"),
        }
    }
}
