//! Calls whom a call is owed: through the live floor, where agents are offered it like any callback.

use switchboard_domain::center::Center;
use switchboard_domain::consent::NoConsent;
use switchboard_domain::customer::Customer;
use switchboard_domain::floor::details::Details;
use switchboard_domain::follow_up::{Cause, FollowUp, FollowUpMove, FollowUpState};
use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::phone::E164;
use switchboard_domain::ticket::{Medium, TicketMove, TicketState};
use switchboard_routing::RoutingError;
use switchboard_routing::callbacks::{self, Owed};
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;

use super::take_back::release;
use super::{BATCH, CareParts, PROGRAM, RETRY, cause};
use crate::segments;

/// Whom to call.
pub(super) struct Callee {
    /// The customer; none of whom only a number is known.
    customer: Option<Customer>,
    number: String,
}

/// Hands every follow-up whose time has come to the agents of its queue.
pub async fn call_due(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    let due = parts.follow_ups.due(tenant, parts.clock.now(), BATCH).await?;
    if due.is_empty() {
        return Ok(());
    }
    let Some(center) = parts.center(tenant).await else { return Ok(()) };
    for follow_up in due {
        let called = call(parts, tenant, &center, &follow_up).await;
        parts.or_later(tenant, &follow_up, called).await?;
    }
    Ok(())
}

/// Hands a follow-up to the agents, or ends it; one that is with them already is the same call again.
pub(super) async fn call(
    parts: &CareParts,
    tenant: &TenantId,
    center: &Center,
    follow_up: &FollowUp,
) -> Result<(), StoreError> {
    // What a flow asked is over when it is written down.
    let Some(queue) = &follow_up.queue else { return Ok(()) };
    let now = parts.clock.now();
    let opens_at = callbacks::window_opens(center, queue, now).unwrap_or(now);
    if follow_up.expires_at <= opens_at {
        return expire(parts, tenant, follow_up).await;
    }
    if let Some(why) = needless(parts, tenant, follow_up).await? {
        return parts.end(tenant, follow_up, (FollowUpMove::Skip, why)).await;
    }
    let callee = match callee(parts, tenant, follow_up).await? {
        Ok(callee) => callee,
        Err(why) => return parts.end(tenant, follow_up, (FollowUpMove::Skip, why)).await,
    };
    if let Some(why) =
        objection(parts, tenant, (center, follow_up), callee.customer.as_ref()).await?
    {
        return parts.end(tenant, follow_up, (FollowUpMove::Skip, why.as_str())).await;
    }
    let rules = center.queue(queue).and_then(|queue| queue.callback.as_ref());
    if rules.is_none() {
        return parts.wait(tenant, follow_up, RETRY).await;
    }
    // It is written down first: whatever happens then, the call is looked for before another is made.
    let Ok(calling) = follow_up.call(now, now + RETRY) else { return Ok(()) };
    if !parts.keep(tenant, calling.clone()).await? {
        return Ok(());
    }
    let segments = match &callee.customer {
        Some(customer) => segments::of(&*parts.customers, tenant, center, &customer.id).await?,
        None => Vec::new(),
    };
    let details = details(&calling, &callee, &segments);
    order(parts, tenant, calling, (&callee.number, &details)).await
}

async fn expire(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
) -> Result<(), StoreError> {
    // What comes here while it is with the agents never reached them.
    let is_calling = follow_up.state == FollowUpState::Calling;
    let open = follow_up.clone();
    let open = if is_calling { open.without_last_call() } else { open };
    if let Ok(expired) = open.expire(parts.clock.now()) {
        parts.keep(tenant, expired).await?;
    }
    Ok(())
}

/// Orders the call; where that is refused the follow-up waits a little.
async fn order(
    parts: &CareParts,
    tenant: &TenantId,
    calling: FollowUp,
    (number, details): (&str, &Details),
) -> Result<(), StoreError> {
    let Some((contact, queue)) = calling.contact.as_ref().zip(calling.queue.as_ref()) else {
        return Ok(());
    };
    let owed = Owed {
        queue,
        number,
        details,
        spared: &calling.spared,
        until: calling.expires_at,
        by: PROGRAM,
    };
    let Err(error) = callbacks::owe(&parts.floors, tenant, contact, &owed).await else {
        return release_if_over(parts, tenant, &calling).await;
    };
    let (id, cause) = (calling.id.as_str(), cause(&error));
    tracing::warn!(tenant.id = %tenant, follow_up.id = id, cause, "a call cannot be ordered yet");
    match error {
        RoutingError::Floor(FloorError::Rejected(_)) => {
            parts.wait_as_due(tenant, &calling.without_last_call(), RETRY).await
        }
        // It may have been ordered: it is looked for, and ordered by the same id if there is no such call.
        RoutingError::Floor(_) | RoutingError::Center(_) | RoutingError::Store(_) => Ok(()),
    }
}

