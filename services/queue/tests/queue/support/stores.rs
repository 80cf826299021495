//! The durable stores of a test, in memory.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use switchboard_center::demo;
use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::{FlowId, GatewayId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::centers::{CenterFiles, CenterVersion, Centers, NewCenterVersion};
use switchboard_store::error::StoreError;
use switchboard_store::flows::{FlowRelease, FlowText};
use switchboard_store::tenants::{Epochs, Gateways, Tenant, Tenants};
use tokio::sync::watch;
use tokio::time::timeout;

/// The durable stores of a test: one tenant with the demo center, no gateway known.
pub(crate) struct Memory {
    epoch: Mutex<u64>,
    version: watch::Sender<u64>,
    files: Mutex<CenterFiles>,
}

impl Memory {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            epoch: Mutex::new(0),
            version: watch::Sender::new(1),
            files: Mutex::new(with_short_rings(demo())),
        })
    }

    /// Puts the next version of the center in force, with one file changed.
    pub(crate) fn change(&self, file: &str, from: &str, to: &str) {
        let mut files = self.files.lock().unwrap();
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "`{file}` has no `{from}`");
        *text = text.replace(from, to);
        drop(files);
        self.version.send_modify(|version| *version += 1);
    }
}

/// Nobody wants to wait for a quarter of a minute.
fn with_short_rings(mut files: CenterFiles) -> CenterFiles {
    let queues = files.get_mut("queues.yaml").unwrap();
    *queues = queues.replace("ring_timeout: 15s", "ring_timeout: 2s");
    files
}

#[async_trait]
impl Centers for Memory {
    async fn save(&self, _: &TenantId, _: &NewCenterVersion) -> Result<u64, StoreError> {
        Err(StoreError::conflict("the test's center"))
    }

    async fn current(&self, _: &TenantId) -> Result<u64, StoreError> {
        Ok(*self.version.borrow())
    }

    async fn load(&self, _: &TenantId, version: u64) -> Result<CenterVersion, StoreError> {
        let files = self.files.lock().unwrap().clone();
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
        let mut versions = self.version.subscribe();
        let newer = versions.wait_for(|version| *version != known);
        drop(timeout(wait, newer).await);
        Ok(*self.version.borrow())
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
        let mut epoch = self.epoch.lock().unwrap();
        *epoch = seen.max(*epoch) + 1;
        Ok(*epoch)
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
impl Tenants for Memory {
    async fn create(&self, _: &Tenant) -> Result<(), StoreError> {
        Err(StoreError::conflict("the test's tenant"))
    }

    async fn list(&self) -> Result<Vec<Tenant>, StoreError> {
        let created_at = Timestamp::ZERO;
        Ok(vec![Tenant { id: super::tenant(), name: "Demo".to_owned(), created_at }])
    }
}
