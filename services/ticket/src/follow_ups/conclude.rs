//! Draws the conclusion of calls that are over, and looks for those of which nobody hears.

use std::time::Duration;

use switchboard_domain::consent::NoConsent;
use switchboard_domain::follow_up::{FollowUp, FollowUpMove};
use switchboard_domain::ids::TenantId;
use switchboard_routing::RoutingError;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{Called, KnownCall};
use switchboard_store::live_floor::FloorError;

use super::calls::{call, objection};
use super::take_back::take_back;
use super::{BATCH, CareParts, PROGRAM, RETRY, cause};

/// When a customer is called again after a call that nobody is to blame for, and how often live state
/// is asked whether a call still goes on.
const LATER: Duration = Duration::from_hours(1);
/// When a call that an agent makes just now is looked at again: taking it back was refused.
const BUSY: Duration = Duration::from_secs(10);
/// The end of a callback whose customer was not reached as often as the queue calls.
const UNREACHED: &str = "unreached";
/// The end of a callback that a person took back.
const CANCELLED: &str = "cancelled";

/// Concludes every follow-up whose call is over.
pub async fn conclude(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    for called in parts.follow_ups.called(tenant, parts.clock.now(), BATCH).await? {
        let looked = look(parts, tenant, &called).await;
        parts.or_later(tenant, &called.follow_up, looked).await?;
    }
    Ok(())
}

async fn look(parts: &CareParts, tenant: &TenantId, called: &Called) -> Result<(), StoreError> {
    let Called { follow_up, call } = called;
    match call {
        KnownCall::Over { is_answered: true, .. } => {
            if let Ok(reached) = follow_up.apply(FollowUpMove::Reach, parts.clock.now()) {
                parts.keep(tenant, reached).await?;
            }
            Ok(())
        }
        KnownCall::Over { reason, .. } => match reason.as_str() {
            UNREACHED => parts.end(tenant, follow_up, (FollowUpMove::Miss, UNREACHED)).await,
            CANCELLED => parts.end(tenant, follow_up, (FollowUpMove::Skip, CANCELLED)).await,
            // The customer rang in meanwhile, or nobody was there to call.
            _ => parts.wait_as_due(tenant, follow_up, LATER).await,
        },
        KnownCall::Begun | KnownCall::Nothing => seek(parts, tenant, follow_up, call).await,
    }
}

/// Asks live state for a call that is not over as far as the history knows.
async fn seek(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
    known: &KnownCall,
) -> Result<(), StoreError> {
    let Some(contact) = &follow_up.contact else {
        return parts.wait_as_due(tenant, follow_up, LATER).await;
    };
    match parts.floors.floor().contact(tenant, contact).await {
        // The history is about to hear of its end.
        Ok(Some(live)) if live.state.is_ended() => parts.wait(tenant, follow_up, RETRY).await,
        Ok(Some(_)) => heed(parts, tenant, follow_up).await,
        // Live state lost it.
        Ok(None) if *known == KnownCall::Begun => parts.wait_as_due(tenant, follow_up, LATER).await,
        // It never began.
        Ok(None) => match parts.center(tenant).await {
            Some(center) => call(parts, tenant, &center, follow_up).await,
            None => Ok(()),
        },
        Err(error) => {
            tell_unseen(tenant, follow_up, &error);
            parts.wait(tenant, follow_up, RETRY).await
        }
    }
}

/// Takes a call back whose customer has objected since it was ordered; one that an agent makes goes on.
async fn heed(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
) -> Result<(), StoreError> {
    let Some(why) = objection_since(parts, tenant, follow_up).await? else {
        return parts.wait(tenant, follow_up, LATER).await;
    };
    match take_back(parts, tenant, follow_up, PROGRAM).await {
        Ok(()) => parts.end(tenant, follow_up, (FollowUpMove::Skip, why.as_str())).await,
        Err(RoutingError::Floor(FloorError::Rejected(_))) => {
            parts.wait(tenant, follow_up, BUSY).await
        }
        Err(error) => {
            let (id, cause) = (follow_up.id.as_str(), cause(&error));
            tracing::warn!(tenant.id = %tenant, follow_up.id = id, cause, "a call cannot be taken back");
            parts.wait(tenant, follow_up, RETRY).await
        }
    }
}

async fn objection_since(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
) -> Result<Option<NoConsent>, StoreError> {
    let Some(center) = parts.center(tenant).await else { return Ok(None) };
    let customer = match &follow_up.customer {
        Some(id) => parts.customers.leading(tenant, id).await?,
        None => None,
    };
    objection(parts, tenant, (&center, follow_up), customer.as_ref()).await
}

fn tell_unseen(tenant: &TenantId, follow_up: &FollowUp, error: &FloorError) {
    let id = follow_up.id.as_str();
    tracing::warn!(tenant.id = %tenant, follow_up.id = id, %error, "a call cannot be looked for yet");
}
