//! Moving a ticket: the state machine, plus what each move must say.

use thiserror::Error;

use crate::ids::{AgentId, TicketId};
use crate::time::Timestamp;

use super::{Ticket, TicketMove, TicketRejection, TicketState};

/// What accompanies a move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveDetails {
    /// Who moves the ticket.
    pub actor: String,
    /// Why, in the actor's words; required to hold, reopen and cancel.
    pub note: Option<String>,
    /// The department to dispatch to.
    pub department: Option<String>,
    /// The agent to dispatch to, or who starts.
    pub assignee: Option<AgentId>,
    /// How it was handled; required to resolve.
    pub resolution: Option<String>,
    /// The ticket that goes on; required to merge.
    pub merged_into: Option<TicketId>,
}

/// One move of one ticket, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketChange {
    /// The ticket after the move; its version is one higher than before.
    pub ticket: Ticket,
    /// Where the ticket stood.
    pub from: TicketState,
    /// What was done.
    pub applied: TicketMove,
    /// Who did it.
    pub actor: String,
    /// Why.
    pub note: Option<String>,
}

/// Says why a ticket was not moved.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TicketError {
    /// The move is not allowed from where the ticket stands.
    #[error(transparent)]
    Rejected(#[from] TicketRejection),
    /// The move must say more.
    #[error("to {attempted} a ticket, `{field}` is required")]
    Missing {
        /// The move.
        attempted: TicketMove,
        /// What it must say.
        field: &'static str,
    },
    /// A ticket cannot go on in its own place.
    #[error("a ticket cannot be merged into itself")]
    MergedIntoItself,
}

impl Ticket {
    /// Gives the ticket after a move, or says why the move is refused.
    pub fn apply(
        &self,
        attempted: TicketMove,
        details: MoveDetails,
        now: Timestamp,
    ) -> Result<TicketChange, TicketError> {
        let state = self.state.after(attempted)?;
        require(attempted, &details)?;
        if details.merged_into.as_ref() == Some(&self.id) {
            return Err(TicketError::MergedIntoItself);
        }
        let mut ticket = self.clone();
        ticket.state = state;
        ticket.changed_at = now;
        ticket.version += 1;
        take_details(&mut ticket, attempted, &details);
        Ok(TicketChange {
            ticket,
            from: self.state,
            applied: attempted,
            actor: details.actor,
            note: details.note,
        })
    }
}

fn require(attempted: TicketMove, details: &MoveDetails) -> Result<(), TicketError> {
    let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let (field, is_there) = match attempted {
        TicketMove::Dispatch => {
            ("department or assignee", said(&details.department) || details.assignee.is_some())
        }
        TicketMove::Hold | TicketMove::Reopen | TicketMove::Cancel => ("note", said(&details.note)),
        TicketMove::Resolve => ("resolution", said(&details.resolution)),
        TicketMove::Merge => ("merged_into", details.merged_into.is_some()),
        TicketMove::Accept
        | TicketMove::Start
        | TicketMove::WaitOnCustomer
        | TicketMove::Resume
        | TicketMove::Close => return Ok(()),
    };
    if is_there { Ok(()) } else { Err(TicketError::Missing { attempted, field }) }
}

fn take_details(ticket: &mut Ticket, attempted: TicketMove, details: &MoveDetails) {
    match attempted {
        TicketMove::Dispatch => {
            // A department takes over as a whole: whoever worked on it before is free of it.
            ticket.department = details.department.clone().or_else(|| ticket.department.take());
            ticket.assignee.clone_from(&details.assignee);
        }
        TicketMove::Accept | TicketMove::Start => {
            ticket.assignee = details.assignee.clone().or_else(|| ticket.assignee.take());
        }
        TicketMove::Resolve => ticket.resolution.clone_from(&details.resolution),
        TicketMove::Reopen => ticket.resolution = None,
        TicketMove::Merge => ticket.merged_into.clone_from(&details.merged_into),
        TicketMove::WaitOnCustomer
        | TicketMove::Hold
        | TicketMove::Resume
        | TicketMove::Close
        | TicketMove::Cancel => {}
    }
}

#[cfg(test)]
mod tests;
