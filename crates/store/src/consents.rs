//! What customers agreed to.

use async_trait::async_trait;

use switchboard_domain::consent::Consent;
use switchboard_domain::ids::{CustomerId, TenantId};

use crate::error::StoreError;

/// The most lines of one customer that are listed, the latest ones.
pub const MOST_CONSENTS: u32 = 1_000;

/// Keeps what the customers of each tenant agreed to: lines that are added and never changed.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Adds a line, or gives the one of the same name that says the same; another one under it is a
    /// conflict. Whoever was erased is not found.
    async fn set(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        consent: &Consent,
    ) -> Result<Consent, StoreError>;

    /// Gives what a customer said, in whichever of the records that one leads for, the oldest first: all of
    /// it, or no more than so many of the latest lines.
    async fn consents(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        most: Option<u32>,
    ) -> Result<Vec<Consent>, StoreError>;

    /// Gives the last line of each purpose and medium, however many there are: all that can be in force.
    async fn last_words(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
    ) -> Result<Vec<Consent>, StoreError>;
}
