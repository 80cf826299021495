//! Tells people who else has a ticket open, or writes in it.

use switchboard_api::convert::time::timestamp;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TicketId;
use switchboard_store::ticket_presence::{Doing, Present};

use super::DeskParts;

/// Notes what the caller does, and gives the others.
///
/// Nothing is changed for good, so it is on no trail.
pub(super) async fn touch(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::TouchTicketRequest,
) -> Result<wire::TouchTicketResponse, ApiError> {
    let id: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let doing = match field::known("doing", request.doing)? {
        wire::TicketDoing::Unspecified => return Err(ApiError::missing("doing")),
        wire::TicketDoing::Viewing => Some(Doing::Viewing),
        wire::TicketDoing::Writing => Some(Doing::Writing),
        wire::TicketDoing::Left => None,
    };
    parts.tickets.tickets.get(&caller.tenant, &id).await?;
    let (actor, now) = (caller.actor(), parts.tickets.clock.now());
    let others = parts.presence.touch(&caller.tenant, &id, (&actor, doing), now).await?;
    Ok(wire::TouchTicketResponse { others: others.into_iter().map(present).collect() })
}

fn present(present: Present) -> wire::TicketPresence {
    let doing = match present.doing {
        Doing::Viewing => wire::TicketDoing::Viewing,
        Doing::Writing => wire::TicketDoing::Writing,
    };
    wire::TicketPresence {
        actor: present.actor,
        doing: doing.into(),
        until: Some(timestamp(present.until)),
    }
}
