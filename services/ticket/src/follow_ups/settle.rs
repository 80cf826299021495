//! Ends follow-ups because a person says so.

use switchboard_api::convert::follow_up as convert;
use switchboard_api::followup::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::follow_up::{FollowUp, FollowUpMove, FollowUpState};
use switchboard_domain::ids::FollowUpId;
use switchboard_routing::RoutingError;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::FollowUpChange;
use switchboard_store::live_floor::FloorError;

use super::CareParts;

/// Writes down that the customer does not want to be asked.
pub(super) async fn decline(
    parts: &CareParts,
    caller: &Caller,
    request: wire::DeclineFollowUpRequest,
) -> Result<wire::FollowUp, ApiError> {
    let id = field::id("follow_up_id", &request.follow_up_id)?;
    let reason = reason(request.reason)?;
    let follow_up = parts.follow_ups.get(&caller.tenant, &id).await?;
    end(parts, caller, &follow_up, (FollowUpMove::Decline, reason)).await
}

/// Does without a follow-up; a call that waits for an agent is taken back first.
pub(super) async fn skip(
    parts: &CareParts,
    caller: &Caller,
    request: wire::SkipFollowUpRequest,
) -> Result<wire::FollowUp, ApiError> {
    let id: FollowUpId = field::id("follow_up_id", &request.follow_up_id)?;
    let reason = reason(request.reason)?;
    let follow_up = parts.follow_ups.get(&caller.tenant, &id).await?;
    follow_up.state.after(FollowUpMove::Skip)?;
    if follow_up.state == FollowUpState::Calling {
        take_back(parts, caller, &follow_up).await?;
    }
    end(parts, caller, &follow_up, (FollowUpMove::Skip, reason)).await
}

fn reason(given: String) -> Result<String, ApiError> {
    let reason = field::word("reason", given)?;
    if reason.is_empty() { Err(ApiError::missing("reason")) } else { Ok(reason) }
}

async fn take_back(
    parts: &CareParts,
    caller: &Caller,
    follow_up: &FollowUp,
) -> Result<(), ApiError> {
    let Some(contact) = follow_up.contact.clone() else { return Ok(()) };
    let command = Command::CancelCallback { contact, by: caller.subject.clone() };
    match parts.floors.apply(&caller.tenant, command).await {
        // What live state does not know does not wait for an agent.
        Ok(_) | Err(RoutingError::Floor(FloorError::Rejected(Rejection::UnknownContact))) => Ok(()),
        Err(RoutingError::Floor(error)) => Err(error.into()),
        Err(RoutingError::Center(error)) => Err(StoreError::from(error).into()),
        Err(RoutingError::Store(error)) => Err(error.into()),
    }
}

async fn end(
    parts: &CareParts,
    caller: &Caller,
    follow_up: &FollowUp,
    (attempted, reason): (FollowUpMove, String),
) -> Result<wire::FollowUp, ApiError> {
    let now = parts.clock.now();
    let ended = follow_up.apply(attempted, now)?.because(reason);
    let object = format!("follow-up/{}", ended.id);
    let action = format!("follow_up.{attempted}");
    let line = AuditRecord {
        detail: ended.reason.clone(),
        ..AuditRecord::of(caller, &action, object, now)
    };
    // The line comes first: what is not on the trail is not done.
    parts.audit.append(&caller.tenant, &line).await?;
    let note = ended.told();
    let change = FollowUpChange { follow_up: ended, actor: caller.actor(), note };
    parts.follow_ups.save(&caller.tenant, &change).await?;
    Ok(convert::follow_up(change.follow_up))
}
