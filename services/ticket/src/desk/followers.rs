//! Follows tickets: who wants to hear of one without working on it.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TicketId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::ticket_followers::{Follower, Following, MAX_FOLLOWED, MAX_FOLLOWERS};

use super::DeskParts;

/// Lets the caller follow a ticket, and gives those who do.
pub(super) async fn follow(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::FollowTicketRequest,
) -> Result<wire::FollowTicketResponse, ApiError> {
    let id: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let follower = Follower { actor: caller.actor(), since: parts.tickets.clock.now() };
    audit(parts, caller, "ticket.follow", &id).await?;
    match parts.followers.follow_ticket(&caller.tenant, &id, &follower).await? {
        Following::Follows => {}
        Following::TicketFull => {
            let message =
                format!("{MAX_FOLLOWERS} people follow the ticket, which is as many as may");
            return Err(ApiError::exhausted("TICKET_FOLLOWERS_FULL", message)
                .with("limit", MAX_FOLLOWERS.to_string()));
        }
        Following::PersonFull => {
            let message = format!("you follow {MAX_FOLLOWED} tickets: leave some of them first");
            return Err(ApiError::exhausted("TICKETS_FOLLOWED_FULL", message)
                .with("limit", MAX_FOLLOWED.to_string()));
        }
    }
    Ok(wire::FollowTicketResponse { followers: followers(parts, caller, &id).await? })
}

/// Lets the caller follow a ticket no longer, and gives those who still do.
pub(super) async fn unfollow(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::UnfollowTicketRequest,
) -> Result<wire::UnfollowTicketResponse, ApiError> {
    let id: TicketId = field::id("ticket_id", &request.ticket_id)?;
    audit(parts, caller, "ticket.unfollow", &id).await?;
    parts.followers.unfollow_ticket(&caller.tenant, &id, &caller.actor()).await?;
    Ok(wire::UnfollowTicketResponse { followers: followers(parts, caller, &id).await? })
}

async fn followers(
    parts: &DeskParts,
    caller: &Caller,
    id: &TicketId,
) -> Result<Vec<wire::TicketFollower>, ApiError> {
    let ticket = parts.tickets.tickets.get(&caller.tenant, id).await?;
    let beside = parts.tickets.tickets.beside(&caller.tenant, &ticket).await?;
    Ok(beside.followers.into_iter().map(convert::beside::follower).collect())
}

async fn audit(
    parts: &DeskParts,
    caller: &Caller,
    action: &str,
    id: &TicketId,
) -> Result<(), ApiError> {
    let now = parts.tickets.clock.now();
    // The line comes first, but for a ticket that is there.
    parts.tickets.tickets.get(&caller.tenant, id).await?;
    let line = AuditRecord::of(caller, action, format!("ticket/{id}"), now);
    Ok(parts.tickets.audit.append(&caller.tenant, &line).await?)
}
