//! Decides which closings are followed up.

use switchboard_domain::center::Center;
use switchboard_domain::follow_up::{FollowUp, policy_for};
use switchboard_domain::ids::{FollowUpId, TenantId};
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::Closing;

use super::{BATCH, CareParts};

/// Decides on every closing of a tenant's tickets, by the center in force.
pub async fn decide(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    loop {
        let closings = parts.follow_ups.closings(tenant, BATCH).await?;
        if closings.is_empty() {
            return Ok(());
        }
        let Some(center) = parts.center(tenant).await else { return Ok(()) };
        for closing in &closings {
            let made = follow_up(parts, tenant, &center, closing);
            parts.follow_ups.decide(tenant, closing, made.as_ref()).await?;
        }
        if closings.len() < BATCH as usize {
            return Ok(());
        }
    }
}

fn follow_up(
    parts: &CareParts,
    tenant: &TenantId,
    center: &Center,
    closing: &Closing,
) -> Option<FollowUp> {
    let policy = policy_for(&center.follow_ups, &closing.ticket)
        .filter(|policy| closing.stands && policy.picks(tenant, &closing.ticket))?;
    let id = FollowUpId::parse(parts.ids.uuid().to_string()).ok()?;
    Some(FollowUp::after((&closing.ticket, closing.version), policy, id, closing.at))
}
