//! External ids: no two customers have the same.

use switchboard_api::ApiError;
use switchboard_domain::customer::Customer;
use switchboard_domain::ids::TenantId;

use crate::CallerIdParts;

/// Says which external id belongs to whom, before a line is on the trail. The store is the judge when
/// two come at once.
pub(super) async fn refuse_taken(
    parts: &CallerIdParts,
    tenant: &TenantId,
    customer: &Customer,
) -> Result<(), ApiError> {
    for (index, external_id) in customer.external_ids.iter().enumerate() {
        let found = parts.customers.find_by_external_id(tenant, external_id).await?;
        if let Some(holder) = found.filter(|holder| holder.id != customer.id) {
            let name = format!("{}/{}", external_id.system(), external_id.id());
            return Err(ApiError::already_exists("external id", &name)
                .with("field", format!("customer.external_ids[{index}]"))
                .with("customer", holder.id.as_str()));
        }
    }
    Ok(())
}
