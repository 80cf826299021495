//! Tickets; the rules of their life are in the domain, the last word on races is here.

mod filter;

use async_trait::async_trait;

use switchboard_domain::customer::Tier;
use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::ticket::sla::{OVERDUE, Outlook, UNANSWERED};
use switchboard_domain::ticket::{
    Attachment, Filled, Line, NewTicket, SideConversation, Ticket, TicketChange, TicketMove,
    TicketState,
};
use switchboard_domain::time::Timestamp;

use crate::audit::AuditRecord;
use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::ticket_followers::Follower;

pub use filter::{BOUNCED, IMPORTANT, Standing, TicketFilter, TicketSort};

/// A person's order for a new ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketOrder {
    /// The id of the ticket, if it is made now.
    pub id: TicketId,
    /// Names the order: the same order twice makes one ticket.
    pub request_id: String,
    /// Who orders.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// What is ordered.
    pub ticket: NewTicket,
    /// An open ticket of the same customer, kind and category that was made since then takes up the
    /// order; none to make a ticket in any case.
    pub joins_since: Option<Timestamp>,
}

impl TicketOrder {
    /// Says whether a ticket was made by this order, and not before.
    pub fn made(&self, ticket: &Ticket) -> bool {
        ticket.id == self.id
    }

    /// Gives the ticket as it will first be, under the number it is given when it is kept.
    pub fn ticket(&self, number: u64) -> Ticket {
        self.ticket.clone().ticket(self.id.clone(), number, self.at)
    }
}

/// What is kept together with a new ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beginning {
    /// What is to come of its deadlines, as of the time of the order; none if they are to be looked at.
    pub outlook: Option<Outlook>,
    /// The line of the audit trail that tells of it.
    pub line: Option<AuditRecord>,
}

/// What came of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The ticket that was made, or that takes up the order, or that the same order led to before.
    pub ticket: Ticket,
    /// Whether it was made now; only then its beginning was kept.
    pub is_new: bool,
}

/// Gives what a ticket weighs at most in an answer, in bytes: its texts, and room for what is short.
pub const fn weight(ticket: &Ticket) -> usize {
    let resolution = match &ticket.resolution {
        Some(text) => text.len(),
        None => 0,
    };
    1_024 + ticket.subject.len() + ticket.body.len() + resolution
}

/// One move in a ticket's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketEvent {
    /// The version of the ticket after the move; 1 is its making.
    pub version: u64,
    /// The move; none for the making.
    pub applied: Option<TicketMove>,
    /// Where the ticket stood after it.
    pub state: TicketState,
    /// Who did it.
    pub actor: String,
    /// Why.
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl TicketEvent {
    /// Gives what figures are counted from.
    pub fn line(&self) -> Line {
        let is_alarm = self.applied == Some(TicketMove::Alarm);
        let tells_overdue = self.note.as_ref().is_some_and(|note| note.ends_with(OVERDUE));
        let is_overdue = is_alarm && tells_overdue;
        let is_unanswered = is_overdue && self.note.as_deref() == Some(UNANSWERED);
        let (applied, state, at) = (self.applied, self.state, self.at);
        Line { applied, state, at, is_overdue, is_unanswered }
    }
}

/// What stands beside a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Who follows it, whoever has longest first.
    pub followers: Vec<Follower>,
    /// The files it refers to, the oldest first.
    pub attachments: Vec<Attachment>,
    /// Conversations with third parties, the oldest first.
    pub conversations: Vec<SideConversation>,
}

/// A ticket whose deadlines are to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToAlarm {
    /// The ticket.
    pub ticket: Ticket,
    /// What its customer is worth.
    pub tier: Option<Tier>,
    /// Up to when its deadlines were told.
    pub told_until: Timestamp,
}

