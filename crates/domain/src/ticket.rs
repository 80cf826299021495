//! Tickets: one issue each, from acceptance to closure and the call that follows it up.
//!
#![doc = include_str!("ticket/transitions.md")]

mod change;
mod priority;
mod rule;
mod state;

pub use change::{MoveDetails, TicketChange, TicketError};
pub use priority::{TicketPriority, TicketPriorityError};
pub use rule::{Outcome, OutcomeError, TicketRule, due_tickets};
pub use state::{TicketMove, TicketMoveError, TicketRejection, TicketState, TicketStateError};

use crate::ids::{AgentId, ContactId, CustomerId, TicketId};
use crate::time::Timestamp;

/// One issue of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The record's name.
    pub id: TicketId,
    /// The number people say to each other; counts up per tenant.
    pub number: u64,
    /// Where the ticket stands.
    pub state: TicketState,
    /// What it is about, in one line.
    pub subject: String,
    /// What it is about, at length; may be empty.
    pub body: String,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// Whose issue it is.
    pub customer: Option<CustomerId>,
    /// The call it came from.
    pub interaction: Option<ContactId>,
    /// The ticket rule that made it; none when a person did.
    pub rule: Option<String>,
    /// The department that is responsible.
    pub department: Option<String>,
    /// The agent who works on it.
    pub assignee: Option<AgentId>,
    /// How it was resolved; set before it can be closed.
    pub resolution: Option<String>,
    /// The ticket that goes on in its place.
    pub merged_into: Option<TicketId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Grows by one per change; the etag.
    pub version: u64,
}

/// What is needed to make a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTicket {
    /// What it is about, in one line.
    pub subject: String,
    /// What it is about, at length; may be empty.
    pub body: String,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// Whose issue it is.
    pub customer: Option<CustomerId>,
    /// The call it came from.
    pub interaction: Option<ContactId>,
    /// The department that is responsible.
    pub department: Option<String>,
}