/// Takes a call back whose follow-up came to its end while the call was ordered.
async fn release_if_over(
    parts: &CareParts,
    tenant: &TenantId,
    calling: &FollowUp,
) -> Result<(), StoreError> {
    if parts.follow_ups.get(tenant, &calling.id).await?.state == FollowUpState::Calling {
        return Ok(());
    }
    if let Err(error) = release(parts, tenant, calling, PROGRAM).await {
        let (id, cause) = (calling.id.as_str(), cause(&error));
        tracing::warn!(tenant.id = %tenant, follow_up.id = id, cause, "a call cannot be taken back");
    }
    Ok(())
}

/// Says why nobody needs to be called any more: the ticket was opened again since the closing that is
/// followed up, or is over without the call that it asked for.
async fn needless(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
) -> Result<Option<&'static str>, StoreError> {
    match &follow_up.cause {
        Cause::Closing { ticket, version } => {
            let came_back = came_back(parts, tenant, (ticket, *version)).await?;
            Ok(came_back.then_some("reopened"))
        }
        Cause::CallBack { ticket } => {
            let is_open = parts.tickets.get(tenant, ticket).await?.state.is_open();
            Ok((!is_open).then_some("ticket-over"))
        }
        Cause::Touchpoint(_) | Cause::Call { .. } => Ok(None),
    }
}

/// Says why the customer does not want the call. A ticket that asks for one has the customer's word.
pub(super) async fn objection(
    parts: &CareParts,
    tenant: &TenantId,
    (center, follow_up): (&Center, &FollowUp),
    customer: Option<&Customer>,
) -> Result<Option<NoConsent>, StoreError> {
    let purpose = center.purpose_of(follow_up);
    let Some((purpose, customer)) = purpose.zip(customer) else { return Ok(None) };
    parts.refusal(tenant, center, (&purpose, Some(Medium::Phone)), &customer.id).await
}

/// Says whether a ticket was opened again since it was closed in a version.
async fn came_back(
    parts: &CareParts,
    tenant: &TenantId,
    (ticket, version): (&TicketId, u64),
) -> Result<bool, StoreError> {
    let is_closed = parts.tickets.get(tenant, ticket).await?.state == TicketState::Closed;
    let life = parts.tickets.events(tenant, ticket).await?;
    let closed = life.iter().rev().find(|event| event.applied == Some(TicketMove::Close));
    Ok(!is_closed || closed.is_some_and(|event| event.version != version))
}

/// Gives whom to call, or why nobody is. A caller whom nobody knows is called back on the number that the
/// call of the ticket came from.
pub(super) async fn callee(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
) -> Result<Result<Callee, &'static str>, StoreError> {
    let customer = match &follow_up.customer {
        Some(id) => parts.customers.leading(tenant, id).await?,
        None => None,
    };
    let own = customer.as_ref().and_then(|customer| {
        let number = customer.numbers.iter().find(|number| number.is_active());
        number.map(|number| number.e164.as_str().to_owned())
    });
    let number = match (own, &follow_up.cause) {
        (Some(number), _) => Some(number),
        (None, Cause::CallBack { ticket }) => caller_of(parts, tenant, ticket).await?,
        (None, Cause::Closing { .. } | Cause::Touchpoint(_) | Cause::Call { .. }) => None,
    };
    let nobody = if customer.is_none() { "no-customer" } else { "no-number" };
    Ok(number.map(|number| Callee { customer, number }).ok_or(nobody))
}

/// Gives the number that the call which left a ticket came from, if it can be called.
async fn caller_of(
    parts: &CareParts,
    tenant: &TenantId,
    ticket: &TicketId,
) -> Result<Option<String>, StoreError> {
    let Some(call) = parts.tickets.get(tenant, ticket).await?.interaction else { return Ok(None) };
    match parts.history.interaction(tenant, &call).await {
        Ok(story) => {
            let number = story.interaction.calling_number;
            Ok(number.filter(|number| E164::parse(number).is_ok()))
        }
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn details(follow_up: &FollowUp, callee: &Callee, segments: &[String]) -> Details {
    let mut details = Details::new()
        .with("calling_number", &callee.number)
        // What agents see beside the caller, as if it had been keyed in.
        .with("field.follow_up", follow_up.id.as_str());
    if let Some(ticket) = follow_up.ticket() {
        details.set("field.ticket", ticket.as_str());
    }
    let Some(customer) = &callee.customer else { return details };
    details = details
        .with("customer", customer.id.as_str())
        .with("customer_name", &customer.name)
        .with("tier", &customer.tier.to_string());
    if let Some(language) = &customer.language {
        details.set("language", language);
        details.set("customer_language", language);
    }
    if let Some(alert) = &customer.alert {
        details.set("alert", alert);
    }
    details.set_segments(segments);
    details
}
