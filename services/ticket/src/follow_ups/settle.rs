//! Ends follow-ups because a person says so.

use switchboard_api::convert::follow_up as convert;
use switchboard_api::followup::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::follow_up::{FollowUp, FollowUpMove, FollowUpState};
use switchboard_domain::ids::FollowUpId;
use switchboard_routing::RoutingError;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::FollowUpChange;

use super::CareParts;
use super::take_back::{release, take_back};

/// Writes down that the customer does not want to be asked; a call that waits for an agent is taken
/// back.
pub(super) async fn decline(
    parts: &CareParts,
    caller: &Caller,
    request: wire::DeclineFollowUpRequest,
) -> Result<wire::FollowUp, ApiError> {
    let id = field::id("follow_up_id", &request.follow_up_id)?;
    let reason = field::required_word("reason", request.reason)?;
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
    let reason = field::required_word("reason", request.reason)?;
    let follow_up = parts.follow_ups.get(&caller.tenant, &id).await?;
    end(parts, caller, &follow_up, (FollowUpMove::Skip, reason)).await
}

async fn end(
    parts: &CareParts,
    caller: &Caller,
    follow_up: &FollowUp,
    (attempted, reason): (FollowUpMove, String),
) -> Result<wire::FollowUp, ApiError> {
    let is_repeated = FollowUpState::Due.after(attempted) == Ok(follow_up.state)
        && follow_up.reason.as_ref() == Some(&reason);
    if is_repeated {
        // The first time may have come no further than this.
        release_call(parts, caller, follow_up).await?;
        return Ok(convert::follow_up(follow_up.clone()));
    }
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
    if attempted == FollowUpMove::Skip && follow_up.state == FollowUpState::Calling {
        // Refused while an agent calls: there is nothing left to do without.
        let taken = take_back(parts, &caller.tenant, follow_up, &caller.subject).await;
        taken.map_err(refused)?;
    }
    let note = ended.told();
    let change = FollowUpChange { follow_up: ended, actor: caller.actor(), note };
    parts.follow_ups.save(&caller.tenant, &change).await?;
    release_call(parts, caller, follow_up).await?;
    Ok(convert::follow_up(change.follow_up))
}

/// Takes the call back that waits for an agent, if one does: after the follow-up is at its end, so that
/// whoever orders the call meanwhile sees that it is.
pub(super) async fn release_call(
    parts: &CareParts,
    caller: &Caller,
    follow_up: &FollowUp,
) -> Result<(), ApiError> {
    use FollowUpState::{Due, Reached, Unreached};
    if matches!(follow_up.state, Due | Reached | Unreached) {
        return Ok(());
    }
    release(parts, &caller.tenant, follow_up, &caller.subject).await.map_err(refused)
}

fn refused(error: RoutingError) -> ApiError {
    match error {
        RoutingError::Floor(error) => error.into(),
        RoutingError::Center(error) => StoreError::from(error).into(),
        RoutingError::Store(error) => error.into(),
    }
}
