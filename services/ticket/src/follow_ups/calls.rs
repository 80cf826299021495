//! Calls whom a call is owed: through the live floor, where agents are offered it like any callback.

use std::time::Duration;

use switchboard_domain::center::Center;
use switchboard_domain::customer::{Customer, CustomerNumber};
use switchboard_domain::floor::details::Details;
use switchboard_domain::follow_up::{Cause, FollowUp, FollowUpMove};
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::ticket::{TicketMove, TicketState};
use switchboard_domain::time::Timestamp;
use switchboard_routing::callbacks::{self, Owed};
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::Called;

use super::{BATCH, CareParts, PROGRAM, cause};

/// When a call is tried again that could not be ordered.
const RETRY: Duration = Duration::from_mins(5);
/// When a customer is called again after a call that nobody is to blame for.
const LATER: Duration = Duration::from_hours(1);
/// How long after its last moment a call may be missing in the history before it counts as lost.
const GRACE: Duration = Duration::from_hours(1);
/// The end of a callback whose customer was not reached as often as the queue calls.
const UNREACHED: &str = "unreached";
/// The end of a callback that a person took back.
const CANCELLED: &str = "cancelled";

/// Whom to call.
struct Callee {
    customer: Customer,
    number: CustomerNumber,
}

/// Hands every follow-up whose time has come to the agents of its queue.
pub async fn call_due(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    let due = parts.follow_ups.due(tenant, parts.clock.now(), BATCH).await?;
    if due.is_empty() {
        return Ok(());
    }
    let Some(center) = parts.center(tenant).await else { return Ok(()) };
    for follow_up in due {
        call(parts, tenant, &center, &follow_up).await?;
    }
    Ok(())
}

async fn call(
    parts: &CareParts,
    tenant: &TenantId,
    center: &Center,
    follow_up: &FollowUp,
) -> Result<(), StoreError> {
    let now = parts.clock.now();
    if follow_up.expires_at <= now {
        return end(parts, tenant, follow_up, (FollowUpMove::Miss, "expired")).await;
    }
    if came_back(parts, tenant, follow_up).await? {
        return end(parts, tenant, follow_up, (FollowUpMove::Skip, "reopened")).await;
    }
    let callee = match callee(parts, tenant, follow_up).await? {
        Ok(callee) => callee,
        Err(why) => return end(parts, tenant, follow_up, (FollowUpMove::Skip, why)).await,
    };
    // It is written down first: whatever happens then, the call is looked for before another is made.
    let Some(calling) = calling(center, follow_up, now) else { return Ok(()) };
    if !parts.keep(tenant, calling.clone()).await? {
        return Ok(());
    }
    order(parts, tenant, &calling, &callee).await
}

/// Orders the call; where that fails the follow-up waits a little.
async fn order(
    parts: &CareParts,
    tenant: &TenantId,
    calling: &FollowUp,
    callee: &Callee,
) -> Result<(), StoreError> {
    let Some(contact) = &calling.contact else { return Ok(()) };
    let details = details(calling, callee);
    let owed = Owed {
        queue: &calling.queue,
        number: callee.number.e164.as_str(),
        details: &details,
        spared: &calling.spared,
        by: PROGRAM,
    };
    let Err(error) = callbacks::owe(&parts.floors, tenant, contact, &owed).await else {
        return Ok(());
    };
    let (id, cause) = (calling.id.as_str(), cause(&error));
    tracing::warn!(tenant.id = %tenant, follow_up.id = id, cause, "a call cannot be ordered yet");
    put_off(parts, tenant, calling, RETRY).await
}

