//! Centers: the configuration of each tenant, as immutable versions of a folder of files.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::{FlowId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::flows::{FlowRelease, FlowStanding, FlowText, ReleaseCause};

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
    /// What it changes for flows.
    pub flows: FlowChanges,
}

/// What a new version of a center changes for flows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowChanges {
    /// Why.
    pub cause: ReleaseCause,
    /// What is said about it.
    pub note: String,
    /// Texts to be kept, those before the change included; one that is kept already stays.
    pub texts: Vec<NewFlowText>,
    /// The flows of which calls begin with other versions from now on.
    pub standings: Vec<(FlowId, FlowStanding)>,
}

/// The text of a version that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFlowText {
    /// The flow.
    pub flow: FlowId,
    /// The version.
    pub version: FlowVersion,
    /// The YAML text.
    pub text: String,
    /// The version of each flow that it calls.
    pub calls: BTreeMap<FlowId, FlowVersion>,
}

/// Keeps the configuration of each tenant.
#[async_trait]
pub trait Centers: Send + Sync {
    /// Keeps the next version with the flows it changes, all or nothing, and gives its number; a
    /// version made since `based_on` is a conflict.
    async fn save(&self, tenant: &TenantId, center: &NewCenterVersion) -> Result<u64, StoreError>;

    /// Gives the number of the version in force; 0 when there is none.
    async fn current(&self, tenant: &TenantId) -> Result<u64, StoreError>;

    /// Gives one version.
    async fn load(&self, tenant: &TenantId, version: u64) -> Result<CenterVersion, StoreError>;

    /// Gives one version of a flow, in force or not.
    async fn flow_text(
        &self,
        tenant: &TenantId,
        flow: &FlowId,
        version: FlowVersion,
    ) -> Result<FlowText, StoreError>;

    /// Gives the log of a flow, the newest line first: at most `limit` lines, of centers before
    /// the version `before` if one is given.
    async fn flow_releases(
        &self,
        tenant: &TenantId,
        flow: &FlowId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<FlowRelease>, StoreError>;

    /// Waits until another version than `known` is in force, at most for `wait`, and gives the
    /// number in force then.
    ///
    /// A change is noticed at once as a rule, and at the end of `wait` in any case.
    async fn watch(&self, tenant: &TenantId, known: u64, wait: Duration)
    -> Result<u64, StoreError>;
}
