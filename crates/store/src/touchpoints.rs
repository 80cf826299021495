//! The care calendar: days on which customers are to hear of the center.

use std::collections::BTreeMap;

use async_trait::async_trait;

use switchboard_domain::follow_up::FollowUp;
use switchboard_domain::ids::{CustomerId, TenantId, TouchpointId};
use switchboard_domain::time::Timestamp;
use switchboard_domain::touchpoint::{Touchpoint, TouchpointFigures, TouchpointState};

use crate::error::StoreError;
use crate::page::{Cursor, Page, PageRequest};
use crate::tickets::TicketOrder;

/// Which touchpoints are wanted; an empty filter wants them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TouchpointFilter {
    /// Only those of this customer.
    pub customer: Option<CustomerId>,
    /// Only those of this plan.
    pub plan: Option<String>,
    /// Only those in this state.
    pub state: Option<TouchpointState>,
    /// Only those that may be done before then.
    pub opens_before: Option<Timestamp>,
}

/// What becomes of a touchpoint whose day has come.
#[derive(Clone, Debug)]
pub struct Firing {
    /// The touchpoint after it; its version is one higher than before.
    pub touchpoint: Touchpoint,
    /// The call it becomes.
    pub follow_up: Option<FollowUp>,
    /// The ticket it becomes.
    pub ticket: Option<TicketOrder>,
    /// The day that takes its place at the end of the horizon.
    pub successor: Option<Touchpoint>,
}

/// Which touchpoints are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchpointReport {
    /// Those whose window opened from then on.
    pub from: Timestamp,
    /// Those whose window opened before then.
    pub until: Timestamp,
    /// The time: windows that closed by then are missed.
    pub now: Timestamp,
    /// Only those of this plan.
    pub plan: Option<String>,
}

/// Keeps the touchpoints of each tenant.
#[async_trait]
pub trait Touchpoints: Send + Sync {
    /// Keeps touchpoints of a customer, and gives them as they are kept: one that the same customer,
    /// plan, anchor and month had before stays as it is. None are kept for a customer who is gone, nor, as
    /// a conflict, for one for whom another leads.
    async fn plan(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        touchpoints: &[Touchpoint],
    ) -> Result<Vec<Touchpoint>, StoreError>;

    /// Gives what [`Self::plan`] would give, and keeps nothing.
    async fn try_plan(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        touchpoints: &[Touchpoint],
    ) -> Result<Vec<Touchpoint>, StoreError>;

    /// Gives touchpoints whose time has come, those that wait longest first, after one of them, at most
    /// so many.
    async fn due(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        after: Option<&Cursor>,
        most: u32,
    ) -> Result<Vec<Touchpoint>, StoreError>;

    /// Says whether the same day of the same plan is settled, or comes first, with another record of the
    /// person whose leading record is named; a day of the year also from another anchor.
    async fn has_twin(
        &self,
        tenant: &TenantId,
        (touchpoint, is_of_the_year): (&Touchpoint, bool),
        leading: &CustomerId,
    ) -> Result<bool, StoreError>;

    /// Keeps what becomes of a touchpoint, with the call or the ticket, all or nothing; a conflict if it
    /// is no longer one version behind. Who is gone has no successor.
    async fn fire(&self, tenant: &TenantId, firing: &Firing) -> Result<(), StoreError>;

    /// Gives one touchpoint.
    async fn get(&self, tenant: &TenantId, id: &TouchpointId) -> Result<Touchpoint, StoreError>;

    /// Gives touchpoints, those that come first first.
    async fn list(
        &self,
        tenant: &TenantId,
        filter: &TouchpointFilter,
        page: &PageRequest,
    ) -> Result<Page<Touchpoint>, StoreError>;

    /// Counts what became of touchpoints, plan by plan.
    async fn touchpoint_figures(
        &self,
        tenant: &TenantId,
        report: &TouchpointReport,
    ) -> Result<BTreeMap<String, TouchpointFigures>, StoreError>;
}
