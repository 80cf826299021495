//! Reads what customers are worth; who read whom is on the audit trail before the answer is given.

use std::time::Duration;

use switchboard_api::callerid::v1::{
    ExplainValueRequest, ExplainValueResponse, GetCustomerValueRequest, GetCustomerValueResponse,
    GetValueReportResponse, ListAccountsAtRiskRequest, ListAccountsAtRiskResponse,
};
use switchboard_api::convert::value as convert;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::CustomerId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::values::RiskQuery;

use super::ValueParts;

/// How far back complaints are counted.
const YEAR: Duration = Duration::from_hours(365 * 24);
/// How many accounts are given when nobody says how many.
const ACCOUNTS: u32 = 50;
/// How many accounts are given at most.
const MOST_ACCOUNTS: u32 = 200;

/// Gives what one customer is worth.
pub(super) async fn one(
    parts: &ValueParts,
    caller: &Caller,
    request: GetCustomerValueRequest,
) -> Result<GetCustomerValueResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    let (tenant, now) = (&caller.tenant, parts.callers.clock.now());
    let line = AuditRecord::of(caller, "customer.value.read", format!("customer/{id}"), now);
    parts.callers.audit.append(tenant, &line).await?;
    let value = parts.values.get(tenant, &id).await?;
    let center = parts.center(tenant).await.map_err(StoreError::from)?;
    let explained = center.value.as_ref().map(|model| model.explain(&value.given.inputs));
    Ok(GetCustomerValueResponse {
        value: Some(convert::value(&value)),
        explanation: explained.as_ref().map(convert::explanation),
    })
}

/// Says which score inputs would lead to.
pub(super) async fn explain(
    parts: &ValueParts,
    caller: &Caller,
    request: ExplainValueRequest,
) -> Result<ExplainValueResponse, ApiError> {
    let inputs = convert::inputs("inputs", &request.inputs)?;
    let model = parts.model(&caller.tenant).await?;
    let refuse = |error| convert::not_taken("inputs", &request.inputs, &error);
    model.check(&inputs).map_err(refuse)?;
    let explained = model.explain(&inputs);
    let tier = explained.score.and_then(|score| model.grading.tier_alone(score));
    Ok(ExplainValueResponse {
        explanation: Some(convert::explanation(&explained)),
        tier: tier.map(|tier| tier.to_string()).unwrap_or_default(),
    })
}

/// Says who brings what.
pub(super) async fn report(
    parts: &ValueParts,
    caller: &Caller,
) -> Result<GetValueReportResponse, ApiError> {
    let since = parts.callers.clock.now() - YEAR;
    Ok(convert::report(parts.values.report(&caller.tenant, since).await?))
}

/// Says which key accounts the center may lose.
pub(super) async fn at_risk(
    parts: &ValueParts,
    caller: &Caller,
    request: ListAccountsAtRiskRequest,
) -> Result<ListAccountsAtRiskResponse, ApiError> {
    let limit = match request.limit {
        0 => ACCOUNTS,
        limit if limit <= MOST_ACCOUNTS => limit,
        limit => {
            let expected = format!("at most {MOST_ACCOUNTS}");
            return Err(ApiError::invalid("limit", &limit.to_string(), expected));
        }
    };
    let center = parts.center(&caller.tenant).await.map_err(StoreError::from)?;
    let rules = &center.customer_rules;
    let query = RiskQuery {
        tiers: rules.key_tiers(),
        owner_required: rules.owner_required.clone(),
        now: parts.callers.clock.now(),
        limit,
    };
    let accounts = parts.values.at_risk(&caller.tenant, &query).await?;
    let accounts = accounts.into_iter().map(convert::account_at_risk).collect();
    Ok(ListAccountsAtRiskResponse { accounts })
}
