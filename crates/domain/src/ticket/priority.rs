//! How urgent a ticket is.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A grade of urgency; the most urgent is the smallest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketPriority {
    /// Drop everything else.
    Urgent,
    /// Before ordinary work.
    High,
    /// Ordinary work.
    #[default]
    Normal,
    /// When there is time.
    Low,
}

/// Says that a text names no priority.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a ticket priority is urgent, high, normal or low, not {0:?}")]
pub struct TicketPriorityError(pub String);

impl TicketPriority {
    /// Every priority, most urgent first.
    pub const ALL: [Self; 4] = [Self::Urgent, Self::High, Self::Normal, Self::Low];

    /// Gives the next more urgent grade; what is urgent stays so.
    #[must_use]
    pub const fn raised(self) -> Self {
        match self {
            Self::Urgent | Self::High => Self::Urgent,
            Self::Normal => Self::High,
            Self::Low => Self::Normal,
        }
    }

    /// Gives the points of priority that a ticket has beside calls in the same queue.
    pub const fn points(self) -> u32 {
        match self {
            Self::Urgent => 20,
            Self::High => 10,
            Self::Normal | Self::Low => 0,
        }
    }

    /// Gives the word used in records and configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }
}

impl fmt::Display for TicketPriority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for TicketPriority {
    type Err = TicketPriorityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.as_str() == text)
            .ok_or_else(|| TicketPriorityError(text.to_owned()))
    }
}
