//! Brings each newer center of a tenant to its floor as the plan in use.

use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::center::Center;
use switchboard_domain::ids::TenantId;
use switchboard_routing::{Planned, RoutingError};
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::{debug, info};

use crate::QueueParts;

/// When to try again while center or floor are away.
const PAUSE: Duration = Duration::from_secs(1);

/// Follows the centers until the process ends.
pub(super) async fn follow(parts: Arc<QueueParts>, tenant: TenantId) {
    let mut centers = subscribe(&parts, &tenant).await;
    loop {
        let center = Arc::clone(&centers.borrow_and_update());
        if let Err(error) = bring(&parts, &tenant, center).await {
            debug!(tenant.id = %tenant, %error, "the plan cannot be brought to the floor yet");
            sleep(PAUSE).await;
            continue;
        }
        if centers.changed().await.is_err() {
            return;
        }
    }
}

async fn subscribe(parts: &QueueParts, tenant: &TenantId) -> watch::Receiver<Arc<Center>> {
    loop {
        match parts.centers.subscribe(tenant).await {
            Ok(centers) => return centers,
            Err(error) => debug!(tenant.id = %tenant, %error, "there is no center to follow yet"),
        }
        sleep(PAUSE).await;
    }
}

async fn bring(
    parts: &QueueParts,
    tenant: &TenantId,
    center: Arc<Center>,
) -> Result<(), RoutingError> {
    let status = parts.floors.floor().status(tenant).await?;
    // A floor that nobody used gets its plan with the first command.
    if status.epoch == 0 || status.plan_version >= center.version {
        return Ok(());
    }
    let version = center.version;
    parts.floors.load_plan(tenant, &Planned::new(center)).await?;
    info!(tenant.id = %tenant, version, "a newer plan is on the floor");
    Ok(())
}
