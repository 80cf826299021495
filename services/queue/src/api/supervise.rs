//! What supervisors decide: who gets a contact, where it waits, how urgent it is, who is ready.

use switchboard_api::convert::agent::presence_field;
use switchboard_api::convert::time::duration;
use switchboard_api::supervisor::v1 as wire;
use switchboard_api::{ApiError, agent::v1::AgentState, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::Want;
use switchboard_domain::ids::{AgentId, ContactId, QueueId, TenantId};
use switchboard_routing::Planned;

use super::position;
use crate::QueueParts;
use crate::decode::Target;
use crate::desks::way;
use crate::refusal::routing_error;
use crate::view::{View, Who};

/// The highest priority that can be given.
const MAX_PRIORITY: u32 = 1_000;

/// Gives a waiting contact to an agent.
pub(super) async fn assign(
    parts: &QueueParts,
    caller: &Caller,
    asked: &wire::AssignContactRequest,
) -> Result<wire::ContactStatus, ApiError> {
    let contact: ContactId = field::id("contact_id", &asked.contact_id)?;
    let agent: AgentId = field::id("agent_id", &asked.agent_id)?;
    known_agent(parts, &caller.tenant, &agent).await?;
    let by = caller.subject.clone();
    let command = Command::AssignContact { contact: contact.clone(), agent, by };
    parts.floors.apply(&caller.tenant, command).await.map_err(routing_error)?;
    status(parts, &caller.tenant, &contact).await
}

/// Moves a waiting contact to another queue.
pub(super) async fn move_to(
    parts: &QueueParts,
    caller: &Caller,
    asked: &wire::MoveContactRequest,
) -> Result<wire::ContactStatus, ApiError> {
    let id: ContactId = field::id("contact_id", &asked.contact_id)?;
    let queue: QueueId = field::id("queue_id", &asked.queue_id)?;
    let known = parts.floors.floor().contact(&caller.tenant, &id).await?;
    let known = known.ok_or_else(|| ApiError::not_found("contact", id.as_str()))?;
    let (now, target) = (parts.floors.clock().now(), Target::Queue(queue.clone()));
    let prepare = |planned: &Planned| {
        Some(Command::MoveContact {
            contact: id.clone(),
            plan_version: planned.version(),
            route: way(planned, &known, &target, now)?,
            by: caller.subject.clone(),
        })
    };
    let applied = parts.floors.apply_planned(&caller.tenant, prepare).await;
    let applied = applied.map_err(routing_error)?;
    applied.ok_or_else(|| ApiError::not_found("queue", queue.as_str()))?;
    status(parts, &caller.tenant, &id).await
}

/// Gives a waiting contact another priority.
pub(super) async fn prioritise(
    parts: &QueueParts,
    caller: &Caller,
    asked: &wire::PrioritiseContactRequest,
) -> Result<wire::ContactStatus, ApiError> {
    let contact: ContactId = field::id("contact_id", &asked.contact_id)?;
    if asked.priority > MAX_PRIORITY {
        let expected = format!("0 to {MAX_PRIORITY}");
        return Err(ApiError::invalid("priority", &asked.priority.to_string(), expected));
    }
    let planned = parts.floors.planned(&caller.tenant).await.map_err(routing_error)?;
    let command = Command::PrioritiseContact {
        contact: contact.clone(),
        priority: i32::try_from(asked.priority).unwrap_or(i32::MAX),
        credit: planned.center().priority_credit,
        by: caller.subject.clone(),
    };
    parts.floors.apply(&caller.tenant, command).await.map_err(routing_error)?;
    status(parts, &caller.tenant, &contact).await
}

/// Says what an agent has to be.
pub(super) async fn force(
    parts: &QueueParts,
    caller: &Caller,
    asked: wire::ForcePresenceRequest,
) -> Result<AgentState, ApiError> {
    let agent: AgentId = field::id("agent_id", &asked.agent_id)?;
    let wanted = presence_field("wanted", asked.wanted)?;
    known_agent(parts, &caller.tenant, &agent).await?;
    let who = Who { tenant: caller.tenant.clone(), agent };
    let command = Command::ForcePresence {
        agent: who.agent.clone(),
        want: wanted.want,
        reason: wanted.reason,
        by: caller.subject.clone(),
    };
    match parts.floors.apply(&caller.tenant, command).await.map_err(routing_error) {
        // Somebody who never came is as signed out as one can be.
        Err(error) if wanted.want == Want::SignedOut && error.reason() == "AGENT_NOT_FOUND" => {}
        outcome => drop(outcome?),
    }
    let planned = parts.floors.planned(&caller.tenant).await.map_err(routing_error)?;
    let view = View::read(&**parts.floors.floor(), &who).await?;
    Ok(view.agent_state(&who, planned.center(), None))
}

async fn known_agent(
    parts: &QueueParts,
    tenant: &TenantId,
    agent: &AgentId,
) -> Result<(), ApiError> {
    let planned = parts.floors.planned(tenant).await.map_err(routing_error)?;
    let found = planned.center().agent(agent);
    found.map(drop).ok_or_else(|| ApiError::not_found("agent", agent.as_str()))
}

/// Says where a contact is.
async fn status(
    parts: &QueueParts,
    tenant: &TenantId,
    id: &ContactId,
) -> Result<wire::ContactStatus, ApiError> {
    let floor = parts.floors.floor();
    let contact = floor.contact(tenant, id).await?;
    let contact = contact.ok_or_else(|| ApiError::from(Rejection::UnknownContact))?;
    let position = position(parts, tenant, (id, &contact)).await?;
    let now = floor.status(tenant).await?.now;
    let place = contact.place.as_ref();
    let rung = contact.state.offers().first().map(|(_, agent)| agent);
    let agent = contact.state.agent().or(rung);
    Ok(wire::ContactStatus {
        contact_id: id.to_string(),
        state: contact.state.name().to_owned(),
        queue_id: place.map(|place| place.queue.to_string()).unwrap_or_default(),
        position,
        priority: place.map_or(0, |place| place.priority),
        agent_id: agent.map(ToString::to_string).unwrap_or_default(),
        waited: place.map(|place| duration(now.since(place.enqueued_at))),
        version: contact.version,
    })
}
