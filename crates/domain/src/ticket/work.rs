//! Tickets as work of the floor: what a queue's agents are offered, and what follows from how ticket
//! and contact stand.
//!
//! The ticket is the truth. A piece of work stands for one dispatch of a ticket to a queue; on the floor
//! it is a contact of the channel `task`. What is to be done follows from both alone, so any process may
//! do it, any number of times, whenever it likes.

use crate::floor::state::ContactState;
use crate::ids::{AgentId, ContactId, IdError, OfferId, QueueId, TicketId};

use super::{Ticket, TicketState};

/// What the names of contacts begin with that stand for work on tickets.
const PREFIX: &str = "ticket-";

/// One piece of work: a ticket for the agents of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// The contact that stands for it on the floor.
    pub contact: ContactId,
    /// The ticket.
    pub ticket: TicketId,
    /// The queue the ticket was sent to.
    pub queue: QueueId,
    /// Whether the ticket has gone somewhere else since: the contact is to end.
    pub is_withdrawn: bool,
    /// The agent to whom the floor has given it; none while it waits.
    pub agent: Option<AgentId>,
    /// How often it had to be queued anew, because its contact ended before the work was done.
    pub attempt: u32,
}

/// What is to be done for a piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkStep {
    /// Nothing: all is as it should be.
    Nothing,
    /// Queue it: the floor does not know it.
    Start,
    /// Put it in its queue: the floor knows it and no more.
    Route,
    /// Give the ticket to the agent who accepted it.
    HandTo(AgentId),
    /// Tell the floor that the agent has it.
    Bridge(OfferId),
    /// Take the ticket from its agent, who has passed the work on: it waits again.
    GiveBack,
    /// Queue it under another name: its contact has ended, and the ticket still waits.
    Renew,
    /// End the contact.
    HangUp,
    /// Forget it: there is nothing left to do.
    Finish,
}

impl WorkStep {
    /// Says whether nothing comes after it: a mistake could not be made good.
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::HangUp | Self::Finish)
    }
}

impl WorkItem {
    /// Gives the work of a ticket that a move has just sent to a queue; nothing when it was sent
    /// somewhere else.
    pub fn of(ticket: &Ticket) -> Option<Self> {
        let queue = ticket.queue.clone().filter(|_| ticket.state == TicketState::Dispatched)?;
        // The version tells dispatches of a ticket apart; the number of a ticket is short.
        let contact = ContactId::parse(format!("{PREFIX}{}.{}", ticket.number, ticket.version));
        Some(Self {
            contact: contact.ok()?,
            ticket: ticket.id.clone(),
            queue,
            is_withdrawn: false,
            agent: None,
            attempt: 1,
        })
    }

    /// Says whether a contact stands for work on a ticket, by its name.
    pub fn is_work(contact: &str) -> bool {
        contact.starts_with(PREFIX)
    }

    /// Gives the name under which it is queued anew.
    pub fn next_contact(&self) -> Result<ContactId, IdError> {
        let ended = format!(".{}", self.attempt);
        let name = self.contact.as_str();
        let stem = if self.attempt == 1 { name } else { name.strip_suffix(&ended).unwrap_or(name) };
        ContactId::parse(format!("{stem}.{}", self.attempt + 1))
    }

    /// Says whether the agent to whom the floor has given it works on the ticket.
    pub fn is_held_by(&self, ticket: &Ticket) -> bool {
        !self.is_withdrawn
            && ticket.state == TicketState::InProgress
            && self.agent.is_some()
            && self.agent == ticket.assignee
    }

    /// Says what follows from how the ticket and its contact stand; `contact` is nothing when the floor
    /// does not know it.
    pub fn next(&self, ticket: &Ticket, contact: Option<&ContactState>) -> WorkStep {
        match (ticket.state, &self.agent) {
            _ if self.is_withdrawn => when_over(contact),
            (TicketState::Dispatched, _) if ticket.assignee.is_none() => while_waiting(contact),
            (_, Some(agent)) if self.is_held_by(ticket) => while_worked_on(agent, contact),
            // Somebody took it from a list, or it is resolved, waits, or is somebody else's.
            _ => when_over(contact),
        }
    }
}

fn while_waiting(contact: Option<&ContactState>) -> WorkStep {
    match contact {
        None => WorkStep::Start,
        Some(ContactState::InMenu) => WorkStep::Route,
        Some(ContactState::Queued | ContactState::Offered { .. }) => WorkStep::Nothing,
        Some(ContactState::Connecting { agent, .. } | ContactState::Connected { agent }) => {
            WorkStep::HandTo(agent.clone())
        }
        Some(ContactState::Ended { .. }) => WorkStep::Renew,
    }
}

fn while_worked_on(agent: &AgentId, contact: Option<&ContactState>) -> WorkStep {
    match contact {
        Some(ContactState::Connecting { offer, agent: accepted }) if accepted == agent => {
            WorkStep::Bridge(offer.clone())
        }
        Some(ContactState::Connected { agent: connected }) if connected == agent => {
            WorkStep::Nothing
        }
        // The agent has passed it on, and maybe somebody has accepted it since.
        Some(
            ContactState::InMenu
            | ContactState::Queued
            | ContactState::Offered { .. }
            | ContactState::Connecting { .. }
            | ContactState::Connected { .. },
        ) => WorkStep::GiveBack,
        // The agent goes on without the floor.
        None | Some(ContactState::Ended { .. }) => WorkStep::Finish,
    }
}

fn when_over(contact: Option<&ContactState>) -> WorkStep {
    match contact {
        None | Some(ContactState::Ended { .. }) => WorkStep::Finish,
        Some(
            ContactState::InMenu
            | ContactState::Queued
            | ContactState::Offered { .. }
            | ContactState::Connecting { .. }
            | ContactState::Connected { .. },
        ) => WorkStep::HangUp,
    }
}

#[cfg(test)]
mod tests;
