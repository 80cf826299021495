//! What customers are worth: what was given, what was computed, and the runs that compute it anew.

use std::collections::BTreeSet;

use async_trait::async_trait;

use switchboard_domain::customer::value::{
    Axes, Churn, LifeCycle, Pyramid, Score, TierSource, ValueInputs, ValueModel,
};
use switchboard_domain::customer::{Risk, Tier};
use switchboard_domain::ids::{AgentId, CustomerId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// What somebody says about the worth of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenValue {
    /// What is known of the inputs.
    pub inputs: ValueInputs,
    /// Whether the customer is leaving, and why.
    pub churn: Churn,
    /// How the customer came and went, if anybody says so.
    pub life_cycle: Option<LifeCycle>,
    /// Whether the tier follows from the score.
    pub tier_source: TierSource,
}

/// What was computed from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ComputedValue {
    /// The score; none while too little is known.
    pub score: Option<Score>,
    /// The tier that follows; none without a score, or before the ranks are known.
    pub tier: Option<Tier>,
    /// The class by rank; none without a score, or before the ranks are known.
    pub pyramid: Option<Pyramid>,
    /// The level on each axis.
    pub axes: Axes,
}

/// What is kept about the worth of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerValue {
    /// Whose worth.
    pub customer: CustomerId,
    /// The tier in force, which calls are routed by.
    pub tier: Tier,
    /// What was given.
    pub given: GivenValue,
    /// What was computed.
    pub computed: ComputedValue,
    /// When it was computed; never while nothing was given.
    pub computed_at: Option<Timestamp>,
    /// Grows by one with each change of what was given; 0 while nothing was.
    pub version: u64,
}

/// A new word on the worth of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChange {
    /// Whose worth.
    pub customer: CustomerId,
    /// The version it was made of.
    pub before: u64,
    /// What is given from now on, all of it.
    pub given: GivenValue,
    /// What follows from it.
    pub computed: ComputedValue,
    /// Who says so.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// A recomputation of every customer of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRun {
    /// Its name: `night-2026-11-22`, or any other.
    pub id: String,
    /// What it is at.
    pub phase: RunPhase,
    /// How many customers there were when it began.
    pub customers: u64,
    /// How many have their score.
    pub scored: u64,
    /// How many have their tier and class.
    pub graded: u64,
    /// How many have another tier than before.
    pub tiers_changed: u64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it last made a step.
    pub moved_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// What a run is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunPhase {
    /// Scores are computed, customer by customer.
    Scoring,
    /// Every score is known, so ranks are; tiers and classes are set.
    Grading,
    /// It is over.
    Done,
}

impl RunPhase {
    /// Gives the word used on the wire and in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scoring => "scoring",
            Self::Grading => "grading",
            Self::Done => "done",
        }
    }

    /// Reads the phase from its word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Scoring, Self::Grading, Self::Done].into_iter().find(|it| it.as_str() == word)
    }
}

/// What a step needs to know.
#[derive(Clone, Copy, Debug)]
pub struct StepOrder<'order> {
    /// How customers are valued.
    pub model: &'order ValueModel,
    /// The version of the center the model is of; another than before begins the run anew.
    pub center_version: u64,
    /// The most customers of one step.
    pub customers: u32,
    /// The time.
    pub now: Timestamp,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stepped {
    /// There is no run to work on.
    Idle,
    /// Another process makes a step at this moment.
    Busy,
    /// The run has come this far.
    Moved(ValueRun),
}

/// A group of customers and what it brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueShare {
    /// What the group has in common: a tier, a class, or a percentage of the best.
    pub group: String,
    /// How many customers.
    pub customers: u64,
    /// What they buy in a year, together, in minor units.
    pub purchases: u64,
    /// How many have complained, how often, and how many leave; unknown of shares of the largest.
    pub bonds: Option<Bonds>,
}

/// How a group of customers holds to the center.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bonds {
    /// How many complaints there were within a year.
    pub complaints: u64,
    /// How many customers made them.
    pub complainants: u64,
    /// How many customers have left in part.
    pub leaving: u64,
    /// How many customers have left for good.
    pub gone: u64,
}

/// Which customers are looked at for risks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskQuery {
    /// The tiers of the key accounts.
    pub tiers: BTreeSet<Tier>,
    /// The tiers that must have an owner.
    pub owner_required: BTreeSet<Tier>,
    /// What is due before is overdue.
    pub now: Timestamp,
    /// How many at most.
    pub limit: u32,
}

/// A customer whom the center may lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountAtRisk {
    /// The customer.
    pub customer: CustomerId,
    /// What the customer is worth.
    pub tier: Tier,
    /// Who looks after the customer.
    pub owner: Option<AgentId>,
    /// What the customer buys in a year, in minor units; unknown without a word on it.
    pub purchases: Option<i64>,
    /// Why, at least one.
    pub risks: Vec<Risk>,
}

/// Who brings what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueReport {
    /// How many customers there are.
    pub customers: u64,
    /// How many of them have a score.
    pub scored: u64,
    /// How many of them have known purchases.
    pub buyers: u64,
    /// What all of them buy in a year, in minor units.
    pub purchases: u64,
    /// Tier by tier, best first.
    pub tiers: Vec<ValueShare>,
    /// Class by class, best first.
    pub pyramid: Vec<ValueShare>,
    /// What the largest buyers bring: the first 1, 5, 10, 20 and 50 percent of those who buy.
    pub pareto: Vec<ValueShare>,
}

/// Keeps what customers of each tenant are worth.
#[async_trait]
pub trait CustomerValues: Send + Sync {
    /// Gives what is kept about one customer.
    async fn get(&self, tenant: &TenantId, id: &CustomerId) -> Result<CustomerValue, StoreError>;

    /// Keeps a new word; a conflict unless the version is the one it was made of.
    ///
    /// Where the tier follows from the score, the customer has the computed one afterwards.
    async fn set(&self, tenant: &TenantId, change: &ValueChange) -> Result<(), StoreError>;

    /// Says who brings what.
    ///
    /// Complaints are counted from `since` on.
    async fn report(&self, tenant: &TenantId, since: Timestamp) -> Result<ValueReport, StoreError>;

    /// Gives key accounts whom the center may lose: those with the most risks first, of those the ones
    /// who buy the most.
    async fn at_risk(
        &self,
        tenant: &TenantId,
        query: &RiskQuery,
    ) -> Result<Vec<AccountAtRisk>, StoreError>;

    /// Begins a run of this name, unless one is under way or there was one; gives the one under way.
    async fn begin_run(
        &self,
        tenant: &TenantId,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<ValueRun>, StoreError>;

    /// Gives the run that began last.
    async fn latest_run(&self, tenant: &TenantId) -> Result<Option<ValueRun>, StoreError>;

    /// Makes one step of the run under way: at most so many customers, in one transaction.
    async fn step(&self, tenant: &TenantId, order: StepOrder<'_>) -> Result<Stepped, StoreError>;
}
