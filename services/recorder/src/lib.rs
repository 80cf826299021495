//! The recorder: turns each tenant's outbox into history and tickets, exactly once.
//!
//! It reads the stream in order and keeps it batch by batch in Postgres, each in one transaction
//! with the offset. Any number of recorders may run: the offset lets one of them keep each batch.
//! Postgres may be away for hours; the stream waits, because only what is kept is trimmed.

mod api;
mod metrics;
mod retention;
mod role;
mod rules;
mod settings;
mod worker;

pub use retention::{
    RetentionParts, keep_to_policies, look_after_months, retention_service, step_all,
};
pub use role::mount;
pub use rules::TicketRules;
pub use settings::RecorderSettings;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use tracing::{Instrument, debug, error, info, info_span};

use switchboard_api::call::v1::history_service_server::{HistoryService, HistoryServiceServer};
use switchboard_api::recorder::v1::audit_service_server::{AuditService, AuditServiceServer};
use switchboard_api::recorder::v1::dead_event_service_server::{
    DeadEventService, DeadEventServiceServer,
};
use switchboard_center::CenterCache;
use switchboard_domain::ids::TenantId;
use switchboard_runtime::clock::Clock;
use switchboard_runtime::read_log::ReadLog;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_store::audit::{Audit, AuditTrail};
use switchboard_store::dead_events::DeadEvents;
use switchboard_store::history::History;
use switchboard_store::live_floor::LiveFloor;
use switchboard_store::projection::Projection;
use switchboard_store::retention::Retention;
use switchboard_store::tenants::Tenants;
use switchboard_store::tickets::Tickets;

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

/// What the service that reads the history back works with.
#[derive(Clone)]
pub struct HistoryParts {
    /// The history.
    pub history: Arc<dyn History>,
    /// The tickets that belong to it.
    pub tickets: Arc<dyn Tickets>,
    /// From when on it is complete.
    pub retention: Arc<dyn Retention>,
    /// Within which time queues are to answer.
    pub centers: Arc<CenterCache>,
    /// Who read what.
    pub reads: ReadLog,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What the service that looks after the dead events works with.
#[derive(Clone)]
pub struct DeadEventParts {
    /// The dead events.
    pub dead_events: Arc<dyn DeadEvents>,
    /// Which tickets they leave behind, once they are recorded.
    pub rules: Arc<dyn TicketRules>,
    /// Who looked, replayed and dropped.
    pub audit: Arc<dyn Audit>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What the service that reads the audit trail works with.
#[derive(Clone)]
pub struct AuditParts {
    /// The trail.
    pub trail: Arc<dyn AuditTrail>,
    /// Who read it.
    pub reads: ReadLog,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Makes the service that reads the audit trail.
pub fn audit_service(parts: AuditParts) -> AuditServiceServer<impl AuditService> {
    AuditServiceServer::new(api::AuditRpcs { parts })
}

/// Makes the service that reads the history back.
///
/// Callers' numbers are whole for administrators who read one interaction, and masked for everybody else
/// and in lists.
pub fn history_service(parts: HistoryParts) -> HistoryServiceServer<impl HistoryService> {
    HistoryServiceServer::new(api::HistoryRpcs { parts })
}

/// Makes the service that looks after the dead events.
pub fn dead_event_service(parts: DeadEventParts) -> DeadEventServiceServer<impl DeadEventService> {
    DeadEventServiceServer::new(api::DeadEventRpcs { parts })
}

impl Recorder {
    /// Records every tenant's events until the shutdown; a batch under way is finished first.
    pub async fn run(self, shutdown: Shutdown) {
        let mut crew =
            Crew { metrics: Metrics::new(), working: BTreeMap::new(), workers: JoinSet::new() };
        while !shutdown.is_triggered() {
            for tenant in self.idle_tenants(&crew.working).await {
                crew.start(&self, tenant, &shutdown);
            }
            // Waiting only for the shutdown, but not for ever: then tenants are looked for again.
            drop(timeout(self.settings.tenant_refresh, shutdown.triggered()).await);
        }
        while crew.workers.join_next().await.is_some() {}
        info!("the recorder has ended");
    }

    /// Gives the tenants for whom nobody works: new ones, and those whose worker broke.
    async fn idle_tenants(&self, working: &BTreeMap<TenantId, AbortHandle>) -> Vec<TenantId> {
        let tenants = match self.tenants.list().await {
            Ok(tenants) => tenants,
            Err(error) => {
                debug!(error = &error as &dyn Error, "the tenants cannot be listed");
                return vec![];
            }
        };
        let is_idle = |id: &TenantId| match working.get(id) {
            Some(task) if task.is_finished() => {
                error!(tenant = %id, "recording broke and is started again");
                true
            }
            worker => worker.is_none(),
        };
        tenants.into_iter().map(|tenant| tenant.id).filter(is_idle).collect()
    }
}

/// Who works for which tenant.
struct Crew {
    metrics: Metrics,
    working: BTreeMap<TenantId, AbortHandle>,
    workers: JoinSet<()>,
}

impl Crew {
    fn start(&mut self, recorder: &Recorder, tenant: TenantId, shutdown: &Shutdown) {
        let span = info_span!("recorder.tenant", %tenant);
        let worker = Worker::new(recorder.clone(), tenant.clone(), self.metrics.clone());
        let task = self.workers.spawn(worker.run(shutdown.clone()).instrument(span));
        self.working.insert(tenant, task);
    }
}
