//! Customers and their numbers.

use async_trait::async_trait;

use switchboard_domain::customer::{ChangedCustomer, Customer, Evidence, ExternalId};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::page::{Page, PageRequest};

/// One line of a record's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerEvent {
    /// The version it led to; 1 for the making.
    pub version: u64,
    /// The names of the fields that have other values since; none for the making.
    pub fields: Vec<String>,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// Keeps the customers of each tenant.
#[async_trait]
pub trait Customers: Send + Sync {
    /// Keeps a new customer, made by an actor; a taken id is a conflict, an external id of another
    /// customer is taken.
    async fn create(
        &self,
        tenant: &TenantId,
        customer: &Customer,
        actor: &str,
    ) -> Result<(), StoreError>;

    /// Keeps a change that an actor made; a conflict unless the record is at the version before.
    /// An external id of another customer is taken.
    async fn save(
        &self,
        tenant: &TenantId,
        changed: &ChangedCustomer,
        actor: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Gives the life of a record, the oldest line first; empty for a customer who is not there.
    async fn events(
        &self,
        tenant: &TenantId,
        id: &CustomerId,
    ) -> Result<Vec<CustomerEvent>, StoreError>;

    /// Gives one customer.
    async fn get(&self, tenant: &TenantId, id: &CustomerId) -> Result<Customer, StoreError>;

    /// Gives a customer, or the record that leads for it since they were merged; none for one who is gone.
    async fn leading(
        &self,
        tenant: &TenantId,
        id: &CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        let found = match self.get(tenant, id).await {
            // It leads to no other.
            Ok(Customer { merged_into: Some(leading), .. }) => self.get(tenant, &leading).await,
            outcome => outcome,
        };
        match found {
            Err(StoreError::NotFound { .. }) => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Gives the customer whom another system calls so, if there is one.
    async fn find_by_external_id(
        &self,
        tenant: &TenantId,
        external_id: &ExternalId,
    ) -> Result<Option<Customer>, StoreError>;

    /// Gives the customer whom another system calls so. Who is missing is not repeated: the id may be the
    /// number of a passport.
    async fn get_by_external_id(
        &self,
        tenant: &TenantId,
        external_id: &ExternalId,
    ) -> Result<Customer, StoreError> {
        let found = self.find_by_external_id(tenant, external_id).await?;
        found.ok_or_else(|| StoreError::not_found(format!("customer of {}", external_id.system())))
    }

    /// Gives what is known about one customer.
    async fn evidence(&self, tenant: &TenantId, id: &CustomerId) -> Result<Evidence, StoreError>;

    /// Gives customers, the newest first.
    async fn list(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<Page<Customer>, StoreError>;
}