/// What was told of a ticket's deadlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldAlarms {
    /// Which ticket.
    pub ticket: TicketId,
    /// Its version when it was looked at.
    pub version: u64,
    /// A line of its life for each alarm, with the versions that follow.
    pub events: Vec<TicketEvent>,
    /// The moves that follow from them, with the versions after those.
    pub changes: Vec<TicketChange>,
    /// Who follows the ticket from now on, where there is room.
    pub followers: Vec<String>,
    /// Up to when its deadlines are told now.
    pub until: Timestamp,
    /// When to look again, if it is not moved before, and its next deadline.
    pub outlook: Outlook,
}

/// Keeps the tickets of each tenant.
#[async_trait]
pub trait Tickets: Send + Sync {
    /// Makes a ticket, or gives the one that takes up the order, or that the same order led to before.
    ///
    /// The same request id with another subject or interaction is a conflict; so is a parent that admits
    /// no task. The deadlines of a new ticket are to be looked at.
    async fn create(&self, tenant: &TenantId, order: &TicketOrder) -> Result<Ticket, StoreError> {
        let created = self.create_with(tenant, order, &Beginning::default()).await?;
        Ok(created.ticket)
    }

    /// Makes a ticket like [`Tickets::create`], and keeps its beginning with it.
    async fn create_with(
        &self,
        tenant: &TenantId,
        order: &TicketOrder,
        beginning: &Beginning,
    ) -> Result<Created, StoreError>;

    /// Gives one ticket.
    async fn get(&self, tenant: &TenantId, id: &TicketId) -> Result<Ticket, StoreError>;

    /// Gives one ticket with its life up to there, oldest move first.
    async fn life(
        &self,
        tenant: &TenantId,
        id: &TicketId,
    ) -> Result<(Ticket, Vec<TicketEvent>), StoreError>;

    /// Gives what was filled in of a ticket's form; nothing that was erased.
    ///
    /// Whoever judges a move by it reads it after the ticket: what is filled in later makes the move a
    /// conflict.
    async fn filled(&self, tenant: &TenantId, ticket: &Ticket) -> Result<Filled, StoreError>;

    /// Gives what stands beside a ticket; nothing personal that was erased.
    async fn beside(&self, tenant: &TenantId, ticket: &Ticket) -> Result<Beside, StoreError>;

    /// Gives the life of one ticket, oldest move first.
    async fn events(
        &self,
        tenant: &TenantId,
        id: &TicketId,
    ) -> Result<Vec<TicketEvent>, StoreError>;

    /// Gives tickets in the order of the filter; a page ends early when its texts weigh too much.
    async fn list(
        &self,
        tenant: &TenantId,
        filter: &TicketFilter,
        page: &PageRequest,
    ) -> Result<Page<Ticket>, StoreError>;

    /// Gives tickets whose deadlines are to be looked at, at most so many; those that were moved lately,
    /// or made and not looked at beforehand, are among them.
    async fn to_alarm(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<ToAlarm>, StoreError>;

    /// Keeps what was told of a ticket's deadlines, what follows from it and when to look again; a conflict if the ticket
    /// has changed since it was looked at.
    async fn tell_alarms(&self, tenant: &TenantId, told: &ToldAlarms) -> Result<(), StoreError>;

    /// Keeps a move, with what it fills in; if the ticket is no longer one version behind it, that is a
    /// conflict.
    async fn save(&self, tenant: &TenantId, change: &TicketChange) -> Result<(), StoreError>;

    /// Keeps moves of one ticket that follow each other, all or none of them.
    async fn save_all(&self, tenant: &TenantId, changes: &[TicketChange])
    -> Result<(), StoreError>;
}

/// Holds the orders that were taken while the durable store was away, until it is back.
#[async_trait]
pub trait TicketInbox: Send + Sync {
    /// Holds an order, and gives what is held: the earlier order of the same request, if any.
    async fn hold(&self, tenant: &TenantId, order: &TicketOrder)
    -> Result<TicketOrder, StoreError>;

    /// Gives the oldest of the orders held, so many that reading them is cheap, the oldest first; none when
    /// none is held.
    async fn waiting(&self, tenant: &TenantId) -> Result<Vec<TicketOrder>, StoreError>;

    /// Lets an order go, because it is recorded.
    async fn release(&self, tenant: &TenantId, request_id: &str) -> Result<(), StoreError>;
}
