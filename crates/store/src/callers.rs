//! Who may be calling: what the records say of a number.

use std::collections::BTreeMap;

use async_trait::async_trait;

use switchboard_domain::customer::{Found, LastTalk};
use switchboard_domain::ids::{
    AgentId, ContactId, CustomerId, PromiseId, QueueId, TenantId, TicketId,
};
use switchboard_domain::phone::{E164, PhoneAddress};
use switchboard_domain::ticket::TicketState;
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// What happened with a customer before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Background {
    /// The last talk.
    pub last_talk: Option<LastTalk>,
    /// The newest open tickets.
    pub tickets: Vec<OpenTicket>,
    /// The open promises that are due first.
    pub promises: Vec<OpenPromise>,
    /// The newest calls.
    pub calls: Vec<PastCall>,
}

/// A ticket that is not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTicket {
    /// The record's name.
    pub id: TicketId,
    /// The number people say to each other.
    pub number: u64,
    /// What it is about.
    pub subject: String,
    /// Where it stands.
    pub state: TicketState,
}

/// What a customer was told would be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPromise {
    /// The record's name.
    pub id: PromiseId,
    /// What.
    pub what: String,
    /// By when.
    pub due_at: Timestamp,
    /// Who sees to it.
    pub owner: Option<AgentId>,
    /// About which issue.
    pub ticket: Option<TicketId>,
}

/// A call that came in before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCall {
    /// Its interaction.
    pub id: ContactId,
    /// When it came in.
    pub started_at: Timestamp,
    /// The last queue.
    pub queue: Option<QueueId>,
    /// Who talked last.
    pub agent: Option<AgentId>,
    /// How it was filed.
    pub disposition: Option<String>,
}

/// Finds callers of each tenant.
#[async_trait]
pub trait Callers: Send + Sync {
    /// Gives what is known about everyone who may call from a number, at most 20 of them, and the
    /// lists that the number stands on; of an address that is no number only the lists.
    async fn lookup(&self, tenant: &TenantId, address: &PhoneAddress) -> Result<Found, StoreError>;

    /// Gives the last talk with whoever calls from a number, or with a customer from any number.
    async fn last_talk(
        &self,
        tenant: &TenantId,
        number: &E164,
        customer: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError>;

    /// Gives what happened with customers before, by customer: the newest 3 tickets and 5 calls,
    /// and the 3 promises that are due first.
    async fn backgrounds(
        &self,
        tenant: &TenantId,
        customers: &[CustomerId],
    ) -> Result<BTreeMap<CustomerId, Background>, StoreError>;

    /// Counts the changes of customers, their numbers and the lists that were heard of, whoever made
    /// them: what was found at a lower count may have changed. Never waits.
    fn changes(&self, tenant: &TenantId) -> u64;
}
