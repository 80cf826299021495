//! Moves tickets through their life: read, judge, keep if nobody was faster.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1::{
    self as wire, MoveTicketRequest, MoveTicketResponse, ReviseTicketRequest,
};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::ticket::{MoveDetails, Revision, Terms, Ticket, TicketChange, TicketMove};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::TicketEvent;

use crate::TicketParts;
use crate::policy::{Policy, story};
use crate::relations::lacking;

/// How often a move that names no etag is judged anew because somebody was faster.
pub(crate) const ATTEMPTS: u32 = 3;

/// A move of a ticket, ready to be tried.
pub(crate) struct Order {
    pub(crate) id: TicketId,
    pub(crate) etag: Option<u64>,
    pub(crate) attempted: TicketMove,
    pub(crate) details: MoveDetails,
}

/// Moves a ticket, or says why not.
pub(super) async fn run(
    parts: &TicketParts,
    caller: &Caller,
    request: MoveTicketRequest,
) -> Result<MoveTicketResponse, ApiError> {
    let order = read(caller, request)?;
    carry_out(parts, caller, &order).await
}

/// Moves a ticket as it was read from a request.
pub(crate) async fn carry_out(
    parts: &TicketParts,
    caller: &Caller,
    order: &Order,
) -> Result<MoveTicketResponse, ApiError> {
    let mut attempt = 1;
    loop {
        match once(parts, caller, order).await? {
            Ok(response) => return Ok(response),
            Err(StoreError::Conflict { .. }) if order.etag.is_none() && attempt < ATTEMPTS => {
                attempt += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Reads a move.
pub(crate) fn read(caller: &Caller, request: MoveTicketRequest) -> Result<Order, ApiError> {
    let id = field::id("ticket_id", &request.ticket_id)?;
    let etag = field::etag("etag", &request.etag)?;
    let (attempted, details) = convert::move_details(request, caller.actor())?;
    Ok(Order { id, etag, attempted, details })
}

/// Reads a revision.
pub(crate) fn read_revision(
    caller: &Caller,
    request: ReviseTicketRequest,
) -> Result<Order, ApiError> {
    let id = field::id("ticket_id", &request.ticket_id)?;
    let etag = field::etag("etag", &request.etag)?;
    let details = convert::form::revision(request, caller.actor())?;
    Ok(Order { id, etag, attempted: TicketMove::Revise, details })
}

/// Tries once; the inner result is what keeping the move said.
async fn once(
    parts: &TicketParts,
    caller: &Caller,
    order: &Order,
) -> Result<Result<MoveTicketResponse, StoreError>, ApiError> {
    let change = judge(parts, caller, order).await?;
    let mut events = parts.tickets.events(&caller.tenant, &order.id).await?;
    // The line comes first: a move that is not on the trail is not made.
    parts.audit.append(&caller.tenant, &line(caller, &change)).await?;
    if let Err(error) = parts.tickets.save(&caller.tenant, &change).await {
        return Ok(Err(error));
    }
    events.push(event(&change));
    let policy = Policy::of(parts, &caller.tenant).await;
    let story = story(parts, &caller.tenant, &change.ticket, events).await?;
    let told = policy.told(parts, &caller.tenant, change.ticket, story).await;
    Ok(Ok(MoveTicketResponse { ticket: Some(told) }))
}

/// Says what a move would change, or why it is refused; changes nothing.
pub(crate) async fn judge(
    parts: &TicketParts,
    caller: &Caller,
    order: &Order,
) -> Result<TicketChange, ApiError> {
    let ticket = parts.tickets.get(&caller.tenant, &order.id).await?;
    check_etag(&ticket, order.etag)?;
    let policy = Policy::of(parts, &caller.tenant).await;
    if let Some(queue) = &order.details.queue {
        policy.admit_queue(queue)?;
    }
    policy.admit_department(order.details.department.as_deref())?;
    let revision = &order.details.revision;
    admit_revision(parts, &caller.tenant, &policy, revision).await?;
    let kind = policy.kinds().of(revision.kind.as_ref().unwrap_or(&ticket.kind));
    // After the ticket: what is filled in, or is to be done below it, from now on makes the move a
    // conflict.
    let filled = parts.tickets.filled(&caller.tenant, &ticket).await?;
    let open_children = if order.attempted.ends_work() {
        parts.relations.open_children(&caller.tenant, &ticket.id).await?
    } else {
        vec![]
    };
    let terms = Terms { kind: &kind, filled: &filled, open_children: &open_children };
    let change = ticket.apply(order.attempted, order.details.clone(), terms, parts.clock.now())?;
    if let Some(target) = change.goes_on_in() {
        parts.tickets.get(&caller.tenant, target).await?.admit_merge()?;
    }
    Ok(change)
}

/// Refuses a correction to a kind, a category or a customer that is not there.
async fn admit_revision(
    parts: &TicketParts,
    tenant: &TenantId,
    policy: &Policy,
    revision: &Revision,
) -> Result<(), ApiError> {
    policy.admit_category(revision.category.as_ref())?;
    if let Some(kind) = &revision.kind {
        policy.admit_kind(kind)?;
    }
    if let Some(customer) = &revision.customer {
        let found = parts.customers.get(tenant, customer).await;
        found.map_err(|error| lacking(error, "customer_id"))?;
    }
    Ok(())
}

/// Puts a ticket on the wire as it stands, with its story and what is owed.
pub(crate) async fn whole(
    parts: &TicketParts,
    tenant: &TenantId,
    ticket: Ticket,
) -> Result<wire::Ticket, ApiError> {
    let mut events = parts.tickets.events(tenant, &ticket.id).await?;
    // What happened since the ticket was read is for the next reader.
    events.retain(|event| event.version <= ticket.version);
    let story = story(parts, tenant, &ticket, events).await?;
    Ok(Policy::of(parts, tenant).await.told(parts, tenant, ticket, story).await)
}

/// Refuses what was meant for another version of the ticket.
pub(crate) fn check_etag(ticket: &Ticket, etag: Option<u64>) -> Result<(), ApiError> {
    match etag {
        Some(read) if read != ticket.version => {
            let message = "the ticket has changed since it was read";
            Err(ApiError::aborted("ETAG_STALE", message)
                .about("ticket", ticket.id.as_str())
                .with("etag", ticket.version.to_string()))
        }
        Some(_) | None => Ok(()),
    }
}

pub(crate) fn line(caller: &Caller, change: &TicketChange) -> AuditRecord {
    let object = format!("ticket/{}", change.ticket.id);
    let detail = format!("{} to version {}", change.applied, change.ticket.version);
    AuditRecord {
        detail: Some(detail),
        ..AuditRecord::of(caller, "ticket.move", object, change.ticket.changed_at)
    }
}

fn event(change: &TicketChange) -> TicketEvent {
    TicketEvent {
        version: change.ticket.version,
        applied: Some(change.applied),
        state: change.ticket.state,
        actor: change.actor.clone(),
        note: change.note.clone(),
        at: change.ticket.changed_at,
    }
}
