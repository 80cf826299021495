//! Makes tickets: one per request id, for ever.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1::{Acceptance, CreateTicketRequest, CreateTicketResponse};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::Ticket;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::TicketOrder;

use crate::TicketParts;

/// Makes a ticket, or gives the one that the same request made before.
pub(super) async fn run(
    parts: &TicketParts,
    caller: &Caller,
    request: CreateTicketRequest,
) -> Result<CreateTicketResponse, ApiError> {
    let order = read(parts, caller, request)?;
    if let Some(customer) = &order.ticket.customer {
        parts.customers.get(&caller.tenant, customer).await?;
    }
    let made = parts.tickets.create(&caller.tenant, &order).await;
    let ticket = made.map_err(|error| refused(error, &order))?;
    parts.audit.append(&caller.tenant, &line(caller, &order, &ticket)).await?;
    let events = parts.tickets.events(&caller.tenant, &ticket.id).await?;
    Ok(CreateTicketResponse {
        ticket: Some(convert::ticket(ticket, events)),
        acceptance: Acceptance::Recorded.into(),
    })
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

fn refused(error: StoreError, order: &TicketOrder) -> ApiError {
    match &error {
        StoreError::Conflict { what } if what.starts_with("request ") => {
            let message = "this request id made another ticket before; choose a new one";
            ApiError::failed_precondition("REQUEST_ID_REUSED", message)
                .with("request_id", order.request_id.as_str())
                .caused_by(error)
        }
        StoreError::Conflict { .. }
        | StoreError::Unavailable(_)
        | StoreError::NotFound { .. }
        | StoreError::Refused { .. }
        | StoreError::Corrupt { .. } => error.into(),
    }
}

// The line follows the ticket: should it fail, the sender repeats the request, which makes no
// second ticket, and the line is tried again.
fn line(caller: &Caller, order: &TicketOrder, ticket: &Ticket) -> AuditRecord {
    let object = format!("ticket/{}", ticket.id);
    let is_repeat = ticket.id != order.id;
    AuditRecord {
        detail: is_repeat.then(|| "repeated request".to_owned()),
        ..AuditRecord::of(caller, "ticket.create", object, order.at)
    }
}
