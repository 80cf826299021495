//! What is part of an incident: put in and taken out by people, and resolved when the incident is.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::move_ticket_result::Outcome;
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{
    Medium, MembershipError, MoveDetails, Terms, Ticket, TicketChange, TicketMove, TicketState,
};
use switchboard_store::audit::AuditRecord;
use switchboard_store::tickets::TicketFilter;
use tonic::Code;

use crate::TicketParts;
use crate::api::moves;
use crate::desk::bulk::refusal;
use crate::policy::{Policy, tell};
use crate::relations::lacking;

/// The most members that are resolved at once.
const MOST: i32 = 100;

/// What becomes of each member.
struct Order {
    incident: Ticket,
    resolution: String,
    medium: Option<Medium>,
    is_preview: bool,
}

/// Makes a ticket part of an incident, or of none.
pub(super) async fn set(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::SetIncidentRequest,
) -> Result<wire::Ticket, ApiError> {
    let order = convert::relation::membership(&request, caller, parts.clock.now())?;
    let found = async |id: &TicketId, field| {
        parts.tickets.get(&caller.tenant, id).await.map_err(|error| lacking(error, field))
    };
    let ticket = found(&order.ticket, "ticket_id").await?;
    let incident = match &order.incident {
        Some(id) => Some(found(id, "incident_id").await?),
        None => None,
    };
    ticket.check_membership(incident.as_ref())?;
    let object = format!("ticket/{}", order.ticket);
    let detail =
        Some(order.incident.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string));
    let line =
        AuditRecord { detail, ..AuditRecord::of(caller, "ticket.incident", object, order.at) };
    // The line comes first: what is not on the trail is not done.
    parts.audit.append(&caller.tenant, &line).await?;
    parts.relations.set_incident(&caller.tenant, &order).await?;
    Ok(tell(parts, &caller.tenant, &order.ticket).await?)
}

/// Gives what became of each member of one page.
///
/// What a store that is away refuses ends the whole: a repeat resolves only what was not resolved.
pub(super) async fn resolve(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::ResolveMembersRequest,
) -> Result<wire::ResolveMembersResponse, ApiError> {
    let (size, token) = (request.page_size.min(MOST), request.page_token.clone());
    let order = read(parts, caller, request).await?;
    let query = format!("members of {}", order.incident.id);
    let page = page::request(&query, size, &token)?;
    let incident = Some(order.incident.id.clone());
    let filter = TicketFilter { incident, is_open: true, ..TicketFilter::default() };
    let found = parts.tickets.list(&caller.tenant, &filter, &page).await?;
    let mut results = Vec::with_capacity(found.records.len());
    for member in found.records {
        let ticket_id = member.id.to_string();
        let outcome = match one(parts, caller, &order, &member.id).await {
            Ok(ticket) => Outcome::Moved(convert::ticket(ticket)),
            Err(error) if matches!(error.code(), Code::Unavailable | Code::Internal) => {
                return Err(error);
            }
            Err(error) => Outcome::Refused(refusal(&error)),
        };
        results.push(wire::MoveTicketResult { ticket_id, outcome: Some(outcome) });
    }
    Ok(wire::ResolveMembersResponse { results, next_page_token: page::next(&query, &found.next) })
}

async fn read(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::ResolveMembersRequest,
) -> Result<Order, ApiError> {
    let id: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let said = convert::relation::resolution(request.resolution)?;
    let medium = convert::relation::medium(request.medium)?;
    let incident = parts.tickets.get(&caller.tenant, &id).await?;
    if !incident.is_incident {
        return Err(MembershipError::NotIncident { ticket: id }.into());
    }
    let resolution = said.or_else(|| incident.resolution.clone());
    match (incident.state, resolution) {
        (TicketState::Resolved | TicketState::Closed, Some(resolution)) => {
            Ok(Order { incident, resolution, medium, is_preview: request.validate_only })
        }
        // What it said was erased, or never said.
        (TicketState::Resolved | TicketState::Closed, None) => Err(ApiError::missing("resolution")),
        (state, _) => {
            let message = "members are resolved when their incident is";
            Err(ApiError::failed_precondition("INCIDENT_OPEN", message)
                .about("ticket", id.as_str())
                .with("state", state.as_str()))
        }
    }
}

/// Resolves one member as it stands, all the way or not at all.
async fn one(
    parts: &TicketParts,
    caller: &Caller,
    order: &Order,
    member: &TicketId,
) -> Result<Ticket, ApiError> {
    let changes = judge(parts, caller, order, member).await?;
    let Some(last) = changes.last().map(|change| change.ticket.clone()) else {
        return Ok(parts.tickets.get(&caller.tenant, member).await?);
    };
    if order.is_preview {
        return Ok(last);
    }
    // The lines come first: a move that is not on the trail is not made.
    for change in &changes {
        parts.audit.append(&caller.tenant, &moves::line(caller, change)).await?;
    }
    parts.tickets.save_all(&caller.tenant, &changes).await?;
    Ok(last)
}

/// Says by which moves a member is resolved, or why it is not.
async fn judge(
    parts: &TicketParts,
    caller: &Caller,
    order: &Order,
    member: &TicketId,
) -> Result<Vec<TicketChange>, ApiError> {
    let mut ticket = parts.tickets.get(&caller.tenant, member).await?;
    let policy = Policy::of(parts, &caller.tenant).await;
    let kind = policy.kinds().of(&ticket.kind);
    // After the ticket: what is filled in, or is to be done below it, from now on makes it a conflict.
    let filled = parts.tickets.filled(&caller.tenant, &ticket).await?;
    let open_children = parts.relations.open_children(&caller.tenant, &ticket.id).await?;
    let terms = Terms { kind: &kind, filled: &filled, open_children: &open_children };
    let department = order.incident.department.as_deref();
    let way = ticket.way_to_resolution(department);
    let informing = order.medium.filter(|_| !way.is_empty()).map(|_| TicketMove::Inform);
    let mut changes = Vec::with_capacity(way.len() + 1);
    for attempted in way.into_iter().chain(informing) {
        let details = details(caller, order, attempted);
        let change = ticket.apply(attempted, details, terms, parts.clock.now())?;
        ticket = change.ticket.clone();
        changes.push(change);
    }
    Ok(changes)
}

/// Gives what a move of a member says.
fn details(caller: &Caller, order: &Order, attempted: TicketMove) -> MoveDetails {
    let is_resolved = attempted == TicketMove::Resolve;
    let is_sent = attempted == TicketMove::Dispatch;
    let incident = &order.incident;
    MoveDetails {
        actor: caller.actor(),
        note: is_resolved.then(|| format!("with incident #{}", incident.number)),
        department: incident.department.clone().filter(|_| is_sent),
        resolution: is_resolved.then(|| order.resolution.clone()),
        medium: order.medium,
        ..MoveDetails::default()
    }
}
