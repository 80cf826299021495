//! The recorder: turns each tenant's outbox into history and tickets, exactly once.
//!
//! It reads the stream in order and keeps it batch by batch in Postgres, each in one transaction
//! with the offset. Any number of recorders may run: the offset lets one of them keep each batch.
//! Postgres may be away for hours; the stream waits, because only what is kept is trimmed.

mod metrics;
mod rules;
mod settings;
mod worker;

pub use rules::TicketRules;
pub use settings::RecorderSettings;

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;
use tracing::{Instrument, info, info_span, warn};

use switchboard_domain::ids::TenantId;
use switchboard_runtime::clock::Clock;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::LiveFloor;
use switchboard_store::projection::Projection;
use switchboard_store::tenants::Tenants;

use crate::metrics::Metrics;
use crate::worker::Worker;

/// What the recorder works with.
#[derive(Clone)]
pub struct Recorder {
    /// Where the events come from.
    pub floor: Arc<dyn LiveFloor>,
    /// Where they go.
    pub projection: Arc<dyn Projection>,
    /// Whose they are.
    pub tenants: Arc<dyn Tenants>,
    /// Which tickets they leave behind.
    pub rules: Arc<dyn TicketRules>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How much at once, and how long to wait.
    pub settings: RecorderSettings,
}

impl Recorder {
    /// Records every tenant's events until the shutdown; a batch under way is finished first.
    pub async fn run(self, shutdown: Shutdown) {
        let metrics = Metrics::new();
        let mut known = BTreeSet::new();
        let mut workers = JoinSet::new();
        while !shutdown.is_triggered() {
            for tenant in self.new_tenants(&mut known).await {
                let span = info_span!("recorder.tenant", %tenant);
                let worker = Worker::new(self.clone(), tenant, metrics.clone());
                workers.spawn(worker.run(shutdown.clone()).instrument(span));
            }
            tokio::select! {
                () = tokio::time::sleep(self.settings.tenant_refresh) => {}
                () = shutdown.triggered() => {}
            }
        }
        while workers.join_next().await.is_some() {}
        info!("the recorder has ended");
    }

    async fn new_tenants(&self, known: &mut BTreeSet<TenantId>) -> Vec<TenantId> {
        match self.tenants.list().await {
            Ok(tenants) => {
                let ids = tenants.into_iter().map(|tenant| tenant.id);
                ids.filter(|id| known.insert(id.clone())).collect()
            }
            Err(StoreError::Unavailable(_)) => vec![],
            Err(error) => {
                warn!(%error, "the tenants cannot be listed");
                vec![]
            }
        }
    }
}