/// Concludes every follow-up whose call is over.
pub async fn conclude(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    for called in parts.follow_ups.called(tenant, parts.clock.now(), BATCH).await? {
        let Called { follow_up, is_answered, end_reason } = &called;
        match end_reason.as_deref() {
            _ if *is_answered => {
                let reached = follow_up.apply(FollowUpMove::Reach, parts.clock.now());
                if let Ok(reached) = reached {
                    parts.keep(tenant, reached).await?;
                }
            }
            Some(UNREACHED) => {
                end(parts, tenant, follow_up, (FollowUpMove::Miss, UNREACHED)).await?;
            }
            Some(CANCELLED) => {
                end(parts, tenant, follow_up, (FollowUpMove::Skip, CANCELLED)).await?;
            }
            // The customer rang in meanwhile, nobody was there to call, or the call was lost.
            Some(_) | None => put_off(parts, tenant, follow_up, LATER).await?,
        }
    }
    Ok(())
}

async fn put_off(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
    by: Duration,
) -> Result<(), StoreError> {
    let now = parts.clock.now();
    if let Ok(later) = follow_up.apply(FollowUpMove::PutOff, now) {
        parts.keep(tenant, FollowUp { due_at: now + by, ..later }).await?;
    }
    Ok(())
}

async fn end(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
    (attempted, reason): (FollowUpMove, &str),
) -> Result<(), StoreError> {
    if let Ok(ended) = follow_up.apply(attempted, parts.clock.now()) {
        parts.keep(tenant, ended.because(reason)).await?;
    }
    Ok(())
}

/// Gives the follow-up as it is with the agents; none while the center does not have its queue.
fn calling(center: &Center, follow_up: &FollowUp, now: Timestamp) -> Option<FollowUp> {
    let rules = center.queue(&follow_up.queue)?.callback.as_ref()?;
    let calls = follow_up.calls + 1;
    let opens_at = callbacks::window_opens(center, &follow_up.queue, now).unwrap_or(now);
    Some(FollowUp {
        calls,
        contact: ContactId::parse(format!("{}.{calls}", follow_up.id)).ok(),
        due_at: opens_at + rules.lifetime + GRACE,
        ..follow_up.apply(FollowUpMove::Call, now).ok()?
    })
}

/// Says whether the ticket was opened again since the closing that is followed up.
async fn came_back(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
) -> Result<bool, StoreError> {
    let Cause::Closing { ticket, version } = &follow_up.cause else { return Ok(false) };
    let is_closed = parts.tickets.get(tenant, ticket).await?.state == TicketState::Closed;
    let life = parts.tickets.events(tenant, ticket).await?;
    let closed = life.iter().rev().find(|event| event.applied == Some(TicketMove::Close));
    Ok(!is_closed || closed.is_some_and(|event| event.version != *version))
}

/// Gives whom to call, or why nobody is.
async fn callee(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
) -> Result<Result<Callee, &'static str>, StoreError> {
    let Some(mut id) = follow_up.customer.clone() else { return Ok(Err("no-customer")) };
    // A record that was merged into another leads to that one, which leads to no other.
    for _ in 0..2 {
        let customer = match parts.customers.get(tenant, &id).await {
            Ok(customer) => customer,
            Err(StoreError::NotFound { .. }) => return Ok(Err("no-customer")),
            Err(error) => return Err(error),
        };
        if let Some(leading) = &customer.merged_into {
            id = leading.clone();
            continue;
        }
        let number = customer.numbers.iter().find(|number| number.is_active()).cloned();
        return Ok(number.map(|number| Callee { customer, number }).ok_or("no-number"));
    }
    Ok(Err("no-customer"))
}

fn details(follow_up: &FollowUp, callee: &Callee) -> Details {
    let Callee { customer, number } = callee;
    let mut details = Details::new()
        .with("calling_number", number.e164.as_str())
        .with("customer", customer.id.as_str())
        .with("customer_name", &customer.name)
        .with("tier", &customer.tier.to_string())
        // What agents see beside the caller, as if it had been keyed in.
        .with("field.follow_up", follow_up.id.as_str());
    if let Some(ticket) = follow_up.ticket() {
        details.set("field.ticket", ticket.as_str());
    }
    if let Some(language) = &customer.language {
        details.set("language", language);
        details.set("customer_language", language);
    }
    if let Some(alert) = &customer.alert {
        details.set("alert", alert);
    }
    details
}
