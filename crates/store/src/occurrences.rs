//! What happened to customers elsewhere.

use async_trait::async_trait;

use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::occurrence::Occurrence;

use crate::error::StoreError;

/// Keeps what happened to the customers of each tenant elsewhere: lines that are added and never changed.
#[async_trait]
pub trait Occurrences: Send + Sync {
    /// Adds a line, or gives the one of the same name that says the same; another one under it is a
    /// conflict. Whoever was erased is not found.
    async fn record(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        occurrence: &Occurrence,
    ) -> Result<Occurrence, StoreError>;

    /// Gives what happened to a customer, in whichever of the records that one leads for, the oldest first.
    async fn occurrences(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
    ) -> Result<Vec<Occurrence>, StoreError>;
}
