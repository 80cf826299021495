//! Makes tickets: one per request id, for ever; accepted while they cannot be recorded.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1::{Acceptance, CreateTicketRequest, CreateTicketResponse};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{TenantId, TicketId};
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
    let held = held_before(parts, &caller.tenant, &order).await?;
    match record(parts, caller, held.as_ref().unwrap_or(&order)).await {
        Err(StoreError::Unavailable(cause)) => {
            tracing::warn!(error = %cause, "a ticket is accepted only: the store is away");
            let held = parts.inbox.hold(&caller.tenant, &order).await;
            accepted(same(held?, &order)?)
        }
        Err(error) => Err(refused(error, &order)),
        Ok(response) => {
            if held.is_some() {
                // Should it fail, the order is recorded once more, which changes nothing.
                drop(parts.inbox.release(&caller.tenant, &order.request_id).await);
            }
            Ok(response)
        }
    }
}

fn read(
    parts: &TicketParts,
    caller: &Caller,
    mut request: CreateTicketRequest,
) -> Result<TicketOrder, ApiError> {
    let request_id = field::word("request_id", std::mem::take(&mut request.request_id))?;
    if request_id.is_empty() {
        return Err(ApiError::missing("request_id"));
    }
    Ok(TicketOrder {
        id: new_id(parts),
        request_id,
        actor: caller.actor(),
        at: parts.clock.now(),
        ticket: convert::new_ticket(request)?,
    })
}

fn new_id(parts: &TicketParts) -> TicketId {
    TicketId::parse(parts.ids.uuid().to_string()).expect("a UUID has the characters of an id")
}

// A ticket accepted before keeps its id, if the order is recorded now.
async fn held_before(
    parts: &TicketParts,
    tenant: &TenantId,
    order: &TicketOrder,
) -> Result<Option<TicketOrder>, ApiError> {
    match parts.inbox.held(tenant, &order.request_id).await {
        Ok(held) => held.map(|held| same(held, order)).transpose(),
        Err(error) => {
            tracing::warn!(%error, "the inbox of tickets does not answer");
            Ok(None)
        }
    }
}

fn same(held: TicketOrder, order: &TicketOrder) -> Result<TicketOrder, ApiError> {
    if held.ticket == order.ticket { Ok(held) } else { Err(reused(order)) }
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

fn accepted(order: TicketOrder) -> Result<CreateTicketResponse, ApiError> {
    let event = TicketEvent {
        version: 1,
        applied: None,
        state: TicketState::New,
        actor: order.actor.clone(),
        note: None,
        at: order.at,
    };
    Ok(CreateTicketResponse {
        ticket: Some(convert::ticket(ticket_of(order), vec![event])),
        acceptance: Acceptance::Accepted.into(),
    })
}

// What the ticket will be; its number is given when it is recorded.
fn ticket_of(order: TicketOrder) -> Ticket {
    let new = order.ticket;
    Ticket {
        id: order.id,
        number: 0,
        state: TicketState::New,
        subject: new.subject,
        body: new.body,
        priority: new.priority,
        customer: new.customer,
        interaction: new.interaction,
        rule: None,
        department: new.department,
        assignee: None,
        resolution: None,
        merged_into: None,
        created_at: order.at,
        changed_at: order.at,
        version: 1,
    }
}

fn refused(error: StoreError, order: &TicketOrder) -> ApiError {
    match &error {
        StoreError::Conflict { what } if what.starts_with("request ") => {
            reused(order).caused_by(error)
        }
        StoreError::Conflict { .. }
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
    let is_repeat = ticket.id != order.id;
    AuditRecord {
        detail: is_repeat.then(|| "repeated request".to_owned()),
        ..AuditRecord::of(caller, "ticket.create", object, order.at)
    }
}
