//! What happened to customers elsewhere: told line by line, and who told it is on the audit trail.

use switchboard_api::ApiError;
use switchboard_api::callerid::v1::{RecordOccurrenceRequest, RecordOccurrenceResponse};
use switchboard_api::convert::occurrence::{self as convert, Known};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;

use crate::CallerIdParts;

/// Adds what happened to a customer.
pub(super) async fn record(
    parts: &CallerIdParts,
    caller: &Caller,
    request: RecordOccurrenceRequest,
) -> Result<RecordOccurrenceResponse, ApiError> {
    let known = convert::known(request.who.as_ref())?;
    let occurrence = convert::occurrence(request, caller.actor(), parts.clock.now())?;
    // Nobody is on the trail who is not known.
    let id = customer(parts, &caller.tenant, &known).await?;
    let line = AuditRecord {
        detail: Some(format!("{} {}", occurrence.kind, occurrence.id)),
        ..AuditRecord::of(
            caller,
            "customer.occurrence",
            format!("customer/{id}"),
            parts.clock.now(),
        )
    };
    parts.audit.append(&caller.tenant, &line).await?;
    // It stays with the record that it was told of, should a merge be undone.
    let kept = parts.occurrences.record(&caller.tenant, &id, &occurrence).await?;
    Ok(RecordOccurrenceResponse { occurrence: Some(convert::told(&kept)) })
}

async fn customer(
    parts: &CallerIdParts,
    tenant: &TenantId,
    known: &Known,
) -> Result<CustomerId, StoreError> {
    let found = match known {
        Known::Here(id) => parts.customers.get(tenant, id).await?,
        Known::Elsewhere(external_id) => {
            parts.customers.get_by_external_id(tenant, external_id).await?
        }
    };
    Ok(found.id)
}
