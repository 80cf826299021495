//! What happened: interactions and the events they were folded from.

use async_trait::async_trait;

use switchboard_domain::ids::{AgentId, ContactId, CustomerId, QueueId, TenantId};
use switchboard_domain::interaction::{Interaction, InteractionState};

use crate::error::StoreError;
use crate::outbox::OutboxEntry;
use crate::page::{Page, PageRequest};

/// Which interactions are wanted; an empty filter wants them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InteractionFilter {
    /// Only those in this state.
    pub state: Option<InteractionState>,
    /// Only those whose last queue is this one.
    pub queue: Option<QueueId>,
    /// Only those whose last agent is this one.
    pub agent: Option<AgentId>,
    /// Only those of this customer.
    pub customer: Option<CustomerId>,
}

/// An interaction with everything that was told about it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InteractionStory {
    /// The record.
    pub interaction: Interaction,
    /// The events, oldest first.
    pub events: Vec<OutboxEntry>,
}

/// Reads the durable history of one tenant.
#[async_trait]
pub trait History: Send + Sync {
    /// Gives one interaction with its events.
    async fn interaction(
        &self,
        tenant: &TenantId,
        id: &ContactId,
    ) -> Result<InteractionStory, StoreError>;

    /// Gives interactions, the latest to start first.
    async fn interactions(
        &self,
        tenant: &TenantId,
        filter: &InteractionFilter,
        page: &PageRequest,
    ) -> Result<Page<Interaction>, StoreError>;
}
