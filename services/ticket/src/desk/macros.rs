//! Applies prepared sets of changes: every step through the guards of single moves, or none.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{MacroId, TenantId, TicketId};
use switchboard_domain::ticket::{
    Applicant, Placeholder, Terms, Ticket, TicketChange, TicketMacro,
};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_macros::MacroRun;

use super::DeskParts;
use crate::TicketParts;
use crate::api::moves::{ATTEMPTS, check_etag, whole};
use crate::policy::Policy;

/// A macro for one ticket, ready to be tried.
#[derive(Clone)]
pub(super) struct Order {
    pub(super) id: TicketId,
    pub(super) etag: Option<u64>,
    pub(super) applied: MacroId,
    /// Recognises repeats; none where the etag does.
    pub(super) request_id: Option<String>,
}

/// Gives the macros that fit the caller and, if one is named, a ticket.
pub(super) async fn list(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::ListMacrosRequest,
) -> Result<wire::ListMacrosResponse, ApiError> {
    let department = field::word("department", request.department)?;
    let department = Some(department).filter(|name| !name.is_empty());
    let ticket = match field::optional_id::<TicketId>("ticket_id", &request.ticket_id)? {
        Some(id) => Some(parts.tickets.get(&caller.tenant, &id).await?),
        None => None,
    };
    let policy = Policy::readable(parts, &caller.tenant).await?;
    let fits = |prepared: &&TicketMacro| match (&ticket, &department) {
        (Some(ticket), _) => prepared.admit(ticket, caller.role).is_ok(),
        (None, Some(_)) => prepared.is_for(caller.role) && prepared.is_of(department.as_deref()),
        (None, None) => prepared.is_for(caller.role),
    };
    let macros = policy.macros().iter().filter(fits).map(convert::macros::prepared).collect();
    Ok(wire::ListMacrosResponse { macros })
}

/// Applies a macro, or says what would become of the ticket.
pub(super) async fn run(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::ApplyMacroRequest,
) -> Result<wire::ApplyMacroResponse, ApiError> {
    let order = Order {
        id: field::id("ticket_id", &request.ticket_id)?,
        etag: field::etag("etag", &request.etag)?,
        applied: field::id("macro_id", &request.macro_id)?,
        request_id: if request.validate_only {
            None
        } else {
            Some(field::id::<MacroId>("request_id", &request.request_id)?.to_string())
        },
    };
    if request.validate_only {
        let ticket = preview(parts, caller, &order).await?;
        return Ok(wire::ApplyMacroResponse { ticket: Some(ticket), repeated_request: false });
    }
    carry_out(parts, caller, &order).await
}

/// Says what would become of a ticket.
pub(super) async fn preview(
    parts: &DeskParts,
    caller: &Caller,
    order: &Order,
) -> Result<wire::Ticket, ApiError> {
    let judged = judge(&parts.tickets, caller, order).await?;
    Ok(convert::ticket(judged.ticket))
}

