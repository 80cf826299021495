//! Promises to customers.

use async_trait::async_trait;

use switchboard_domain::ids::{AgentId, CustomerId, PromiseId, TenantId, TicketId};
use switchboard_domain::promise::{Promise, PromiseState};
use switchboard_domain::ticket::TicketMove;
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::page::{Page, PageRequest};

/// Which promises are wanted; an empty filter wants them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromiseFilter {
    /// Only those that stand so.
    pub state: Option<PromiseState>,
    /// Only those about this issue.
    pub ticket: Option<TicketId>,
    /// Only those to this customer.
    pub customer: Option<CustomerId>,
    /// Only those this agent sees to.
    pub owner: Option<AgentId>,
    /// Only those that are due before then.
    pub due_before: Option<Timestamp>,
}

/// What the life of a promise's ticket says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseLine {
    /// As what: a note, or an alarm, which leaves the ticket untouched.
    pub applied: TicketMove,
    /// Who did it.
    pub actor: String,
    /// What is said.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// Keeps the promises of each tenant. Each change is kept with a line in the life of the ticket, unless
/// the ticket's life is over.
#[async_trait]
pub trait Promises: Send + Sync {
    /// Keeps a new promise, or gives the one of the same name; another one under it is a conflict.
    async fn make(
        &self,
        tenant: &TenantId,
        promise: &Promise,
        line: &PromiseLine,
    ) -> Result<Promise, StoreError>;

    /// Gives one promise.
    async fn promise(&self, tenant: &TenantId, id: &PromiseId) -> Result<Promise, StoreError>;

    /// Gives promises, those due first first.
    async fn promises(
        &self,
        tenant: &TenantId,
        filter: &PromiseFilter,
        page: &PageRequest,
    ) -> Result<Page<Promise>, StoreError>;

    /// Keeps the end of a promise; if it is no longer one version behind it, that is a conflict.
    async fn end(
        &self,
        tenant: &TenantId,
        promise: &Promise,
        line: &PromiseLine,
    ) -> Result<(), StoreError>;
}
