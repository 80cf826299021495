//! The ways an issue reaches the center, and its outcome the customer.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How somebody said something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Medium {
    /// By telephone.
    #[default]
    Phone,
    /// In a chat.
    Chat,
    /// By e-mail.
    Email,
    /// By text message.
    Sms,
    /// On a web page or a forum.
    Web,
    /// Face to face.
    InPerson,
    /// On paper.
    Letter,
}

/// Says that a text names no medium.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a medium is phone, chat, email, sms, web, in_person or letter, not {0:?}")]
pub struct MediumError(pub String);

impl Medium {
    /// Every medium.
    pub const ALL: [Self; 7] =
        [Self::Phone, Self::Chat, Self::Email, Self::Sms, Self::Web, Self::InPerson, Self::Letter];

    /// Gives the word used in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Chat => "chat",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Web => "web",
            Self::InPerson => "in_person",
            Self::Letter => "letter",
        }
    }
}

impl fmt::Display for Medium {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Medium {
    type Err = MediumError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|medium| medium.as_str() == text);
        named.ok_or_else(|| MediumError(text.to_owned()))
    }
}
