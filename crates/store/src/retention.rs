//! What is past its time: counted, taken away step by step, and told.

use std::collections::BTreeMap;

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::retention::{CutOffs, Kept};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// Who a run is said to be by in the audit trail and in the lives of customers.
pub const RETENTION: &str = "system:retention";

/// What would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedRecords {
    /// What kind of records.
    pub kept: Kept,
    /// Those before this go.
    pub before: Timestamp,
    /// How many go.
    pub due: u64,
    /// How many would go, were there no legal hold.
    pub held: u64,
}

/// A run through everything of a tenant that is past its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRun {
    /// Its name: `day-2026-11-22`, or any other.
    pub id: String,
    /// What it is at; nothing when it is over.
    pub phase: Option<Kept>,
    /// Before when records go.
    pub cut_offs: CutOffs,
    /// How many are gone.
    pub gone: BTreeMap<Kept, u64>,
    /// How many stay because of a legal hold.
    pub held: BTreeMap<Kept, u64>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it last made a step.
    pub moved_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// What a step led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetentionStep {
    /// There is no run.
    Idle,
    /// Another process makes a step.
    Busy,
    /// The run has come so far.
    Moved(RetentionRun),
}

/// Takes away what is past its time.
///
/// A legal hold comes first: what is about whoever it protects stays, whatever the policy says.
#[async_trait]
pub trait Retention: Send + Sync {
    /// Counts what would go.
    async fn plan(
        &self,
        tenant: &TenantId,
        cut_offs: &CutOffs,
    ) -> Result<Vec<PlannedRecords>, StoreError>;

    /// Begins a run, unless one is under way or there was one of this name; gives the one under way.
    async fn begin_retention(
        &self,
        tenant: &TenantId,
        id: &str,
        cut_offs: &CutOffs,
        now: Timestamp,
    ) -> Result<Option<RetentionRun>, StoreError>;

    /// Makes a step of the run under way: some records, and how far it has come with them, together.
    async fn retention_step(
        &self,
        tenant: &TenantId,
        now: Timestamp,
    ) -> Result<RetentionStep, StoreError>;

    /// Gives the run that began last.
    async fn latest_retention(&self, tenant: &TenantId)
    -> Result<Option<RetentionRun>, StoreError>;

    /// Gives from when on nothing is missing of a kind of record that was not held; nothing when none
    /// of it ever went.
    async fn complete_from(
        &self,
        tenant: &TenantId,
        kept: Kept,
    ) -> Result<Option<Timestamp>, StoreError>;
}

/// The months in which events are kept, which all tenants share.
#[async_trait]
pub trait EventMonths: Send + Sync {
    /// Makes the next month, if it begins by `upto`, and says whether it did. What was kept without a
    /// month moves into its own. Any number of processes may ask at once.
    async fn make_event_month(&self, upto: Timestamp) -> Result<bool, StoreError>;

    /// Lets the events of a tenant go before a time, those for whom there is a legal hold excepted; with
    /// no time, none.
    async fn let_events_go(
        &self,
        tenant: &TenantId,
        before: Option<Timestamp>,
    ) -> Result<(), StoreError>;

    /// Drops the first month of which every tenant lets all events go, and says whether it did.
    async fn drop_event_month(&self) -> Result<bool, StoreError>;
}
