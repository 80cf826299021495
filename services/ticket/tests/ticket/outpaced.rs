//! Work of the floor as a process sees it that is overtaken by another one.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use switchboard_domain::ids::{AgentId, ContactId, TenantId};
use switchboard_domain::ticket::{TicketChange, WorkItem};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::work_items::WorkItems;
use switchboard_ticket::{WorkParts, work_on};

type Kept = Result<(), StoreError>;

/// What a process finds that has hardly read its work when another one carries it out.
pub(crate) struct Outpaced {
    pub(crate) items: Arc<dyn WorkItems>,
    pub(crate) faster: Mutex<Option<WorkParts>>,
}

#[async_trait]
impl WorkItems for Outpaced {
    async fn find(
        &self,
        tenant: &TenantId,
        id: &ContactId,
    ) -> Result<Option<WorkItem>, StoreError> {
        let found = self.items.find(tenant, id).await;
        let faster = self.faster.lock().unwrap().take();
        if let Some(faster) = faster {
            work_on(&faster, tenant, id).await.unwrap();
        }
        found
    }

    async fn due(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<WorkItem>, StoreError> {
        self.items.due(tenant, now, most).await
    }

    async fn after(
        &self,
        tenant: &TenantId,
        id: Option<&ContactId>,
        most: u32,
    ) -> Result<Vec<WorkItem>, StoreError> {
        self.items.after(tenant, id, most).await
    }

    async fn hand_to(&self, tenant: &TenantId, id: &ContactId, to: &AgentId) -> Kept {
        self.items.hand_to(tenant, id, to).await
    }

    async fn give_back(&self, tenant: &TenantId, id: &ContactId, change: &TicketChange) -> Kept {
        self.items.give_back(tenant, id, change).await
    }

    async fn rename(
        &self,
        tenant: &TenantId,
        item: &WorkItem,
        name: &ContactId,
        at: Timestamp,
    ) -> Kept {
        self.items.rename(tenant, item, name, at).await
    }

    async fn look_again(&self, tenant: &TenantId, id: &ContactId, at: Timestamp) -> Kept {
        self.items.look_again(tenant, id, at).await
    }

    async fn look_at_all(&self, tenant: &TenantId, now: Timestamp) -> Kept {
        self.items.look_at_all(tenant, now).await
    }

    async fn finish(&self, tenant: &TenantId, id: &ContactId) -> Kept {
        self.items.finish(tenant, id).await
    }
}
