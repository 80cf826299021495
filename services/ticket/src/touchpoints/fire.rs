//! Makes calls and tickets of the days that have come.

use switchboard_domain::center::Center;
use switchboard_domain::consent::NoConsent;
use switchboard_domain::follow_up::FollowUp;
use switchboard_domain::ids::{CustomerId, FollowUpId, TenantId, TicketId};
use switchboard_domain::ticket::{Medium, NewTicket};
use switchboard_domain::time::Timestamp;
use switchboard_domain::touchpoint::{Errand, Touchpoint, TouchpointPlan, TouchpointState};
use switchboard_store::error::StoreError;
use switchboard_store::page::Cursor;
use switchboard_store::tickets::TicketOrder;
use switchboard_store::touchpoints::Firing;

use super::successor;
use crate::CareParts;
use crate::follow_ups::BATCH;
use crate::segments;

/// Who makes the tickets.
const PROGRAM: &str = "touchpoint";
/// Why nothing is done for a customer who is gone.
const NO_CUSTOMER: &str = "no-customer";
/// Why nothing is done for one of two rows that are the same day of the same person.
const MERGED: &str = "merged";

/// Fires every touchpoint of a tenant whose day has come, be it long ago.
pub async fn fire_due(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    let (now, mut after) = (parts.clock.now(), None);
    loop {
        let due = parts.touchpoints.due(tenant, now, after.as_ref(), BATCH).await?;
        let Some(last) = due.last() else { return Ok(()) };
        after = Some(Cursor { at: last.opens_at, id: last.id.to_string() });
        let Some(center) = parts.center(tenant).await else { return Ok(()) };
        for touchpoint in &due {
            match fire(parts, tenant, &center, touchpoint).await {
                // Somebody else was faster.
                Ok(()) | Err(StoreError::Conflict { .. }) => {}
                Err(error) if error.is_transient() => return Err(error),
                // It stays planned until somebody has looked at the records, and stops no other.
                Err(error) => {
                    let id = touchpoint.id.as_str();
                    tracing::error!(tenant.id = %tenant, touchpoint.id = id, %error, "a day waits");
                }
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
        None => skipped(due, "no-plan"),
        Some(plan) => match parts.customers.leading(tenant, &due.customer).await? {
            None => skipped(due, NO_CUSTOMER),
            Some(customer) if !plan.is_about(customer.tier) => skipped(due, "other-tier"),
            Some(customer) if !is_in(parts, tenant, (center, plan), &customer.id).await? => {
                skipped(due, "other-segment")
            }
            Some(customer) if has_twin(parts, tenant, (plan, due), &customer.id).await? => {
                skipped(due, MERGED)
            }
            Some(customer) => match objection(parts, tenant, (center, plan), &customer.id).await? {
                Some(why) => skipped(due, why.as_str()),
                None => errand(parts, (plan, &customer.id), due, now),
            },
        },
    };
    let Some(firing) = firing else { return Ok(()) };
    // The twin is followed by its own, and who is gone by nothing.
    let ends = [NO_CUSTOMER, MERGED].map(Some).contains(&firing.touchpoint.reason.as_deref());
    let successor = if ends { None } else { successor(parts, center, due) };
    parts.touchpoints.fire(tenant, &Firing { successor, ..firing }).await
}

/// Says whether the same is done on another row: for another record of the person, or, of a day of the
/// year, from another anchor.
async fn has_twin(
    parts: &CareParts,
    tenant: &TenantId,
    (plan, due): (&TouchpointPlan, &Touchpoint),
    customer: &CustomerId,
) -> Result<bool, StoreError> {
    let touchpoint = (due, plan.rhythm.is_of_the_year());
    parts.touchpoints.has_twin(tenant, touchpoint, customer).await
}

/// Says whether a customer is in a segment that the plan is about.
async fn is_in(
    parts: &CareParts,
    tenant: &TenantId,
    (center, plan): (&Center, &TouchpointPlan),
    customer: &CustomerId,
) -> Result<bool, StoreError> {
    if plan.segments.is_empty() {
        return Ok(true);
    }
    let segments = segments::of(&*parts.customers, tenant, center, customer).await?;
    Ok(plan.is_about_one_in(&segments))
}

/// Says why the customer is left alone: a call needs consent by telephone, a ticket by any medium.
async fn objection(
    parts: &CareParts,
    tenant: &TenantId,
    (center, plan): (&Center, &TouchpointPlan),
    customer: &CustomerId,
) -> Result<Option<NoConsent>, StoreError> {
    let Some(purpose) = &plan.purpose else { return Ok(None) };
    let medium = match plan.errand {
        Errand::Call { .. } => Some(Medium::Phone),
        Errand::Ticket { .. } => None,
    };
    parts.refusal(tenant, center, (purpose, medium), customer).await
}

fn skipped(due: &Touchpoint, reason: &str) -> Option<Firing> {
    settled(due, TouchpointState::Skipped, Some(reason))
}

fn settled(due: &Touchpoint, state: TouchpointState, reason: Option<&str>) -> Option<Firing> {
    let touchpoint = due.settle(state, reason.map(str::to_owned)).ok()?;
    Some(Firing { touchpoint, follow_up: None, ticket: None, successor: None })
}

fn errand(
    parts: &CareParts,
    (plan, customer): (&TouchpointPlan, &CustomerId),
    due: &Touchpoint,
    now: Timestamp,
) -> Option<Firing> {
    let fired = settled(due, TouchpointState::Fired, None)?;
    match &plan.errand {
        Errand::Call { queue, survey } => {
            let id = FollowUpId::parse(parts.ids.uuid().to_string()).ok()?;
            let call = FollowUp::on_day(due, (queue, survey.as_ref()), id.clone(), now);
            let call = FollowUp { customer: Some(customer.clone()), ..call };
            let touchpoint = Touchpoint { follow_up: Some(id), ..fired.touchpoint };
            Some(Firing { touchpoint, follow_up: Some(call), ..fired })
        }
        Errand::Ticket { kind, subject, priority, department } => {
            let id = TicketId::parse(due.id.as_str()).ok()?;
            let ticket = NewTicket {
                priority: *priority,
                department: department.clone(),
                customer: Some(customer.clone()),
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
