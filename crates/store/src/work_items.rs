//! Tickets as work of the floor.

use async_trait::async_trait;

use switchboard_domain::ids::{AgentId, ContactId, TenantId};
use switchboard_domain::ticket::{TicketChange, WorkItem};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// Keeps the work that tickets of each tenant are on the floor.
///
/// A ticket that a move sends to a queue becomes work in the same transaction, and is no longer the work
/// that it was; each move of a ticket makes its work due.
#[async_trait]
pub trait WorkItems: Send + Sync {
    /// Gives work that is to be looked at, at most so much.
    async fn due(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<WorkItem>, StoreError>;

    /// Gives the work for which a contact stands; nothing when it is over.
    async fn find(
        &self,
        tenant: &TenantId,
        contact: &ContactId,
    ) -> Result<Option<WorkItem>, StoreError>;

    /// Gives work by the name of its contact, from after a name on, at most so much.
    async fn after(
        &self,
        tenant: &TenantId,
        contact: Option<&ContactId>,
        most: u32,
    ) -> Result<Vec<WorkItem>, StoreError>;

    /// Writes down to which agent the floor has given it.
    async fn hand_to(
        &self,
        tenant: &TenantId,
        contact: &ContactId,
        agent: &AgentId,
    ) -> Result<(), StoreError>;

    /// Keeps a move that lets the ticket wait again as the same work; a conflict if the ticket is no
    /// longer one version behind it.
    async fn give_back(
        &self,
        tenant: &TenantId,
        contact: &ContactId,
        change: &TicketChange,
    ) -> Result<(), StoreError>;

    /// Gives it another name under which it is queued anew, then.
    async fn rename(
        &self,
        tenant: &TenantId,
        item: &WorkItem,
        name: &ContactId,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Says when to look at it again.
    async fn look_again(
        &self,
        tenant: &TenantId,
        contact: &ContactId,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Makes everything due.
    async fn look_at_all(&self, tenant: &TenantId, now: Timestamp) -> Result<(), StoreError>;

    /// Forgets it.
    async fn finish(&self, tenant: &TenantId, contact: &ContactId) -> Result<(), StoreError>;
}
