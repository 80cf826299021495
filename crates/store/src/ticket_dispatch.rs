//! How far the rules that say where tickets go have looked.

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;

use crate::error::StoreError;

/// How far the rules have looked. The larger one is further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DispatchMark {
    /// The version of the center whose rules they are.
    pub center: u64,
    /// The number of the last change of tickets that they have looked at.
    pub change: u64,
}

/// Remembers for each tenant how far the rules have looked.
#[async_trait]
pub trait DispatchMarks: Send + Sync {
    /// Gives how far they have looked; nothing before they looked at all.
    async fn mark(&self, tenant: &TenantId) -> Result<Option<DispatchMark>, StoreError>;

    /// Remembers how far they have looked, unless somebody has looked further.
    async fn advance(&self, tenant: &TenantId, mark: DispatchMark) -> Result<(), StoreError>;
}
