//! Following tickets: every change once, in the order in which they were kept.

use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::Ticket;

use crate::error::StoreError;
use crate::tickets::Standing;

/// A ticket as it is after its last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedTicket {
    /// The number of the change: counts up within the tenant; who has seen one never sees a smaller
    /// one that is new.
    pub change: u64,
    /// The ticket.
    pub ticket: Ticket,
    /// What tells besides the ticket whether it is wanted.
    pub standing: Standing,
}

/// Follows the tickets of each tenant, whoever changes them.
#[async_trait]
pub trait TicketFeed: Send + Sync {
    /// Gives the number of the last change; 0 before the first.
    async fn last_change(&self, tenant: &TenantId) -> Result<u64, StoreError>;

    /// Gives what changed after a number, at most so many tickets, each once, in the order of their
    /// last changes. While there is nothing it waits, at most so long.
    ///
    /// No number is too old: what changed often is told as it is now.
    async fn changes_after(
        &self,
        tenant: &TenantId,
        after: u64,
        most: u32,
        wait: Duration,
    ) -> Result<Vec<ChangedTicket>, StoreError>;
}
