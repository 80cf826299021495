//! The keys of personal data: which master keys wrap them, and wrapping them anew.

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;

use crate::error::StoreError;

/// A master key, as far as one tenant's data keys are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MasterKey {
    /// Its name.
    pub id: String,
    /// What the key ring of this process says of it.
    pub standing: KeyStanding,
    /// How many data keys it wraps.
    pub data_keys: u64,
}

/// What a key ring says of a master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// It wraps what is new.
    InUse,
    /// It opens what is there.
    Known,
    /// It is not in the ring: what it wraps cannot be read.
    Missing,
}

/// Keeps the data keys of each tenant.
#[async_trait]
pub trait DataKeys: Send + Sync {
    /// Gives the master keys: those of the ring, the one in use first, then those it lacks.
    async fn master_keys(&self, tenant: &TenantId) -> Result<Vec<MasterKey>, StoreError>;

    /// Wraps at most so many data keys with the master key in use, where another one of the ring
    /// does; gives how many it were. May run while everything else goes on.
    async fn rewrap(&self, tenant: &TenantId, at_most: u32) -> Result<u64, StoreError>;
}
