//! Says what a customer is worth: read, compute, keep if nobody was faster.

use switchboard_api::callerid::v1::{SetCustomerValueRequest, SetCustomerValueResponse};
use switchboard_api::convert::value as convert;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::customer::value::{Explanation, ValueModel};
use switchboard_domain::ids::CustomerId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::values::{ComputedValue, CustomerValue, GivenValue, ValueChange};

use super::ValueParts;

/// Keeps what was said. The score follows at once, and so does the tier where it follows from the
/// score; ranks are known after the next recomputation.
pub(super) async fn run(
    parts: &ValueParts,
    caller: &Caller,
    request: SetCustomerValueRequest,
) -> Result<SetCustomerValueResponse, ApiError> {
    let said = field::required("value", request.value)?;
    let within = |error: ApiError| error.within("value");
    let id: CustomerId = field::id("customer_id", &said.customer_id).map_err(within)?;
    let etag = field::etag("etag", &said.etag).map_err(within)?;
    let given = convert::given(&said).map_err(within)?;
    let model = parts.model(&caller.tenant).await?;
    let refuse = |error| convert::not_taken("value.inputs", &said.inputs, &error);
    model.check(&given.inputs).map_err(refuse)?;
    let before = parts.values.get(&caller.tenant, &id).await?;
    if etag.is_some_and(|etag| etag != before.version) {
        return Err(stale(&id));
    }
    let explained = model.explain(&given.inputs);
    let computed = follow(&model, &explained, &before);
    keep(parts, caller, &before, (given, computed)).await?;
    let value = parts.values.get(&caller.tenant, &id).await?;
    Ok(SetCustomerValueResponse {
        value: Some(convert::value(&value)),
        explanation: Some(convert::explanation(&explained)),
    })
}

/// Gives what follows from what was said; what depends on ranks stays as it is until they are known.
fn follow(model: &ValueModel, explained: &Explanation, before: &CustomerValue) -> ComputedValue {
    let tier_of = |score| model.grading.tier_alone(score).or(before.computed.tier);
    ComputedValue {
        score: explained.score,
        tier: explained.score.and_then(tier_of),
        pyramid: before.computed.pyramid.filter(|_| explained.score.is_some()),
        axes: explained.axes,
    }
}

async fn keep(
    parts: &ValueParts,
    caller: &Caller,
    before: &CustomerValue,
    (given, computed): (GivenValue, ComputedValue),
) -> Result<(), ApiError> {
    let (tenant, at) = (&caller.tenant, parts.callers.clock.now());
    let object = format!("customer/{}", before.customer);
    // The line comes first: a word that is not on the trail is not kept.
    let line = AuditRecord::of(caller, "customer.value.set", object, at);
    parts.callers.audit.append(tenant, &line).await?;
    let change = ValueChange {
        customer: before.customer.clone(),
        before: before.version,
        given,
        computed,
        actor: caller.actor(),
        at,
    };
    match parts.values.set(tenant, &change).await {
        Err(StoreError::Conflict { .. }) => Err(stale(&before.customer)),
        kept => Ok(kept?),
    }
}

fn stale(id: &CustomerId) -> ApiError {
    ApiError::aborted("ETAG_STALE", "the worth of the customer has changed since it was read")
        .about("customer", id.as_str())
}
