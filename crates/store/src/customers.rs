//! Customers and their numbers.

use async_trait::async_trait;

use switchboard_domain::customer::{ChangedCustomer, Customer};
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
    /// Keeps a new customer, made by an actor; a taken id is a conflict.
    async fn create(
        &self,
        tenant: &TenantId,
        customer: &Customer,
        actor: &str,
    ) -> Result<(), StoreError>;

    /// Keeps a change that an actor made; a conflict unless the record is at the version before.
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

    /// Gives customers, the newest first.
    async fn list(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<Page<Customer>, StoreError>;
}
