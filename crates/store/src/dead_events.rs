//! Events that could not be kept: looked at, kept after all, or given up.

use async_trait::async_trait;
use thiserror::Error;

use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::TicketRule;
use switchboard_domain::time::Timestamp;

use crate::error::{Cause, StoreError};
use crate::outbox::{OutboxEntry, OutboxPosition};
use crate::page::{Page, PageRequest};
use crate::projection::DeadEntry;

/// A dead event to be kept after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Which one.
    pub at: OutboxPosition,
    /// The tenant's ticket rules in force.
    pub rules: Vec<TicketRule>,
    /// The time at which tickets are made.
    pub now: Timestamp,
}

/// Says why a dead event stays dead; nothing of it was kept.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// It can still not be kept.
    #[error("the event can still not be kept")]
    StillPoison(#[source] Cause),
    /// The store failed, or there is no such event among the dead.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The events that recorders put aside.
#[async_trait]
pub trait DeadEvents: Send + Sync {
    /// Gives dead events, the last put aside first.
    async fn dead(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<Page<DeadEntry>, StoreError>;

    /// Gives one dead event.
    async fn dead_at(&self, tenant: &TenantId, at: OutboxPosition)
    -> Result<DeadEntry, StoreError>;

    /// Keeps a dead event at its place in the stream, and folds its contact anew from everything
    /// that is kept of it, in order: as if the event had never been dead. Whatever is asked how
    /// often, it is kept once.
    ///
    /// Tickets follow where the contact comes to another outcome than before; those that were made
    /// stay.
    async fn replay(&self, tenant: &TenantId, replay: &Replay) -> Result<OutboxEntry, ReplayError>;

    /// Gives a dead event up, for ever.
    async fn drop_dead(
        &self,
        tenant: &TenantId,
        at: OutboxPosition,
    ) -> Result<DeadEntry, StoreError>;
}
