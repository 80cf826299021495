//! Makes calls and tickets of the days that have come.

use switchboard_domain::center::Center;
use switchboard_domain::follow_up::FollowUp;
use switchboard_domain::ids::{FollowUpId, TenantId, TicketId};
use switchboard_domain::ticket::NewTicket;
use switchboard_domain::time::Timestamp;
use switchboard_domain::touchpoint::{Errand, Touchpoint, TouchpointPlan, TouchpointState};
use switchboard_store::error::StoreError;
use switchboard_store::tickets::TicketOrder;
use switchboard_store::touchpoints::Firing;

use super::successor;
use crate::CareParts;

/// How many are taken before others are asked for.
const BATCH: u32 = 100;
/// Who makes the tickets.
const PROGRAM: &str = "touchpoint";

/// Fires every touchpoint of a tenant whose day has come, be it long ago.
pub async fn fire_due(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    loop {
        let due = parts.touchpoints.due(tenant, parts.clock.now(), BATCH).await?;
        if due.is_empty() {
            return Ok(());
        }
        let Some(center) = parts.center(tenant).await else { return Ok(()) };
        for touchpoint in &due {
            match fire(parts, tenant, &center, touchpoint).await {
                // Somebody else was faster.
                Ok(()) | Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if due.len() < BATCH as usize {
            return Ok(());
        }
    }
}

async fn fire(
    parts: &CareParts,
    tenant: &TenantId,
    center: &Center,
    due: &Touchpoint,
) -> Result<(), StoreError> {
    let now = parts.clock.now();
    let plan = center.touchpoints.iter().find(|plan| plan.id == due.plan);
    let firing = match plan {
        _ if due.closes_at <= now => settled(due, TouchpointState::Lapsed, None),
        None => settled(due, TouchpointState::Skipped, Some("no-plan")),
        Some(plan) => match parts.customers.get(tenant, &due.customer).await {
            Err(StoreError::NotFound { .. }) => {
                settled(due, TouchpointState::Skipped, Some("no-customer"))
            }
            Ok(customer) if !plan.is_about(customer.tier) => {
                settled(due, TouchpointState::Skipped, Some("other-tier"))
            }
            Ok(_) => errand(parts, plan, due, now),
            Err(error) => return Err(error),
        },
    };
    let Some(firing) = firing else { return Ok(()) };
    let firing = Firing { successor: successor(parts, center, due), ..firing };
    parts.touchpoints.fire(tenant, &firing).await
}

fn settled(due: &Touchpoint, state: TouchpointState, reason: Option<&str>) -> Option<Firing> {
    let touchpoint = due.settle(state, reason.map(str::to_owned)).ok()?;
    Some(Firing { touchpoint, follow_up: None, ticket: None, successor: None })
}

fn errand(
    parts: &CareParts,
    plan: &TouchpointPlan,
    due: &Touchpoint,
    now: Timestamp,
) -> Option<Firing> {
    let fired = settled(due, TouchpointState::Fired, None)?;
    match &plan.errand {
        Errand::Call { queue, survey } => {
            let id = FollowUpId::parse(parts.ids.uuid().to_string()).ok()?;
            let call = FollowUp::on_day(due, (queue, survey.as_ref()), id.clone(), now);
            let touchpoint = Touchpoint { follow_up: Some(id), ..fired.touchpoint };
            Some(Firing { touchpoint, follow_up: Some(call), ..fired })
        }
        Errand::Ticket { kind, subject, priority, department } => {
            let id = TicketId::parse(due.id.as_str()).ok()?;
            let ticket = NewTicket {
                priority: *priority,
                department: department.clone(),
                customer: Some(due.customer.clone()),
                ..NewTicket::about(kind.clone(), subject.clone())
            };
            let order = TicketOrder {
                id: id.clone(),
                request_id: id.to_string(),
                actor: PROGRAM.to_owned(),
                at: now,
                ticket,
                joins_since: None,
            };
            let touchpoint = Touchpoint { ticket: Some(id), ..fired.touchpoint };
            Some(Firing { touchpoint, ticket: Some(order), ..fired })
        }
    }
}
