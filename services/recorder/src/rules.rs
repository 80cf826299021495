//! Where the recorder learns which tickets a call leaves behind.

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::TicketRule;
use switchboard_store::error::StoreError;

/// Gives the ticket rules in force.
#[async_trait]
pub trait TicketRules: Send + Sync {
    /// Gives the rules of one tenant; asked once per batch, so answer from memory.
    ///
    /// An error holds the batch back: a call whose rules are unknown must not lose its ticket.
    async fn rules(&self, tenant: &TenantId) -> Result<Vec<TicketRule>, StoreError>;
}
