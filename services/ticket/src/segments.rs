//! The segments of a customer whom no call has brought.

use switchboard_domain::center::Center;
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;

/// Gives the segments that a customer is in; none for a customer who is gone. Nobody is asked where the
/// center has no segments.
pub(crate) async fn of(
    customers: &dyn Customers,
    tenant: &TenantId,
    center: &Center,
    id: &CustomerId,
) -> Result<Vec<String>, StoreError> {
    if center.segments.is_empty() {
        return Ok(Vec::new());
    }
    match customers.evidence(tenant, id).await {
        Ok(evidence) => Ok(center.segments_of(&evidence)),
        Err(StoreError::NotFound { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
