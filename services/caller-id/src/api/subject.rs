//! What customers may ask for as persons: their data, and its end.

mod export;

use switchboard_api::callerid::v1::{
    EraseCustomerRequest, EraseCustomerResponse, SetLegalHoldRequest, SetLegalHoldResponse,
};
use switchboard_api::convert::subject;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::CustomerId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::subjects::{Erasure, LegalHold};

use crate::CallerIdParts;

pub(super) use export::export;

const MAX_REASON: usize = 500;

/// Erases a customer.
pub(super) async fn erase(
    parts: &CallerIdParts,
    caller: &Caller,
    request: EraseCustomerRequest,
) -> Result<EraseCustomerResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    if request.customer_id_again != request.customer_id {
        let expected = "the same as `customer_id`";
        return Err(ApiError::invalid("customer_id_again", &request.customer_id_again, expected));
    }
    trail(parts, caller, "customer.erase", &id).await?;
    let now = parts.clock.now();
    match parts.subjects.erase(&caller.tenant, &id, &caller.actor(), now).await? {
        Erasure::Done(places) => {
            Ok(EraseCustomerResponse { places: places.iter().map(subject::place).collect() })
        }
        Erasure::Merged(winner) => {
            let why =
                "the record was merged into another: that one is erased, and this one with it";
            Err(ApiError::failed_precondition("CUSTOMER_MERGED", why)
                .about("customer", id.as_str())
                .with("merged_into", winner.as_str()))
        }
        Erasure::Held(hold) => {
            let why = "the law needs what is kept of the customer";
            Err(ApiError::failed_precondition("LEGAL_HOLD", why)
                .about("customer", id.as_str())
                .with("held_by", hold.made_by))
        }
    }
}

/// Holds a customer, or lifts the hold.
pub(super) async fn set_hold(
    parts: &CallerIdParts,
    caller: &Caller,
    request: SetLegalHoldRequest,
) -> Result<SetLegalHoldResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    let hold = if request.held {
        Some(LegalHold {
            reason: field::required_text("reason", request.reason, MAX_REASON)?,
            made_by: caller.subject.clone(),
            made_at: parts.clock.now(),
        })
    } else {
        None
    };
    let action = if request.held { "customer.hold" } else { "customer.lift_hold" };
    trail(parts, caller, action, &id).await?;
    parts.subjects.set_hold(&caller.tenant, &id, hold.as_ref()).await?;
    Ok(SetLegalHoldResponse { hold: hold.map(subject::hold) })
}

async fn trail(
    parts: &CallerIdParts,
    caller: &Caller,
    action: &str,
    id: &CustomerId,
) -> Result<(), StoreError> {
    let line = AuditRecord::of(caller, action, object(id), parts.clock.now());
    parts.audit.append(&caller.tenant, &line).await
}

fn object(id: &CustomerId) -> String {
    format!("customer/{id}")
}
