//! Side conversations: threads with third parties beside a ticket, such as a department or a supplier.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::ids::{ConversationId, MessageId};
use crate::time::Timestamp;

use super::Medium;

/// The most side conversations of a ticket.
pub const MAX_CONVERSATIONS: usize = 10;

/// The most messages in all side conversations of a ticket together.
pub const MAX_MESSAGES: usize = 200;

/// A conversation with somebody else than the customer.
#[derive(Clone, PartialEq, Eq)]
pub struct SideConversation {
    /// Names it within its ticket.
    pub id: ConversationId,
    /// What it is about.
    pub subject: String,
    /// With whom.
    pub party: Party,
    /// By which means.
    pub medium: Option<Medium>,
    /// Who began it.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
    /// Who ended it, and when; none while it goes on.
    pub closed: Option<SideClosed>,
    /// What was said, the oldest first.
    pub messages: Vec<SideMessage>,
}

/// With whom a side conversation is.
#[derive(Clone, PartialEq, Eq)]
pub enum Party {
    /// A department of the center.
    Department(String),
    /// Somebody else, in free words.
    Other(String),
}

/// The end of a side conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideClosed {
    /// Who ended it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// One message of a side conversation.
#[derive(Clone, PartialEq, Eq)]
pub struct SideMessage {
    /// Names it within its conversation.
    pub id: MessageId,
    /// Whose word it is.
    pub direction: Direction,
    /// What was said.
    pub text: String,
    /// Who wrote it down.
    pub noted_by: String,
    /// When.
    pub noted_at: Timestamp,
}

/// Whose word a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The center's, to the third party.
    Out,
    /// The third party's.
    In,
}

/// Says that a text names no direction.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no direction of a message")]
pub struct DirectionError(pub String);

/// Hides what may name people.
impl fmt::Debug for SideConversation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, closed, messages, .. } = self;
        let state = if closed.is_some() { "closed" } else { "open" };
        let count = messages.len();
        write!(formatter, "SideConversation {{ id: {id}, {state}, {count} messages }}")
    }
}

/// Hides what may name people.
impl fmt::Debug for SideMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SideMessage {{ id: {}, direction: {} }}", self.id, self.direction)
    }
}

/// Tells a department by its name and nobody else.
impl fmt::Display for Party {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Department(name) => write!(formatter, "department {name}"),
            Self::Other(_) => formatter.write_str("a third party"),
        }
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Party({self})")
    }
}

impl Direction {
    /// Gives the word used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Direction {
    type Err = DirectionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = [Self::Out, Self::In].into_iter().find(|known| known.as_str() == text);
        known.ok_or_else(|| DirectionError(text.to_owned()))
    }
}
