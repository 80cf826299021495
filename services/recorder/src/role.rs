//! Mounts this role in a process: the history, the work that fills it, and the end of what is past its
//! time.

use std::sync::Arc;

use async_trait::async_trait;
use switchboard_center::CenterCache;
use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::TicketRule;
use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};
use switchboard_store::error::StoreError;

use crate::{
    AuditParts, DeadEventParts, HistoryParts, Recorder, RecorderSettings, RetentionParts,
    TicketRules, audit_service, dead_event_service, history_service, keep_to_policies,
    retention_service,
};

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    mounted.add(history_service(HistoryParts {
        history: Arc::clone(&durable.history),
        tickets: Arc::clone(&durable.tickets),
        retention: Arc::clone(&durable.retention),
        centers: Arc::clone(&shared.centers),
        reads: shared.reads.clone(),
        clock: Arc::clone(&process.clock),
    }));
    mounted.add(audit_service(AuditParts {
        trail: Arc::clone(&durable.audit_trail),
        reads: shared.reads.clone(),
        clock: Arc::clone(&process.clock),
    }));
    let rules = Arc::new(CenterRules(Arc::clone(&shared.centers)));
    mounted.add(dead_event_service(DeadEventParts {
        dead_events: Arc::clone(&durable.dead_events),
        rules: Arc::clone(&rules) as _,
        audit: Arc::clone(&durable.audit),
        clock: Arc::clone(&process.clock),
    }));
    let retention = RetentionParts {
        retention: Arc::clone(&durable.retention),
        months: Arc::clone(&durable.event_months),
        centers: Arc::clone(&shared.centers),
        audit: Arc::clone(&durable.audit),
        clock: Arc::clone(&process.clock),
    };
    let keeping = keep_to_policies(retention.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("recorder.keep_to_policies", keeping);
    mounted.add(retention_service(retention));
    let recorder = Recorder {
        floor: Arc::clone(&process.stores.floor),
        projection: Arc::clone(&durable.projection),
        tenants: Arc::clone(&durable.tenants),
        rules,
        clock: Arc::clone(&process.clock),
        settings: RecorderSettings::default(),
    };
    let shutdown = process.tasks.shutdown().clone();
    process.tasks.spawn_draining("recorder", recorder.run(shutdown));
}

/// Takes the ticket rules from the center in force.
struct CenterRules(Arc<CenterCache>);

#[async_trait]
impl TicketRules for CenterRules {
    async fn rules(&self, tenant: &TenantId) -> Result<Vec<TicketRule>, StoreError> {
        Ok(self.0.get(tenant).await?.ticket_rules.clone())
    }
}
