//! Says where contacts stand and how long they will probably wait.

use switchboard_api::convert::estimate::wait;
use switchboard_api::convert::time::duration;
use switchboard_api::queue::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::estimate::{Unknown, Wait};
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::ids::{ContactId, QueueId};

use crate::QueueParts;
use crate::refusal::routing_error;

/// Says where a waiting contact stands.
pub(super) async fn position(
    parts: &QueueParts,
    caller: &Caller,
    request: &wire::GetPositionRequest,
) -> Result<wire::Position, ApiError> {
    let id: ContactId = field::id("contact_id", &request.contact_id)?;
    let (tenant, floor) = (&caller.tenant, parts.floors.floor());
    let found = floor.contact(tenant, &id).await?;
    let contact = found.ok_or_else(|| ApiError::not_found("contact", id.as_str()))?;
    if caller.role == Role::Gateway && caller.gateway().as_ref() != Some(&contact.gateway) {
        return Err(Rejection::OtherGateway.into());
    }
    let standing = parts.estimates.of_contact(tenant, &id, &contact).await;
    let standing = standing.map_err(routing_error)?.ok_or_else(|| {
        ApiError::from(Rejection::WrongState { state: contact.state.name().to_owned() })
    })?;
    let waiting = floor.queue(tenant, &standing.queue).await?.waiting;
    let (told, unknown_because) = tell(&standing.wait);
    Ok(wire::Position {
        contact_id: id.to_string(),
        queue_id: standing.queue.to_string(),
        position: standing.position,
        // Place and line are two reads: somebody may have left in between.
        waiting: waiting.max(standing.position),
        waited: Some(duration(standing.waited)),
        wait: told,
        unknown_because,
    })
}

/// Says what a contact that joined a queue now would have to expect.
pub(super) async fn estimate(
    parts: &QueueParts,
    caller: &Caller,
    request: &wire::EstimateWaitRequest,
) -> Result<wire::EstimateWaitResponse, ApiError> {
    let id: QueueId = field::id("queue_id", &request.queue_id)?;
    let found = parts.estimates.of_queue(&caller.tenant, &id).await.map_err(routing_error)?;
    let (position, expected) = found.ok_or_else(|| ApiError::not_found("queue", id.as_str()))?;
    let (told, unknown_because) = tell(&expected);
    Ok(wire::EstimateWaitResponse { wait: told, unknown_because, position })
}

fn tell(
    expected: &Result<Wait, Unknown>,
) -> (Option<switchboard_api::call::v1::WaitEstimate>, String) {
    match expected {
        Ok(known) => (Some(wait(known)), String::new()),
        Err(unknown) => (None, unknown.as_str().to_owned()),
    }
}
