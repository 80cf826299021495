//! The durable stores of a test: one tenant with the demo center, and nothing else is known.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use switchboard_center::demo;
use switchboard_domain::customer::{Customer, Evidence, LastTalk};
use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::{CustomerId, FlowId, GatewayId, TenantId};
use switchboard_domain::phone::E164;
use switchboard_domain::time::Timestamp;
use switchboard_store::centers::{CenterVersion, Centers, NewCenterVersion};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::flows::{FlowRelease, FlowText};
use switchboard_store::outbox::OutboxId;
use switchboard_store::page::{Page, PageRequest};
use switchboard_store::projection::{Batch, DeadEntry, Projection, ProjectionError};
use switchboard_store::tenants::{Epochs, Gateways};
use tokio::time::sleep;

/// The durable stores of a test.
#[derive(Default)]
pub(crate) struct Memory {
    epoch: AtomicU64,
}

fn refused() -> StoreError {
    StoreError::conflict("the test's store")
}

#[async_trait]
impl Centers for Memory {
    async fn save(&self, _: &TenantId, _: &NewCenterVersion) -> Result<u64, StoreError> {
        Err(refused())
    }

    async fn current(&self, _: &TenantId) -> Result<u64, StoreError> {
        Ok(1)
    }

    async fn load(&self, _: &TenantId, version: u64) -> Result<CenterVersion, StoreError> {
        let mut files = demo();
        let queues = files.get_mut("queues.yaml").unwrap();
        *queues = queues.replace("retry_after: 10m, hours: daytime", "retry_after: 10m");
        Ok(CenterVersion { version, files, actor: "test".to_owned(), at: Timestamp::ZERO })
    }

    async fn flow_text(
        &self,
        _: &TenantId,
        flow: &FlowId,
        version: FlowVersion,
    ) -> Result<FlowText, StoreError> {
        Err(StoreError::not_found(format!("flow version {flow}@{version}")))
    }

    async fn flow_releases(
        &self,
        _: &TenantId,
        _: &FlowId,
        _: Option<u64>,
        _: u32,
    ) -> Result<Vec<FlowRelease>, StoreError> {
        Ok(Vec::new())
    }

    async fn watch(&self, _: &TenantId, known: u64, wait: Duration) -> Result<u64, StoreError> {
        sleep(wait).await;
        Ok(known)
    }
}

#[async_trait]
impl Epochs for Memory {
    async fn next(
        &self,
        _: &TenantId,
        seen: u64,
        _: &str,
        _: Timestamp,
    ) -> Result<u64, StoreError> {
        let before = self.epoch.fetch_max(seen, Ordering::SeqCst).max(seen);
        self.epoch.store(before + 1, Ordering::SeqCst);
        Ok(before + 1)
    }
}

#[async_trait]
impl Gateways for Memory {
    async fn register(
        &self,
        _: &TenantId,
        _: &GatewayId,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn known(&self, _: &TenantId) -> Result<Vec<GatewayId>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Customers for Memory {
    async fn create(&self, _: &TenantId, _: &Customer) -> Result<(), StoreError> {
        Err(refused())
    }

    async fn get(&self, _: &TenantId, _: &CustomerId) -> Result<Customer, StoreError> {
        Err(refused())
    }

    async fn list(&self, _: &TenantId, _: &PageRequest) -> Result<Page<Customer>, StoreError> {
        Err(refused())
    }

    async fn lookup(&self, _: &TenantId, _: &E164) -> Result<Vec<Evidence>, StoreError> {
        Ok(Vec::new())
    }

    async fn last_talk(
        &self,
        _: &TenantId,
        _: &E164,
        _: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError> {
        Ok(None)
    }
}

#[async_trait]
impl Projection for Memory {
    async fn offset(&self, _: &TenantId, _: u64) -> Result<Option<OutboxId>, StoreError> {
        Ok(None)
    }

    async fn commit(&self, _: &TenantId, _: &Batch) -> Result<(), ProjectionError> {
        Err(refused().into())
    }

    async fn bury(&self, _: &TenantId, _: &DeadEntry) -> Result<(), ProjectionError> {
        Err(refused().into())
    }

    async fn dead(&self, _: &TenantId) -> Result<Vec<DeadEntry>, StoreError> {
        Ok(Vec::new())
    }

    async fn recorded(
        &self,
        _: &TenantId,
        _: u64,
        _: Option<OutboxId>,
        wait: Duration,
    ) -> Result<Option<OutboxId>, StoreError> {
        sleep(wait).await;
        Ok(None)
    }
}
