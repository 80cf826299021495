//! Records of one customer, brought together and parted again.

use async_trait::async_trait;

use switchboard_domain::customer::Customer;
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// Which record leads from now on, and which leads to it, each at the version it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeOrder {
    /// The record that stays.
    pub winner: CustomerId,
    /// The winner's version.
    pub winner_version: u64,
    /// The record that leads to the winner.
    pub loser: CustomerId,
    /// The loser's version.
    pub loser_version: u64,
    /// Who ordered it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// A merge that can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The record that the other one was merged into, whatever became of it since.
    pub winner: CustomerId,
    /// When.
    pub at: Timestamp,
}

/// Pairs of records that have something in common, found by looking at some of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlikes {
    /// The pairs.
    pub pairs: Vec<(Customer, Customer)>,
    /// Behind which record to look on; nothing behind the last one.
    pub next: Option<CustomerId>,
}

/// Brings records together and parts them again. Nothing is copied or moved: what the loser has leads
/// to the winner, so that a merge is undone exactly, whatever happened since.
#[async_trait]
pub trait CustomerMerges: Send + Sync {
    /// Lets a record and those merged into it lead to another; a conflict unless both are at their
    /// versions and neither is merged.
    async fn merge(&self, tenant: &TenantId, order: &MergeOrder) -> Result<(), StoreError>;

    /// Gives the merge of a record, if it is merged.
    async fn merge_of(
        &self,
        tenant: &TenantId,
        loser: &CustomerId,
    ) -> Result<Option<Merge>, StoreError>;

    /// Takes a record and those merged into it out of whatever it was merged into; a conflict unless
    /// it is merged.
    async fn unmerge(
        &self,
        tenant: &TenantId,
        loser: &CustomerId,
        actor: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Looks at some records behind one, in the order of ids, for others with a number or the name in
    /// common.
    async fn look_alikes(
        &self,
        tenant: &TenantId,
        after: Option<&CustomerId>,
        at_most: u32,
    ) -> Result<LookAlikes, StoreError>;

    /// Looks for records with a number or the name of this one in common.
    async fn look_alikes_of(
        &self,
        tenant: &TenantId,
        id: &CustomerId,
    ) -> Result<LookAlikes, StoreError>;
}
