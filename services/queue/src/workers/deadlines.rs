//! Fires the deadlines of one tenant when they come; any number of replicas may do so at once.

use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::ids::TenantId;
use switchboard_routing::RoutingError;
use switchboard_store::live_floor::FloorStatus;
use tokio::time::sleep;
use tracing::warn;

use crate::QueueParts;

/// The longest sleep while a deadline is armed: a nearer one may be armed meanwhile.
const LONGEST: Duration = Duration::from_millis(200);
/// The shortest sleep: the logical clock counts whole milliseconds.
const SHORTEST: Duration = Duration::from_millis(1);
/// How often a floor is looked at where nothing is armed.
const IDLE: Duration = Duration::from_secs(1);
/// When to try again while the floor is away.
const PAUSE: Duration = Duration::from_millis(500);

/// Fires deadlines until the process ends.
pub(super) async fn fire(parts: Arc<QueueParts>, tenant: TenantId) {
    let mut away = false;
    loop {
        let wait = match tick(&parts, &tenant).await {
            Ok(wait) => {
                away = false;
                wait
            }
            Err(error) => {
                if !away {
                    warn!(tenant.id = %tenant, %error, "deadlines cannot fire");
                }
                away = true;
                PAUSE
            }
        };
        sleep(wait).await;
    }
}

/// Fires what has come and says when to look again.
async fn tick(parts: &QueueParts, tenant: &TenantId) -> Result<Duration, RoutingError> {
    let floor = parts.floors.floor();
    if !is_active(&floor.status(tenant).await?) {
        return Ok(IDLE);
    }
    while parts.floors.apply(tenant, Command::FireDeadlines).await?.reply == Reply::More {}
    let status = floor.status(tenant).await?;
    let next = status.next_deadline.map(|at| at.since(status.now).clamp(SHORTEST, LONGEST));
    Ok(next.unwrap_or(IDLE))
}

/// Says whether anything may happen by itself; a floor that nobody used is left alone.
fn is_active(status: &FloorStatus) -> bool {
    let is_open = status.is_current && !status.sweeping && status.settled;
    status.epoch > 0 && (status.next_deadline.is_some() || !is_open)
}

#[cfg(test)]
mod tests {
    use switchboard_domain::time::Timestamp;

    use super::*;

    #[test]
    fn a_floor_that_nobody_used_is_left_alone() {
        assert!(!is_active(&FloorStatus { settled: true, ..FloorStatus::default() }));
    }

    #[test]
    fn an_armed_deadline_or_an_unopened_epoch_needs_a_tick() {
        let rest = FloorStatus { epoch: 1, is_current: true, settled: true, ..Default::default() };
        let armed = FloorStatus { next_deadline: Some(Timestamp::ZERO), ..rest.clone() };
        let restarted = FloorStatus { is_current: false, ..rest.clone() };

        assert!(!is_active(&rest));
        assert!(is_active(&armed) && is_active(&restarted));
    }
}
