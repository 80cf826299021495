//! What customers agreed to: said line by line, and who said or read it is on the audit trail.

use switchboard_api::callerid::v1::{
    Consent as WireConsent, ListConsentsRequest, ListConsentsResponse, SetConsentRequest,
    SetConsentResponse,
};
use switchboard_api::convert::consent as convert;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::consent::{Consent, in_force};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_store::audit::AuditRecord;
use switchboard_store::consents::MOST_CONSENTS;

use super::rules;
use crate::CallerIdParts;

/// Adds what a customer said.
pub(super) async fn set(
    parts: &CallerIdParts,
    caller: &Caller,
    request: SetConsentRequest,
) -> Result<SetConsentResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    let center = rules::center_of(parts, &caller.tenant).await?;
    let purposes = center.map(|center| center.purposes.clone()).unwrap_or_default();
    let consent = convert::consent(request, &purposes, caller.actor(), parts.clock.now())?;
    // Nobody is on the trail who is not known.
    parts.customers.get(&caller.tenant, &id).await?;
    let line = AuditRecord {
        detail: Some(format!("{} {}", consent.purpose, consent.state)),
        ..AuditRecord::of(caller, "customer.consent", object(&id), parts.clock.now())
    };
    parts.audit.append(&caller.tenant, &line).await?;
    // It stays with the record that it was said of, should a merge be undone.
    let kept = parts.consents.set(&caller.tenant, &id, &consent).await?;
    Ok(SetConsentResponse { consent: Some(convert::told(&kept)) })
}

/// Gives what a customer said, and what holds now.
pub(super) async fn list(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ListConsentsRequest,
) -> Result<ListConsentsResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    let record = parts.customers.get(&caller.tenant, &id).await?;
    let line = AuditRecord::of(caller, "customer.consents", object(&id), parts.clock.now());
    parts.audit.append(&caller.tenant, &line).await?;
    let leading = record.merged_into.unwrap_or(id);
    let in_force = held(parts, &caller.tenant, &leading).await?;
    let said = parts.consents.consents(&caller.tenant, &leading, Some(MOST_CONSENTS)).await?;
    Ok(ListConsentsResponse { in_force, history: said.iter().map(convert::told).collect() })
}

/// Gives what holds now of a customer.
pub(super) async fn held(
    parts: &CallerIdParts,
    tenant: &TenantId,
    customer: &CustomerId,
) -> Result<Vec<WireConsent>, ApiError> {
    let said: Vec<Consent> = parts.consents.last_words(tenant, customer).await?;
    Ok(in_force(&said).into_iter().map(convert::told).collect())
}

fn object(id: &CustomerId) -> String {
    format!("customer/{id}")
}
