//! The recorder's port: events and the offset up to which they are kept, always together.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::TicketRule;
use switchboard_domain::time::Timestamp;

use crate::error::{Cause, StoreError};
use crate::outbox::{OutboxEntry, OutboxId};

/// Entries of one epoch that follow each other, to be kept as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The epoch that wrote the entries.
    pub epoch: u64,
    /// The offset on which the batch builds; none when the epoch has none yet.
    pub expected: Option<OutboxId>,
    /// The entries, oldest first, all after `expected`.
    pub entries: Vec<OutboxEntry>,
    /// The tenant's ticket rules in force.
    pub rules: Vec<TicketRule>,
    /// The time at which tickets are made.
    pub now: Timestamp,
}

/// An entry that cannot be kept, put aside so that others go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadEntry {
    /// The offset on which it builds.
    pub expected: Option<OutboxId>,
    /// The entry.
    pub entry: OutboxEntry,
    /// Why it cannot be kept.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub at: Timestamp,
}

/// Says why a batch was not kept; nothing of it was.
#[derive(Debug, Error)]
pub enum ProjectionError {
    /// Another recorder was faster: read the offset again.
    #[error("the offset is no longer the expected one")]
    OffsetMoved,
    /// An entry of the batch can never be kept; alone in a batch, it is the one.
    #[error("an entry cannot be kept")]
    Poison(#[source] Cause),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Says whether an event adds to what is folded of its entity; both are told as epoch and version.
///
/// What an earlier epoch tells late adds nothing to what a newer one told.
pub fn adds(event: (u64, u64), folded: (u64, u64)) -> bool {
    event > folded
}

/// Turns the outbox into history and tickets, exactly once.
#[async_trait]
pub trait Projection: Send + Sync {
    /// Gives up to where an epoch is kept; none when nothing of it is.
    async fn offset(&self, tenant: &TenantId, epoch: u64) -> Result<Option<OutboxId>, StoreError>;

    /// Keeps a batch in one transaction: events, interactions, tickets due, offset.
    async fn commit(&self, tenant: &TenantId, batch: &Batch) -> Result<(), ProjectionError>;

    /// Puts an entry aside and moves the offset past it, in one transaction.
    async fn bury(&self, tenant: &TenantId, dead: &DeadEntry) -> Result<(), ProjectionError>;

    /// Waits until more of an epoch is kept than `known`, at most for `wait`, and gives the offset.
    ///
    /// Progress is noticed at once as a rule, and at the end of `wait` in any case.
    async fn recorded(
        &self,
        tenant: &TenantId,
        epoch: u64,
        known: Option<OutboxId>,
        wait: Duration,
    ) -> Result<Option<OutboxId>, StoreError>;
}
