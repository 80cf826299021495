//! Makes tickets: one per request id, for ever; accepted while they cannot be recorded.

use switchboard_api::convert::ticket::{self as convert, Story};
use switchboard_api::ticket::v1::{Acceptance, CreateTicketRequest, CreateTicketResponse};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::ticket::{Ticket, TicketState};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::{Beginning, Created, TicketEvent, TicketOrder};

use crate::TicketParts;
use crate::policy::{Policy, story};
use crate::relations::lacking;

/// Makes a ticket, or gives the one that the same request made before.
pub(super) async fn run(
    parts: &TicketParts,
    caller: &Caller,
    request: CreateTicketRequest,
) -> Result<CreateTicketResponse, ApiError> {
    let policy = Policy::of(parts, &caller.tenant).await;
    let mut order = read(parts, caller, &policy, request)?;
    if let Some(parent) = order.ticket.parent.clone() {
        return below(parts, caller, (&policy, &parent), &mut order).await;
    }
    match record(parts, caller, &policy, &order).await {
        Ok(response) => Ok(response),
        Err(StoreError::Unavailable(cause)) => {
            tracing::warn!(error = %cause, "a ticket is accepted only: the store is away");
            accept(parts, &caller.tenant, &policy, &order).await
        }
        Err(error) => Err(refused(error, &order)),
    }
}

/// Makes a task below a ticket, for its customer if nobody says for whom.
///
/// It is never accepted only: whether the parent is open can be seen in the store alone.
async fn below(
    parts: &TicketParts,
    caller: &Caller,
    (policy, parent): (&Policy, &TicketId),
    order: &mut TicketOrder,
) -> Result<CreateTicketResponse, ApiError> {
    let found = parts.tickets.get(&caller.tenant, parent).await;
    let ticket = found.map_err(|error| lacking(error, "parent_id"))?;
    order.ticket.customer = order.ticket.customer.take().or_else(|| ticket.customer.clone());
    match record(parts, caller, policy, order).await {
        Ok(response) => Ok(response),
        Err(StoreError::Conflict { what }) if what.starts_with("parent ") => {
            let children = parts.relations.relations(&caller.tenant, &ticket).await?.children;
            // As it is now, which is why it was refused.
            parts.tickets.get(&caller.tenant, parent).await?.admit_child(children.len())?;
            Err(StoreError::conflict(format!("ticket {parent}")).into())
        }
        Err(error) => Err(refused(error, order)),
    }
}

fn read(
    parts: &TicketParts,
    caller: &Caller,
    policy: &Policy,
    mut request: CreateTicketRequest,
) -> Result<TicketOrder, ApiError> {
    let request_id = std::mem::take(&mut request.request_id);
    let filling = convert::form::filling(std::mem::take(&mut request.form))?;
    let mut ticket = convert::new_ticket(request, policy.kinds())?;
    policy.admit(&ticket)?;
    ticket.filled = policy.fill(&ticket, filling)?;
    let now = parts.clock.now();
    // A task is one of its own, also of a customer who has an open ticket of the kind.
    let joins_within = policy.kind_of(&ticket).joins_within.filter(|_| ticket.parent.is_none());
    Ok(TicketOrder {
        // The same request has the same id, also while nobody can look up what it made before.
        id: field::id("request_id", &request_id)?,
        request_id,
        actor: caller.actor(),
        at: now,
        joins_since: joins_within.map(|within| now - within),
        ticket,
    })
}

async fn record(
    parts: &TicketParts,
    caller: &Caller,
    policy: &Policy,
    order: &TicketOrder,
) -> Result<CreateTicketResponse, StoreError> {
    let tenant = &caller.tenant;
    if let Some(customer) = &order.ticket.customer {
        parts.customers.get(tenant, customer).await?;
    }
    let beginning = Beginning {
        // Under whichever number.
        outlook: policy.first_look(&order.ticket(0)),
        line: Some(line(caller, order, &order.id)),
    };
    let Created { ticket, is_new } = parts.tickets.create_with(tenant, order, &beginning).await?;
    let story = if is_new {
        first_story(order)
    } else {
        parts.audit.append(tenant, &line_of_known(caller, order, &ticket)).await?;
        let events = parts.tickets.events(tenant, &ticket.id).await?;
        story(parts, tenant, &ticket, events).await?
    };
    Ok(CreateTicketResponse {
        joined: !order.made(&ticket),
        ticket: Some(policy.told(parts, tenant, ticket, story).await),
        acceptance: Acceptance::Recorded.into(),
    })
}

async fn accept(
    parts: &TicketParts,
    tenant: &TenantId,
    policy: &Policy,
    order: &TicketOrder,
) -> Result<CreateTicketResponse, ApiError> {
    let held = parts.inbox.hold(tenant, order).await?;
    if held.ticket != order.ticket {
        return Err(reused(order));
    }
    let story = first_story(&held);
    Ok(CreateTicketResponse {
        // Its number is given when it is recorded.
        ticket: Some(policy.told(parts, tenant, held.ticket(0), story).await),
        acceptance: Acceptance::Accepted.into(),
        joined: false,
    })
}

/// Gives what is told of a ticket that an order makes.
fn first_story(order: &TicketOrder) -> Story {
    let event = TicketEvent {
        version: 1,
        applied: None,
        state: TicketState::New,
        actor: order.actor.clone(),
        note: None,
        at: order.at,
    };
    let filled = order.ticket.filled.clone();
    Story { events: vec![event], filled, ..Story::default() }
}

fn refused(error: StoreError, order: &TicketOrder) -> ApiError {
    match &error {
        StoreError::Conflict { what } if what.starts_with("request ") => {
            reused(order).caused_by(error)
        }
        StoreError::Conflict { .. }
        | StoreError::Taken { .. }
        | StoreError::Unavailable(_)
        | StoreError::NotFound { .. }
        | StoreError::Refused { .. }
        | StoreError::Corrupt { .. } => error.into(),
    }
}

fn reused(order: &TicketOrder) -> ApiError {
    let message = "this request id made another ticket before; choose a new one";
    ApiError::failed_precondition("REQUEST_ID_REUSED", message)
        .with("request_id", order.request_id.as_str())
}

fn line_of_known(caller: &Caller, order: &TicketOrder, ticket: &Ticket) -> AuditRecord {
    let is_repeated = order.made(ticket);
    let detail = if is_repeated { "repeated request" } else { "taken up by an open ticket" };
    AuditRecord { detail: Some(detail.to_owned()), ..line(caller, order, &ticket.id) }
}

fn line(caller: &Caller, order: &TicketOrder, ticket: &TicketId) -> AuditRecord {
    AuditRecord::of(caller, "ticket.create", format!("ticket/{ticket}"), order.at)
}
