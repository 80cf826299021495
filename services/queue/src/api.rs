//! The RPCs: each decodes, calls, encodes.

mod agents;
mod callbacks;
mod explain;
mod listing;
mod queues;
mod supervise;
mod supervisors;
mod waits;

use std::sync::Arc;

use switchboard_api::{ApiError, caller};
use switchboard_domain::floor::state::Contact;
use switchboard_domain::ids::{ContactId, TenantId};
use tonic::Request;

use crate::QueueParts;
use crate::board::Boards;
use crate::desks::Desks;
use crate::view::Who;

/// Serves agents.
pub(crate) struct Agents {
    pub(crate) desks: Arc<Desks>,
}

/// Serves whoever reads queues.
pub(crate) struct Queues {
    pub(crate) parts: Arc<QueueParts>,
    pub(crate) boards: Arc<Boards>,
}

/// Serves supervisors.
pub(crate) struct Supervisors {
    pub(crate) parts: Arc<QueueParts>,
    pub(crate) boards: Arc<Boards>,
}

/// Gives the agent who asks: from the credential, never from the request.
fn agent_of<T>(request: &Request<T>) -> Result<Who, ApiError> {
    let caller = caller::of(request)?;
    let no_agent = || ApiError::permission_denied("NO_AGENT", "the credential is no agent's");
    let agent = caller.agent().ok_or_else(no_agent)?;
    Ok(Who { tenant: caller.tenant, agent })
}

/// Gives the position of a contact in its queue; 0 for one that does not wait.
async fn position(
    parts: &QueueParts,
    tenant: &TenantId,
    (id, contact): (&ContactId, &Contact),
) -> Result<u32, ApiError> {
    let Some(place) = &contact.place else { return Ok(0) };
    Ok(parts.floors.floor().position(tenant, id, place).await?.unwrap_or(0))
}
