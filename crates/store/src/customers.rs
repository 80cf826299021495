//! Customers and their numbers.

use async_trait::async_trait;

use switchboard_domain::customer::{Customer, Evidence, LastTalk};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::phone::E164;

use crate::error::StoreError;
use crate::page::{Page, PageRequest};

/// Keeps the customers of each tenant.
#[async_trait]
pub trait Customers: Send + Sync {
    /// Keeps a new customer; a taken id is a conflict.
    async fn create(&self, tenant: &TenantId, customer: &Customer) -> Result<(), StoreError>;

    /// Gives one customer.
    async fn get(&self, tenant: &TenantId, id: &CustomerId) -> Result<Customer, StoreError>;

    /// Gives customers, the newest first.
    async fn list(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<Page<Customer>, StoreError>;

    /// Gives what is known about everyone who may call from a number, at most 20 of them.
    async fn lookup(&self, tenant: &TenantId, number: &E164) -> Result<Vec<Evidence>, StoreError>;

    /// Gives the last talk with whoever calls from a number, or with a customer from any number.
    async fn last_talk(
        &self,
        tenant: &TenantId,
        number: &E164,
        customer: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError>;
}
