//! Takes calls back that nobody is owed any more.

use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::follow_up::FollowUp;
use switchboard_domain::ids::TenantId;
use switchboard_routing::RoutingError;
use switchboard_store::live_floor::FloorError;

use super::CareParts;

/// Takes the call of a follow-up back; refused while an agent makes it, and once it is over.
///
/// What live state does not know does not wait for an agent. It may be sent again.
pub(super) async fn take_back(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
    by: &str,
) -> Result<(), RoutingError> {
    let Some(contact) = follow_up.contact.clone() else { return Ok(()) };
    let command = Command::CancelCallback { contact, by: by.to_owned() };
    match parts.floors.apply(tenant, command).await {
        Ok(_) | Err(RoutingError::Floor(FloorError::Rejected(Rejection::UnknownContact))) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Takes the call of a follow-up back that is at its end; one that an agent makes, or that is over, is
/// let be.
pub(super) async fn release(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
    by: &str,
) -> Result<(), RoutingError> {
    match take_back(parts, tenant, follow_up, by).await {
        Err(RoutingError::Floor(FloorError::Rejected(Rejection::WrongState { .. }))) => Ok(()),
        outcome => outcome,
    }
}
