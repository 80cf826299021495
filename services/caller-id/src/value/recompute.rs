//! Begins recomputations and says how far they have come; [`super::nightly`] does the work.

use switchboard_api::ApiError;
use switchboard_api::callerid::v1::{GetValueRunResponse, RecomputeValuesResponse};
use switchboard_api::convert::value as convert;
use switchboard_domain::caller::Caller;
use switchboard_store::audit::AuditRecord;

use super::ValueParts;

/// Begins a run, unless one is under way.
pub(super) async fn begin(
    parts: &ValueParts,
    caller: &Caller,
) -> Result<RecomputeValuesResponse, ApiError> {
    parts.model(&caller.tenant).await?;
    let (now, name) = (parts.callers.clock.now(), format!("asked-{}", parts.callers.ids.uuid()));
    let line = AuditRecord::of(caller, "customer.value.recompute", "customers".to_owned(), now);
    parts.callers.audit.append(&caller.tenant, &line).await?;
    let run = parts.values.begin_run(&caller.tenant, &name, now).await?;
    Ok(RecomputeValuesResponse { run: run.map(convert::run) })
}

/// Says how far the last run has come.
pub(super) async fn latest(
    parts: &ValueParts,
    caller: &Caller,
) -> Result<GetValueRunResponse, ApiError> {
    let run = parts.values.latest_run(&caller.tenant).await?;
    let run = run.ok_or_else(|| ApiError::not_found("value_run", ""))?;
    Ok(GetValueRunResponse { run: Some(convert::run(run)) })
}
