//! Links between two tickets, tasks below one, and parts of an incident.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::ids::TicketId;

use super::{Ticket, TicketError, TicketMove, TicketState};

/// The most links of one ticket, whichever end they were made from.
pub const MAX_LINKS: usize = 100;
/// The most tasks below one ticket, those that are over included.
pub const MAX_CHILDREN: usize = 50;

/// What a ticket is to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// They have to do with each other.
    Related,
    /// The other one is its cause.
    CausedBy,
    /// It is the cause of the other one.
    Causes,
    /// The other one is about the same, and came first.
    DuplicateOf,
    /// The other one is about the same, and came later.
    DuplicatedBy,
}

/// Says that a text names no kind of link.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no kind of link between tickets")]
pub struct LinkKindError(pub String);

/// Says why two tickets are not linked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// A ticket is nothing to itself.
    #[error("a ticket cannot be linked to itself")]
    ToItself,
    /// Nothing is written any more about whom was erased.
    #[error("whom ticket {ticket} is about was erased")]
    Erased {
        /// The ticket.
        ticket: TicketId,
    },
    /// One of the two has as many links as a ticket may have.
    #[error("ticket {ticket} has {MAX_LINKS} links already")]
    TooMany {
        /// The ticket.
        ticket: TicketId,
    },
}

/// Says why a ticket gets no task.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParentError {
    /// Nobody works on the ticket any more.
    #[error("a task is made below an open ticket only, and ticket {parent} is {state}")]
    NotOpen {
        /// The ticket that was to have a task.
        parent: TicketId,
        /// Where it stands.
        state: TicketState,
    },
    /// The ticket is a task itself.
    #[error("ticket {parent} is a task itself, and tasks have none")]
    IsChild {
        /// The ticket that was to have a task.
        parent: TicketId,
    },
    /// The ticket has as many tasks as a ticket may have.
    #[error("ticket {parent} has {MAX_CHILDREN} tasks already")]
    TooMany {
        /// The ticket that was to have another task.
        parent: TicketId,
    },
}

/// Says why a ticket is not made part of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MembershipError {
    /// What it was to be part of is an ordinary ticket.
    #[error("only incidents have members, and ticket {ticket} is none")]
    NotIncident {
        /// The ticket that is no incident.
        ticket: TicketId,
    },
    /// Incidents are one level deep.
    #[error("an incident is part of no other one")]
    IsIncident,
    /// Its life is over, and nothing is written into it any more.
    #[error("ticket {ticket} is {state}: nothing changes it any more")]
    Over {
        /// The ticket.
        ticket: TicketId,
        /// Where it stands.
        state: TicketState,
    },
}

impl Ticket {
    /// Checks that a ticket may become part of an incident, or of none.
    pub fn check_membership(&self, incident: Option<&Self>) -> Result<(), MembershipError> {
        if matches!(self.state, TicketState::Merged | TicketState::Cancelled) {
            return Err(MembershipError::Over { ticket: self.id.clone(), state: self.state });
        }
        match incident {
            Some(_) if self.is_incident => Err(MembershipError::IsIncident),
            Some(incident) if !incident.is_incident => {
                Err(MembershipError::NotIncident { ticket: incident.id.clone() })
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl LinkKind {
    /// Every kind, each followed by what it is from the other end.
    pub const ALL: [Self; 5] =
        [Self::Related, Self::CausedBy, Self::Causes, Self::DuplicateOf, Self::DuplicatedBy];

    /// Gives what the link is from the other end.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::Related => Self::Related,
            Self::CausedBy => Self::Causes,
            Self::Causes => Self::CausedBy,
            Self::DuplicateOf => Self::DuplicatedBy,
            Self::DuplicatedBy => Self::DuplicateOf,
        }
    }

    /// Gives the word used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Related => "related",
            Self::CausedBy => "caused_by",
            Self::Causes => "causes",
            Self::DuplicateOf => "duplicate_of",
            Self::DuplicatedBy => "duplicated_by",
        }
    }

    /// Gives the one way in which a link is kept, whichever end it is made from: from which ticket, as
    /// what, to which.
    pub fn kept<'a>(
        self,
        ticket: &'a TicketId,
        other: &'a TicketId,
    ) -> (&'a TicketId, Self, &'a TicketId) {
        match self {
            Self::Related if ticket > other => (other, self, ticket),
            Self::Related | Self::CausedBy | Self::DuplicateOf => (ticket, self, other),
            Self::Causes | Self::DuplicatedBy => (other, self.inverse(), ticket),
        }
    }

    /// Says of a link what a ticket's life tells: by the other ticket's number, which names nobody.
    pub fn told(self, number: u64) -> String {
        format!("{self} #{number}")
    }
}

impl fmt::Display for LinkKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Related => "related to",
            Self::CausedBy => "caused by",
            Self::Causes => "causes",
            Self::DuplicateOf => "duplicate of",
            Self::DuplicatedBy => "duplicated by",
        })
    }
}

impl FromStr for LinkKind {
    type Err = LinkKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| LinkKindError(text.to_owned()))
    }
}

impl Ticket {
    /// Refuses a task below a ticket that is over, is a task itself, or has so many already.
    ///
    /// Tasks are one level deep: with the parent said once, at the making, nothing goes round in circles.
    pub fn admit_child(&self, children: usize) -> Result<(), ParentError> {
        let parent = || self.id.clone();
        if !self.state.is_open() {
            return Err(ParentError::NotOpen { parent: parent(), state: self.state });
        }
        if self.parent.is_some() {
            return Err(ParentError::IsChild { parent: parent() });
        }
        if children >= MAX_CHILDREN {
            return Err(ParentError::TooMany { parent: parent() });
        }
        Ok(())
    }

    /// Says what the life of the parent tells of a task that has moved: that none is open any more, or
    /// that this one came back.
    pub fn told_to_parent(&self, from: TicketState, open: usize) -> Option<String> {
        match (from.is_open(), self.state.is_open()) {
            (true, false) if open == 0 => {
                Some(format!("no task is open any more: #{} is {}", self.number, self.state))
            }
            (false, true) => Some(format!("task #{} is {}", self.number, self.state)),
            (true, _) | (false, false) => None,
        }
    }
}

impl TicketMove {
    /// Tells whether a move ends the work on a ticket, so that nobody waits for its tasks any more.
    pub const fn ends_work(self) -> bool {
        match self {
            Self::Resolve | Self::Merge | Self::Cancel => true,
            Self::Accept
            | Self::Dispatch
            | Self::Escalate
            | Self::Start
            | Self::WaitOnCustomer
            | Self::Hold
            | Self::Resume
            | Self::Reply
            | Self::Inform
            | Self::Close
            | Self::Reopen
            | Self::Note
            | Self::Revise
            | Self::Alarm => false,
        }
    }
}

/// Refuses that the work on a ticket ends while a task below it is open.
pub(super) fn wait_for_children(attempted: TicketMove, open: &[u64]) -> Result<(), TicketError> {
    if attempted.ends_work() && !open.is_empty() {
        return Err(TicketError::ChildrenOpen { attempted, children: open.to_vec() });
    }
    Ok(())
}

/// Writes numbers of tickets as people say them: `#12, #13`.
pub(super) fn numbers(of: &[u64]) -> String {
    of.iter().map(|number| format!("#{number}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
