//! Links interactions to tickets: the calls and texts that came in about the same issue.

use switchboard_api::convert::ticket::relation as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{ContactId, TicketId};
use switchboard_domain::ticket::{MoveDetails, TicketMove};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;

use crate::TicketParts;
use crate::api::moves::{self, ATTEMPTS, Order};
use crate::policy::tell;

/// The most interactions that are linked to a ticket.
const MAX_INTERACTIONS: usize = 200;

/// Links an interaction, and gives the ticket; what is linked already is the answer once more.
pub(super) async fn link(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::LinkInteractionRequest,
) -> Result<wire::Ticket, ApiError> {
    let id: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let contact: ContactId = field::id("interaction_id", &request.interaction_id)?;
    let etag = field::etag("etag", &request.etag)?;
    let details = convert::linked_interaction(&contact, request.note, caller.actor())?;
    let mut attempt = 1;
    loop {
        match once(parts, caller, (&id, etag), (&contact, &details)).await? {
            Ok(()) => return Ok(tell(parts, &caller.tenant, &id).await?),
            Err(StoreError::Conflict { .. }) if etag.is_none() && attempt < ATTEMPTS => {
                attempt += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Tries once; the inner result is what keeping the link said.
async fn once(
    parts: &TicketParts,
    caller: &Caller,
    (id, etag): (&TicketId, Option<u64>),
    (contact, details): (&ContactId, &MoveDetails),
) -> Result<Result<(), StoreError>, ApiError> {
    let ticket = parts.tickets.get(&caller.tenant, id).await?;
    let linked = parts.relations.relations(&caller.tenant, &ticket).await?.interactions;
    if ticket.interaction.as_ref() == Some(contact) || linked.contains(contact) {
        return Ok(Ok(()));
    }
    if linked.len() >= MAX_INTERACTIONS {
        let message = format!("{MAX_INTERACTIONS} interactions are linked to the ticket");
        return Err(ApiError::exhausted("TICKET_INTERACTIONS_FULL", message)
            .with("limit", MAX_INTERACTIONS.to_string()));
    }
    let details = details.clone();
    let order = Order { id: id.clone(), etag, attempted: TicketMove::Note, details };
    let change = moves::judge(parts, caller, &order).await?;
    // The line comes first: a link that is not on the trail is not made.
    let line = AuditRecord {
        detail: Some(format!("{contact} to version {}", change.ticket.version)),
        ..AuditRecord::of(
            caller,
            "ticket.link_interaction",
            format!("ticket/{id}"),
            change.ticket.changed_at,
        )
    };
    parts.audit.append(&caller.tenant, &line).await?;
    Ok(parts.relations.link_interaction(&caller.tenant, &change, contact).await)
}
