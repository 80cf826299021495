//! Background work for every tenant: deadlines, plans, boards.

mod deadlines;
mod plans;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::ids::TenantId;
use tokio::task::AbortHandle;
use tokio::time::sleep;
use tracing::{debug, error};

use crate::QueueParts;
use crate::board::Boards;

/// How often new tenants are looked for.
const REFRESH: Duration = Duration::from_secs(2);

/// Starts the background work of every tenant, now and as tenants are added.
pub(crate) fn start(parts: Arc<QueueParts>, boards: Arc<Boards>) {
    let tasks = parts.tasks.clone();
    tasks.spawn("queue.tenants", async move {
        let mut working: BTreeMap<TenantId, [AbortHandle; 2]> = BTreeMap::new();
        loop {
            for tenant in idle_tenants(&parts, &working).await {
                boards.follow(&tenant);
                parts.estimates.follow(&tenant);
                working.insert(tenant.clone(), start_tenant(&parts, tenant));
            }
            sleep(REFRESH).await;
        }
    });
}

fn start_tenant(parts: &Arc<QueueParts>, tenant: TenantId) -> [AbortHandle; 2] {
    let plans = plans::follow(Arc::clone(parts), tenant.clone());
    [
        parts.tasks.spawn("queue.deadlines", deadlines::fire(Arc::clone(parts), tenant)),
        parts.tasks.spawn("queue.plans", plans),
    ]
}

/// Gives the tenants for whom nobody works: new ones, and those whose worker broke.
async fn idle_tenants(
    parts: &QueueParts,
    working: &BTreeMap<TenantId, [AbortHandle; 2]>,
) -> Vec<TenantId> {
    let tenants = match parts.tenants.list().await {
        Ok(tenants) => tenants,
        Err(error) => {
            debug!(%error, "the tenants cannot be listed");
            return Vec::new();
        }
    };
    let is_idle = |id: &TenantId| {
        let Some(workers) = working.get(id) else { return true };
        let broken = workers.iter().any(AbortHandle::is_finished);
        if broken {
            error!(tenant.id = %id, "background work broke and is started again");
            workers.iter().for_each(AbortHandle::abort);
        }
        broken
    };
    tenants.into_iter().map(|tenant| tenant.id).filter(is_idle).collect()
}
