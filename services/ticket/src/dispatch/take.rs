//! An agent takes a ticket that nobody has.

use switchboard_api::ticket::v1::{TakeTicketRequest, TakeTicketResponse};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{AgentId, TicketId};
use switchboard_domain::ticket::MoveDetails;
use tonic::Code;

use crate::TicketParts;
use crate::api::moves::{self, Order, check_etag};
use crate::policy::{Policy, story};

/// How often a ticket is looked at anew because somebody was faster.
const ATTEMPTS: u32 = 3;

/// Takes a ticket, or says who has it.
pub(super) async fn run(
    parts: &TicketParts,
    caller: &Caller,
    request: TakeTicketRequest,
) -> Result<TakeTicketResponse, ApiError> {
    let id: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let etag = field::etag("etag", &request.etag)?;
    let agent: AgentId = field::id("agent", caller.subject.as_str())?;
    let mut attempt = 1;
    loop {
        match once(parts, caller, (&id, etag), &agent).await {
            // Whoever was faster may have taken it, or only written something down.
            Err(error) if error.code() == Code::Aborted && etag.is_none() && attempt < ATTEMPTS => {
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn once(
    parts: &TicketParts,
    caller: &Caller,
    (id, etag): (&TicketId, Option<u64>),
    agent: &AgentId,
) -> Result<TakeTicketResponse, ApiError> {
    let tenant = &caller.tenant;
    let ticket = parts.tickets.get(tenant, id).await?;
    check_etag(&ticket, etag)?;
    let Some(attempted) = ticket.taking(agent)? else {
        let events = parts.tickets.events(tenant, id).await?;
        let story = story(parts, tenant, &ticket, events).await?;
        let policy = Policy::of(parts, tenant).await;
        let told = policy.told(parts, tenant, ticket, story).await;
        return Ok(TakeTicketResponse { ticket: Some(told) });
    };
    let details = MoveDetails {
        actor: caller.actor(),
        assignee: Some(agent.clone()),
        ..MoveDetails::default()
    };
    let order = Order { id: id.clone(), etag: Some(ticket.version), attempted, details };
    let moved = moves::carry_out(parts, caller, &order).await?;
    Ok(TakeTicketResponse { ticket: moved.ticket })
}
