//! Calls that tickets ask for: at most one at a time for each.

use switchboard_domain::follow_up::{CallBack, FollowUp};
use switchboard_domain::ids::{FollowUpId, TicketId};
use switchboard_domain::ticket::{CallBackPlan, NewTicket};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use super::{read, write};
use crate::error::about;
use crate::scope::TenantScope;
use crate::tickets;

/// What a ticket's life tells of a call that it asks for.
const ASKED: &str = "call-back: the customer is to be called";

/// Keeps a call that a ticket asks for, and gives the one that is open then.
pub(super) async fn ask(
    scope: &mut TenantScope<'_>,
    asked: &FollowUp,
    actor: &str,
) -> Result<FollowUp, StoreError> {
    let ticket =
        asked.ticket().ok_or_else(|| StoreError::not_found("the ticket of a call-back"))?;
    if write::insert_once(scope, asked).await? {
        tickets::write::note(scope, ticket, (actor, ASKED), asked.made_at).await?;
        return Ok(asked.clone());
    }
    let open = read::call_back_of(scope, ticket).await?;
    // It came to its end between the two looks: whoever asked has to look at what came of it.
    open.ok_or_else(|| StoreError::conflict(format!("the call-back of ticket {ticket}")))
}

/// Keeps the call that a rule's ticket asks for, unless one is open.
pub(crate) async fn by_rule(
    scope: &mut TenantScope<'_>,
    (ticket, order): (&TicketId, &NewTicket),
    plan: &CallBackPlan,
    (actor, now): (&str, Timestamp),
) -> Result<(), StoreError> {
    let call = CallBack {
        ticket: ticket.clone(),
        customer: order.customer.clone(),
        department: order.department.clone(),
        queue: plan.queue.clone(),
        due_at: now + plan.after,
    };
    let asked = FollowUp::call_back(call, new_id(scope).await?, now);
    if write::insert_once(scope, &asked).await? {
        tickets::write::note(scope, ticket, (actor, ASKED), now).await?;
    }
    Ok(())
}

async fn new_id(scope: &mut TenantScope<'_>) -> Result<FollowUpId, StoreError> {
    let id: String = sqlx::query_scalar("SELECT gen_random_uuid()::text")
        .fetch_one(scope.connection())
        .await
        .map_err(about("the name of a call-back"))?;
    FollowUpId::parse(id).map_err(|error| StoreError::corrupt("follow_ups.id", error))
}
