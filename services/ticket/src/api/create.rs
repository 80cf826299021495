//! Makes tickets: one per request id, for ever; accepted while they cannot be recorded.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1::{Acceptance, CreateTicketRequest, CreateTicketResponse};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::{Ticket, TicketState};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::{TicketEvent, TicketOrder};

use crate::TicketParts;

/// Makes a ticket, or gives the one that the same request made before.
pub(super) async fn run(
    parts: &TicketParts,
    caller: &Caller,
    request: CreateTicketRequest,
) -> Result<CreateTicketResponse, ApiError> {
    let order = read(parts, caller, request)?;
    match record(parts, caller, &order).await {
        Ok(response) => Ok(response),
        Err(StoreError::Unavailable(cause)) => {
            tracing::warn!(error = %cause, "a ticket is accepted only: the store is away");
            accept(parts, &caller.tenant, &order).await
        }
        Err(error) => Err(refused(error, &order)),
    }
}

fn read(
    parts: &TicketParts,
    caller: &Caller,
    mut request: CreateTicketRequest,
) -> Result<TicketOrder, ApiError> {
    let request_id = std::mem::take(&mut request.request_id);
    Ok(TicketOrder {
        // The same request has the same id, also while nobody can look up what it made before.
        id: field::id("request_id", &request_id)?,
        request_id,
        actor: caller.actor(),
        at: parts.clock.now(),
        ticket: convert::new_ticket(request)?,
    })
}

async fn record(
    parts: &TicketParts,
    caller: &Caller,
    order: &TicketOrder,
) -> Result<CreateTicketResponse, StoreError> {
    let tenant = &caller.tenant;
    if let Some(customer) = &order.ticket.customer {
        parts.customers.get(tenant, customer).await?;
    }
    let ticket = parts.tickets.create(tenant, order).await?;
    parts.audit.append(tenant, &line(caller, order, &ticket)).await?;
    let events = parts.tickets.events(tenant, &ticket.id).await?;
    Ok(CreateTicketResponse {
        ticket: Some(convert::ticket(ticket, events)),
        acceptance: Acceptance::Recorded.into(),
    })
}

async fn accept(
    parts: &TicketParts,
    tenant: &TenantId,
    order: &TicketOrder,
) -> Result<CreateTicketResponse, ApiError> {
    let held = parts.inbox.hold(tenant, order).await?;
    if held.ticket != order.ticket {
        return Err(reused(order));
    }
    let event = TicketEvent {
        version: 1,
        applied: None,
        state: TicketState::New,
        actor: held.actor.clone(),
        note: None,
        at: held.at,
    };
    Ok(CreateTicketResponse {
        // Its number is given when it is recorded.
        ticket: Some(convert::ticket(held.ticket(0), vec![event])),
        acceptance: Acceptance::Accepted.into(),
    })
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

// The line follows the ticket: should it fail, the order is accepted and recorded once more, which
// makes no second ticket but the line.
fn line(caller: &Caller, order: &TicketOrder, ticket: &Ticket) -> AuditRecord {
    let object = format!("ticket/{}", ticket.id);
    let is_repeat = ticket.created_at != order.at;
    AuditRecord {
        detail: is_repeat.then(|| "repeated request".to_owned()),
        ..AuditRecord::of(caller, "ticket.create", object, order.at)
    }
}
