//! Centers: the configuration of each tenant, as immutable versions of a folder of files.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// The files of a center's folder: path inside the folder to text.
pub type CenterFiles = BTreeMap<String, String>;

/// One version of a center.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CenterVersion {
    /// Counts up from 1 per tenant.
    pub version: u64,
    /// The folder.
    pub files: CenterFiles,
    /// Who applied it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// A center to be kept as the next version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCenterVersion {
    /// The version it was made from; 0 for the first one.
    pub based_on: u64,
    /// The folder.
    pub files: CenterFiles,
    /// Who applies it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// Keeps the configuration of each tenant.
#[async_trait]
pub trait Centers: Send + Sync {
    /// Keeps the next version and gives its number; a version made since `based_on` is a conflict.
    async fn save(&self, tenant: &TenantId, center: &NewCenterVersion) -> Result<u64, StoreError>;

    /// Gives the number of the version in force; 0 when there is none.
    async fn current(&self, tenant: &TenantId) -> Result<u64, StoreError>;

    /// Gives one version.
    async fn load(&self, tenant: &TenantId, version: u64) -> Result<CenterVersion, StoreError>;

    /// Waits until another version than `known` is in force, at most for `wait`, and gives the
    /// number in force then.
    ///
    /// A change is noticed at once as a rule, and at the end of `wait` in any case.
    async fn watch(&self, tenant: &TenantId, known: u64, wait: Duration)
    -> Result<u64, StoreError>;
}
