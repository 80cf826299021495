//! Why a ticket is not moved.

use thiserror::Error;

use crate::ids::{AgentId, TicketId, TicketKindId};
use crate::ticket::link::numbers;
use crate::ticket::{EntryName, FillError, TicketMove, TicketRejection, TicketState};

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
    /// The ticket's kind asks for a department that answers for it.
    #[error(
        "a ticket of kind {kind} is resolved only once a department answers for it: dispatch it first"
    )]
    NoDepartment {
        /// The kind.
        kind: TicketKindId,
    },
    /// The ticket's kind asks that the customer is informed.
    #[error(
        "a ticket of kind {kind} is closed only once its customer is informed: use the move inform"
    )]
    NotInformed {
        /// The kind.
        kind: TicketKindId,
    },
    /// The ticket's kind asks that somebody looks over what somebody else did.
    #[error("a ticket of kind {kind} is closed by somebody other than {resolver}, who resolved it")]
    NotReviewed {
        /// The kind.
        kind: TicketKindId,
        /// Who resolved it.
        resolver: String,
    },
    /// Somebody else has the ticket.
    #[error("{agent} has the ticket")]
    Taken {
        /// Who.
        agent: AgentId,
    },
    /// A field of the form must have a value first.
    #[error("to {attempted} a ticket of kind {kind}, the field `{name}` needs {expected}")]
    FieldOpen {
        /// The move.
        attempted: TicketMove,
        /// The kind.
        kind: TicketKindId,
        /// The field.
        name: EntryName,
        /// What it takes.
        expected: String,
    },
    /// A step of the checklist must be ticked first.
    #[error("to {attempted} a ticket of kind {kind}, the step `{name}` must be ticked")]
    StepOpen {
        /// The move.
        attempted: TicketMove,
        /// The kind.
        kind: TicketKindId,
        /// The step.
        name: EntryName,
    },
    /// The form does not take what is filled in.
    #[error(transparent)]
    NotFilled(#[from] FillError),
    /// Its tasks must be over first.
    #[error("to {attempted} a ticket, its tasks must be over: {} open", numbers(children))]
    ChildrenOpen {
        /// The move.
        attempted: TicketMove,
        /// The numbers of the open tasks.
        children: Vec<u64>,
    },
    /// Other tickets are part of it, and would be part of nothing.
    #[error("an incident is not merged: resolve it, cancel it or link it")]
    IncidentMerged,
    /// A ticket cannot go on in its own place.
    #[error("a ticket cannot be merged into itself")]
    MergedIntoItself,
    /// A ticket goes on only where somebody still works on it.
    #[error("a ticket is merged only into an open one, and ticket {target} is {state}")]
    TargetNotOpen {
        /// The ticket that was to go on.
        target: TicketId,
        /// Where it stands.
        state: TicketState,
    },
}