/// Applies a macro, once per request.
pub(super) async fn carry_out(
    parts: &DeskParts,
    caller: &Caller,
    order: &Order,
) -> Result<wire::ApplyMacroResponse, ApiError> {
    let mut attempt = 1;
    loop {
        if let Some(ticket) = repeated(parts, &caller.tenant, order).await? {
            let ticket = whole(&parts.tickets, &caller.tenant, ticket).await?;
            return Ok(wire::ApplyMacroResponse { ticket: Some(ticket), repeated_request: true });
        }
        match once(parts, caller, order).await? {
            Ok(ticket) => {
                let ticket = Some(whole(&parts.tickets, &caller.tenant, ticket).await?);
                return Ok(wire::ApplyMacroResponse { ticket, repeated_request: false });
            }
            // Somebody was faster with the ticket, or a repeat of this very request was.
            Err(StoreError::Conflict { .. }) if attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

/// Gives the ticket to which the same request applied the macro before.
async fn repeated(
    parts: &DeskParts,
    tenant: &TenantId,
    order: &Order,
) -> Result<Option<Ticket>, ApiError> {
    let Some(request_id) = &order.request_id else { return Ok(None) };
    let Some(run) = parts.macros.macro_run(tenant, request_id).await? else { return Ok(None) };
    if (&run.ticket, &run.applied) != (&order.id, &order.applied) {
        let message =
            "this request id applied another macro, or to another ticket; choose a new one";
        return Err(ApiError::failed_precondition("REQUEST_ID_REUSED", message)
            .with("request_id", request_id.as_str()));
    }
    Ok(Some(parts.tickets.tickets.get(tenant, &order.id).await?))
}

/// What a macro makes of a ticket.
struct Judged {
    changes: Vec<TicketChange>,
    /// The ticket after the last of them.
    ticket: Ticket,
}

/// Tries once; the inner result is what keeping the changes said.
async fn once(
    parts: &DeskParts,
    caller: &Caller,
    order: &Order,
) -> Result<Result<Ticket, StoreError>, ApiError> {
    let tenant = &caller.tenant;
    let Judged { changes, ticket } = judge(&parts.tickets, caller, order).await?;
    // The line comes first: what is not on the trail is not done.
    parts.tickets.audit.append(tenant, &line(caller, order, &changes)).await?;
    let run = order.request_id.clone().map(|request_id| MacroRun {
        request_id,
        ticket: order.id.clone(),
        applied: order.applied.clone(),
        at: ticket.changed_at,
    });
    let kept = parts.macros.apply_macro(tenant, &changes, run.as_ref()).await;
    Ok(kept.map(|()| ticket))
}

/// Says what a macro would change, or why it is refused; changes nothing.
async fn judge(parts: &TicketParts, caller: &Caller, order: &Order) -> Result<Judged, ApiError> {
    let tenant = &caller.tenant;
    let before = parts.tickets.get(tenant, &order.id).await?;
    check_etag(&before, order.etag)?;
    let policy = Policy::readable(parts, tenant).await?;
    let prepared = policy.macros().iter().find(|prepared| prepared.id == order.applied);
    let prepared = prepared.ok_or_else(|| unknown(&order.applied))?;
    let customer = customer_name(parts, tenant, prepared, &before).await?;
    let actor = caller.actor();
    let applicant = Applicant {
        actor: &actor,
        role: caller.role,
        name: policy.agent_name(caller),
        customer: customer.as_deref(),
    };
    let kind = policy.kinds().of(&before.kind);
    // After the ticket: what is filled in, or is to be done below it, from now on makes the changes a
    // conflict.
    let filled = parts.tickets.filled(tenant, &before).await?;
    let open_children = parts.relations.open_children(tenant, &before.id).await?;
    let terms = Terms { kind: &kind, filled: &filled, open_children: &open_children };
    let changes = prepared.apply(&before, applicant, terms, parts.clock.now())?;
    let ticket = changes.last().map_or(before, |change| change.ticket.clone());
    Ok(Judged { changes, ticket })
}

/// Gives the name of a ticket's customer, by the record that leads, if the macro says it.
async fn customer_name(
    parts: &TicketParts,
    tenant: &TenantId,
    prepared: &TicketMacro,
    ticket: &Ticket,
) -> Result<Option<String>, ApiError> {
    let Some(customer) = ticket.customer.as_ref().filter(|_| prepared.says(Placeholder::Customer))
    else {
        return Ok(None);
    };
    // Whoever was erased has no name any more.
    let leading = parts.customers.leading(tenant, customer).await?;
    Ok(leading.map(|record| record.name).filter(|name| !name.is_empty()))
}

fn unknown(id: &MacroId) -> ApiError {
    ApiError::not_found("macro", id.as_str())
}

fn line(caller: &Caller, order: &Order, changes: &[TicketChange]) -> AuditRecord {
    let moves: Vec<&str> = changes.iter().map(|change| change.applied.as_str()).collect();
    let last = changes.last().map(|change| (change.ticket.version, change.ticket.changed_at));
    let (version, at) = last.unwrap_or_default();
    let detail = format!("{}: {} to version {version}", order.applied, moves.join(", "));
    let object = format!("ticket/{}", order.id);
    AuditRecord {
        detail: Some(detail),
        ..AuditRecord::of(caller, "ticket.apply_macro", object, at)
    }
}
