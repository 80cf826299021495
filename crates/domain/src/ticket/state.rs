//! The lifecycle of a ticket: one match, one arm per legal move, refusal last.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketState {
    /// Nobody has looked at it.
    New,
    /// Someone took responsibility.
    Accepted,
    /// It is with the department or agent that will handle it.
    Dispatched,
    /// Someone works on it.
    InProgress,
    /// The customer must answer first.
    WaitingOnCustomer,
    /// Something outside must happen first.
    OnHold,
    /// It is handled; the customer may still object.
    Resolved,
    /// It is done.
    Closed,
    /// It came back.
    Reopened,
    /// Another ticket goes on in its place.
    Merged,
    /// It should not have been made.
    Cancelled,
}

/// What can be done with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketMove {
    /// Take responsibility.
    Accept,
    /// Give it to a department, a queue or an agent.
    Dispatch,
    /// Give it to somebody who can do more about it, one grade more urgent.
    Escalate,
    /// Begin to work on it.
    Start,
    /// Ask the customer something.
    WaitOnCustomer,
    /// Wait for something outside.
    Hold,
    /// Go on after waiting.
    Resume,
    /// Say how it was handled.
    Resolve,
    /// Answer the customer, and go on.
    Reply,
    /// Tell the customer how it was handled.
    Inform,
    /// Finish it.
    Close,
    /// Bring it back.
    Reopen,
    /// Let another ticket go on in its place.
    Merge,
    /// Withdraw it.
    Cancel,
    /// Write something down.
    Note,
    /// Correct what it is about, whose it is, what it is filed under or how urgent it is, or fill in its
    /// form.
    Revise,
    /// Tell of a deadline; the program's own move.
    Alarm,
}

/// Says that a move is not allowed from where the ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a ticket that is {state} allows no {attempted}")]
pub struct TicketRejection {
    /// Where the ticket stands.
    pub state: TicketState,
    /// What was tried.
    pub attempted: TicketMove,
}

impl TicketState {
    /// Gives the state after a move, or refuses the move.
    pub fn after(self, attempted: TicketMove) -> Result<Self, TicketRejection> {
        use TicketMove as Move;
        match (self, attempted) {
            (Self::New | Self::Reopened, Move::Accept) => Ok(Self::Accepted),
            (
                Self::Accepted | Self::Dispatched | Self::InProgress | Self::Reopened,
                Move::Dispatch | Move::Escalate,
            ) => Ok(Self::Dispatched),
            (Self::Accepted | Self::Dispatched | Self::Reopened, Move::Start)
            | (Self::WaitingOnCustomer | Self::OnHold, Move::Resume) => Ok(Self::InProgress),
            (Self::InProgress, Move::WaitOnCustomer) => Ok(Self::WaitingOnCustomer),
            (Self::InProgress | Self::WaitingOnCustomer, Move::Hold) => Ok(Self::OnHold),
            (Self::InProgress | Self::WaitingOnCustomer, Move::Resolve) => Ok(Self::Resolved),
            (Self::Resolved, Move::Close) => Ok(Self::Closed),
            (Self::Resolved | Self::Closed, Move::Reopen) => Ok(Self::Reopened),
            (state, Move::Merge) if state.is_open() => Ok(Self::Merged),
            (state, Move::Cancel) if state.is_open() => Ok(Self::Cancelled),
            (state @ Self::Resolved, Move::Inform) => Ok(state),
            (state, Move::Note) if state.goes_on() => Ok(state),
            (state, Move::Revise) if state.is_open() || state == Self::Resolved => Ok(state),
            (state, Move::Reply | Move::Alarm) if state.is_open() => Ok(state),
            (state, attempted) => Err(TicketRejection { state, attempted }),
        }
    }

    /// Tells whether someone still has to do something.
    pub const fn is_open(self) -> bool {
        match self {
            Self::New
            | Self::Accepted
            | Self::Dispatched
            | Self::InProgress
            | Self::WaitingOnCustomer
            | Self::OnHold
            | Self::Reopened => true,
            Self::Resolved | Self::Closed | Self::Merged | Self::Cancelled => false,
        }
    }

    /// Tells whether anything can still happen to it.
    pub const fn goes_on(self) -> bool {
        !matches!(self, Self::Merged | Self::Cancelled)
    }

    /// Every state, in the order of a ticket's life.
    pub const ALL: [Self; 11] = [
        Self::New,
        Self::Accepted,
        Self::Dispatched,
        Self::InProgress,
        Self::WaitingOnCustomer,
        Self::OnHold,
        Self::Resolved,
        Self::Closed,
        Self::Reopened,
        Self::Merged,
        Self::Cancelled,
    ];

    /// Gives the word used in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Accepted => "accepted",
            Self::Dispatched => "dispatched",
            Self::InProgress => "in_progress",
            Self::WaitingOnCustomer => "waiting_on_customer",
            Self::OnHold => "on_hold",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Merged => "merged",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for TicketState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Says that a text names no state of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no state of a ticket")]
pub struct TicketStateError(pub String);

impl FromStr for TicketState {
    type Err = TicketStateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| TicketStateError(text.to_owned()))
    }
}

impl TicketMove {
    /// Every move, in the order of a ticket's life.
    pub const ALL: [Self; 17] = [
        Self::Accept,
        Self::Dispatch,
        Self::Escalate,
        Self::Start,
        Self::WaitOnCustomer,
        Self::Hold,
        Self::Resume,
        Self::Resolve,
        Self::Reply,
        Self::Inform,
        Self::Close,
        Self::Reopen,
        Self::Merge,
        Self::Cancel,
        Self::Note,
        Self::Revise,
        Self::Alarm,
    ];

    /// Tells whether it answers the customer, be it with a question.
    pub const fn answers_customer(self) -> bool {
        matches!(self, Self::Reply | Self::WaitOnCustomer | Self::Resolve)
    }

    /// Gives the word used in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Dispatch => "dispatch",
            Self::Escalate => "escalate",
            Self::Start => "start",
            Self::WaitOnCustomer => "wait_on_customer",
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::Resolve => "resolve",
            Self::Reply => "reply",
            Self::Inform => "inform",
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Merge => "merge",
            Self::Cancel => "cancel",
            Self::Note => "note",
            Self::Revise => "revise",
            Self::Alarm => "alarm",
        }
    }
}

impl fmt::Display for TicketMove {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Says that a text names no move of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no move of a ticket")]
pub struct TicketMoveError(pub String);

impl FromStr for TicketMove {
    type Err = TicketMoveError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|attempted| attempted.as_str() == text)
            .ok_or_else(|| TicketMoveError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests;
