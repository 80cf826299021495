//! Has whoever a ticket is about called back, because somebody who works on it says so.

use std::time::Duration;

use switchboard_api::convert::follow_up as convert;
use switchboard_api::convert::time::duration_field;
use switchboard_api::followup::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::center::Queue;
use switchboard_domain::follow_up::{CallBack, FollowUp};
use switchboard_domain::ids::{FollowUpId, QueueId, TenantId, TicketId};
use switchboard_domain::ticket::Ticket;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;

use super::CareParts;
use super::calls::callee;

/// How far ahead a call may be asked for.
const FAR: Duration = Duration::from_hours(365 * 24);

/// Asks for the call, or says why there is none; one that is open already is the answer.
pub(super) async fn run(
    parts: &CareParts,
    caller: &Caller,
    request: wire::RequestCallBackRequest,
) -> Result<wire::FollowUp, ApiError> {
    let ticket: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let queue: QueueId = field::id("queue_id", &request.queue_id)?;
    let after = duration_field("after", request.after, FAR)?;
    let ticket = parts.tickets.get(&caller.tenant, &ticket).await?;
    check(parts, &caller.tenant, &ticket, &queue).await?;
    let now = parts.clock.now();
    let object = format!("ticket/{}", ticket.id);
    let call = CallBack {
        ticket: ticket.id,
        customer: ticket.customer,
        department: ticket.department,
        queue,
        due_at: now + after,
    };
    let asked = FollowUp::call_back(call, id(parts)?, now);
    if let Err(why) = callee(parts, &caller.tenant, &asked).await? {
        let message = "neither the customer nor the call of the ticket has a number to call";
        return Err(ApiError::failed_precondition("NOBODY_TO_CALL", message).with("cause", why));
    }
    let line = AuditRecord::of(caller, "ticket.call_back", object, now);
    parts.audit.append(&caller.tenant, &line).await?;
    let open = parts.follow_ups.call_back(&caller.tenant, &asked, &caller.actor()).await?;
    Ok(convert::follow_up(open))
}

/// Checks that the ticket may still ask for a call, and that the queue makes any.
async fn check(
    parts: &CareParts,
    tenant: &TenantId,
    ticket: &Ticket,
    queue: &QueueId,
) -> Result<(), ApiError> {
    if !ticket.state.is_open() {
        let error = ApiError::failed_precondition("TICKET_OVER", "the ticket is over: reopen it");
        return Err(error.with("state", ticket.state.as_str()));
    }
    let center = parts.centers.get(tenant).await.map_err(StoreError::from)?;
    let known = center.queue(queue);
    let known: &Queue = known.ok_or_else(|| ApiError::not_found("queue", queue.as_str()))?;
    if known.callback.is_some() {
        return Ok(());
    }
    let message = "the queue calls nobody: give it `callback` rules, or name another one";
    Err(ApiError::failed_precondition("NO_CALLBACKS", message).with("queue", queue.as_str()))
}

fn id(parts: &CareParts) -> Result<FollowUpId, StoreError> {
    FollowUpId::parse(parts.ids.uuid().to_string())
        .map_err(|error| StoreError::corrupt("a new follow-up", error))
}
