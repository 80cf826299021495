//! The work of each day: months made ahead, runs begun when their time has come, and their steps.
//!
//! Every process of the role does so. A month is made and dropped once whoever asks, and the row of a
//! run is the lock and the memory, so it does not matter which process works, or that one dies.

use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::center::Zone;
use switchboard_domain::ids::TenantId;
use switchboard_domain::retention::{Kept, RetentionPolicy};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::retention::RetentionStep;
use switchboard_store::tenants::{Tenant, Tenants};
use tokio::time::sleep;
use tracing::{error, info};

use super::RetentionParts;

/// How far ahead months are made: the recorder may be away for two of them.
const AHEAD: Duration = Duration::from_hours(62 * 24);
/// How often it is looked whether there is anything to do.
const PAUSE: Duration = Duration::from_secs(5);
/// Between two steps, so that calls come first.
const BREATH: Duration = Duration::from_millis(20);
/// After how many steps of each tenant it is looked again what else there is to do.
const STEPS: u32 = 500;

/// Keeps to every tenant's policy, for ever. To be dropped at any moment is fine: what was begun goes on.
pub async fn keep_to_policies(parts: RetentionParts, tenants: Arc<dyn Tenants>) {
    loop {
        // While the tenants cannot be listed, nothing can be taken away either.
        let listed = tenants.list().await.unwrap_or_default();
        let mut working: Vec<TenantId> = listed.into_iter().map(|Tenant { id, .. }| id).collect();
        look_after_months(&parts, &working).await;
        for _ in 0..STEPS {
            working = step_all(&parts, working).await;
            if working.is_empty() {
                break;
            }
            sleep(BREATH).await;
        }
        sleep(PAUSE).await;
    }
}

/// Makes the months ahead, lets each tenant's events go as its policy says, and drops the months that
/// nobody keeps. That comes before any run takes events one by one.
pub async fn look_after_months(parts: &RetentionParts, tenants: &[TenantId]) {
    let upto = parts.clock.now() + AHEAD;
    tell("months of events cannot be made", make_months(parts, upto).await);
    for tenant in tenants {
        tell("a retention run cannot begin", begin_if_due(parts, tenant).await);
    }
    tell("months of events cannot be dropped", drop_months(parts).await);
}

/// Makes a step for each tenant, and gives those for whom there may be more to do.
pub async fn step_all(parts: &RetentionParts, tenants: Vec<TenantId>) -> Vec<TenantId> {
    let mut working = Vec::new();
    for tenant in tenants {
        match parts.retention.retention_step(&tenant, parts.clock.now()).await {
            Ok(RetentionStep::Moved(run)) => {
                if run.finished_at.is_some() {
                    let gone: u64 = run.gone.values().sum();
                    info!(tenant.id = %tenant, run.id = run.id, gone, "what is past its time is gone");
                } else {
                    working.push(tenant);
                }
            }
            Ok(RetentionStep::Idle | RetentionStep::Busy) => {}
            Err(error) => tell("what is past its time cannot go", Err(error)),
        }
    }
    working
}

async fn make_months(parts: &RetentionParts, upto: Timestamp) -> Result<(), StoreError> {
    while parts.months.make_event_month(upto).await? {
        info!("a month of events is made");
    }
    Ok(())
}

async fn drop_months(parts: &RetentionParts) -> Result<(), StoreError> {
    while parts.months.drop_event_month().await? {
        info!("a month of events is dropped: no tenant keeps it");
    }
    Ok(())
}

async fn begin_if_due(parts: &RetentionParts, tenant: &TenantId) -> Result<(), StoreError> {
    let now = parts.clock.now();
    let Some(policy) = parts.policy(tenant).await? else {
        return parts.months.let_events_go(tenant, None).await;
    };
    let cut_offs = policy.cut_offs(now);
    parts.months.let_events_go(tenant, cut_offs.get(&Kept::Events).copied()).await?;
    if let Some(day) = day(parts, tenant, &policy, now).await? {
        parts.retention.begin_retention(tenant, &day, &cut_offs, now).await?;
    }
    Ok(())
}

/// Names the run of this day, once its time has come.
async fn day(
    parts: &RetentionParts,
    tenant: &TenantId,
    policy: &RetentionPolicy,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let center = parts.centers.get(tenant).await?;
    let Ok(zone) = Zone::parse(&center.time_zone) else { return Ok(None) };
    let today = zone.day_at(now);
    let due = zone.moment(today, policy.run_at);
    Ok(due.filter(|due| *due <= now).map(|_| format!("day-{today}")))
}

/// A store that is away is not worth a line: it is looked again soon.
fn tell(trouble: &'static str, outcome: Result<(), StoreError>) {
    if let Err(error) = outcome
        && !error.is_transient()
    {
        error!(%error, "{trouble}");
    }
}
