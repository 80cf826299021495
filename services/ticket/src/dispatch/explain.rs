//! Says which rule would send a ticket where, and why the earlier ones do not.

use switchboard_api::convert::ticket::dispatch as convert;
use switchboard_api::ticket::v1::{ExplainDispatchRequest, ExplainDispatchResponse};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TicketId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;

use super::DispatchParts;
use super::rules::Look;

/// Judges a ticket as it stands; changes nothing.
pub(super) async fn run(
    parts: &DispatchParts,
    caller: &Caller,
    request: ExplainDispatchRequest,
) -> Result<ExplainDispatchResponse, ApiError> {
    let id: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let ticket = parts.tickets.tickets.get(&caller.tenant, &id).await?;
    let center = parts.tickets.centers.get(&caller.tenant).await.map_err(StoreError::from)?;
    let now = parts.tickets.clock.now();
    // What rules look at is about the customer.
    let object = format!("ticket/{id}");
    let line = AuditRecord::of(caller, "ticket.explain_dispatch", object, now);
    parts.tickets.audit.append(&caller.tenant, &line).await?;
    let look = Look::at(parts, &caller.tenant, &center, ticket.clone()).await?;
    let verdict = look.verdict();
    let awaits_dispatch = match verdict.taken_by() {
        Some(taken) => ticket.awaits_dispatch_by(taken.rule),
        None => center.dispatch_rules.iter().any(|rule| ticket.awaits_dispatch_by(rule)),
    };
    Ok(ExplainDispatchResponse { awaits_dispatch, findings: convert::verdict(&verdict) })
}
