//! Computes what customers are worth anew: once each night, and whenever somebody asked for it.
//!
//! Every process of the role does so. The run's row in the store is the lock and the memory: each step
//! is a transaction that takes the next customers and moves the row, so it does not matter which
//! process makes it, or that one dies.

use std::sync::Arc;
use std::time::Duration;

use switchboard_center::CacheError;
use switchboard_domain::center::{Center, Zone};
use switchboard_domain::customer::value::ValueModel;
use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::tenants::Tenants;
use switchboard_store::values::{RunPhase, StepOrder, Stepped};
use tokio::time::sleep;

use super::ValueParts;

/// The most customers of one step: some milliseconds of the store's time, and of locks.
const CUSTOMERS_PER_STEP: u32 = 500;
/// Between two steps, so that calls come first.
const BREATH: Duration = Duration::from_millis(20);
/// How often it is looked whether there is anything to do.
const PAUSE: Duration = Duration::from_secs(5);

/// Computes for ever. To be dropped at any moment is fine: a run goes on where it was.
pub async fn recompute_values(parts: ValueParts, tenants: Arc<dyn Tenants>) {
    loop {
        let mut is_working = false;
        // While the tenants cannot be listed, nothing can be computed either.
        for tenant in tenants.list().await.unwrap_or_default() {
            match advance_values(&parts, &tenant.id).await {
                Ok(moved) => is_working |= moved,
                Err(error) => log(&tenant.id, &error),
            }
        }
        sleep(if is_working { BREATH } else { PAUSE }).await;
    }
}

/// Makes one step for a tenant; begins the run of the night when it has come. Says whether there may
/// be more to do.
pub async fn advance_values(parts: &ValueParts, tenant: &TenantId) -> Result<bool, StoreError> {
    let center = match parts.center(tenant).await {
        Ok(center) => center,
        Err(CacheError::NoCenter(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let Some(model) = &center.value else { return Ok(false) };
    let now = parts.callers.clock.now();
    if let Some(night) = night(&center, model, now) {
        parts.values.begin_run(tenant, &night, now).await?;
    }
    let order =
        StepOrder { model, center_version: center.version, customers: CUSTOMERS_PER_STEP, now };
    Ok(match parts.values.step(tenant, order).await? {
        Stepped::Idle | Stepped::Busy => false,
        Stepped::Moved(run) => {
            if run.phase == RunPhase::Done {
                let (id, changed) = (&*run.id, run.tiers_changed);
                tracing::info!(tenant.id = %tenant, run.id = id, changed, "customers are valued anew");
            }
            true
        }
    })
}

/// Names the run of this day, once its time has come.
fn night(center: &Center, model: &ValueModel, now: Timestamp) -> Option<String> {
    let zone = Zone::parse(&center.time_zone).ok()?;
    let day = zone.day_at(now);
    let due = zone.moment(day, model.recompute_at?)?;
    (due <= now).then(|| format!("night-{day}"))
}

fn log(tenant: &TenantId, error: &StoreError) {
    if !error.is_transient() {
        tracing::error!(tenant.id = %tenant, %error, "customers cannot be valued anew");
    }
}
