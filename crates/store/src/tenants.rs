//! Tenants, the gateways known to each, and the epochs handed out to each.

use async_trait::async_trait;

use switchboard_domain::ids::{GatewayId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// A customer organisation of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant's id.
    pub id: TenantId,
    /// What people call it.
    pub name: String,
    /// Since when it is here.
    pub created_at: Timestamp,
}

/// Keeps the list of tenants.
#[async_trait]
pub trait Tenants: Send + Sync {
    /// Keeps a new tenant; a taken id is a conflict.
    async fn create(&self, tenant: &Tenant) -> Result<(), StoreError>;

    /// Gives every tenant, by id.
    async fn list(&self) -> Result<Vec<Tenant>, StoreError>;
}

/// Knows the gateways that the barrier of a new epoch has to wait for.
#[async_trait]
pub trait Gateways: Send + Sync {
    /// Makes a gateway known; when this returns, no crash can forget it. Tells whether it is new.
    ///
    /// The call edge accepts a gateway only after this.
    async fn register(
        &self,
        tenant: &TenantId,
        gateway: &GatewayId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives every gateway ever made known, by id.
    async fn known(&self, tenant: &TenantId) -> Result<Vec<GatewayId>, StoreError>;
}

/// Hands out the numbers of epochs.
#[async_trait]
pub trait Epochs: Send + Sync {
    /// Gives a number never given before and higher than `seen`, the highest met anywhere.
    async fn next(
        &self,
        tenant: &TenantId,
        seen: u64,
        run_id: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError>;
}
