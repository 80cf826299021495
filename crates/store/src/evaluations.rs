//! What supervisors think of how calls and tickets were handled.

use async_trait::async_trait;

use switchboard_domain::ids::{
    AgentId, DispositionId, EvaluationId, QueueId, ScorecardId, TenantId,
};
use switchboard_domain::quality::{Evaluation, EvaluationState, Judged, Marks, Scorecard};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::page::{Page, PageRequest};

/// Which calls or tickets are drawn from, and how many.
#[derive(Clone, Debug)]
pub struct DrawWish {
    /// The request's name; it is carried out once.
    pub request_id: String,
    /// How many.
    pub count: u32,
    /// How many of one agent at most.
    pub most_per_agent: Option<u32>,
    /// The review they are part of.
    pub sample: Option<String>,
    /// From when on the call came in, or the ticket was made.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Only those of this queue.
    pub queue: Option<QueueId>,
    /// Only what this agent handled.
    pub agent: Option<AgentId>,
    /// Only tickets that this department answers for.
    pub department: Option<String>,
    /// Only calls with this disposition.
    pub disposition: Option<DispositionId>,
    /// Only calls of mystery callers.
    pub is_mystery: bool,
}

/// A wish, and all it takes to grant it.
#[derive(Clone, Copy, Debug)]
pub struct Draw<'a> {
    /// What is wanted.
    pub wish: &'a DrawWish,
    /// What the request asks for, as a hash: the same name is not used for something else.
    pub asked: &'a [u8],
    /// By which the drawn ones are judged, and what it is about.
    pub scorecard: &'a Scorecard,
    /// What the evaluations are called, in the order in which they are made: one for each that is wanted.
    pub ids: &'a [EvaluationId],
    /// Who asks.
    pub actor: &'a str,
    /// When.
    pub at: Timestamp,
}

/// An evaluation with everything that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// What was found of each criterion; empty before it is judged.
    pub marks: Marks,
    /// What the agent is to know besides; empty for nothing, and for what an erased customer's call or
    /// ticket is about.
    pub comment: String,
}

/// Which evaluations are wanted; an empty filter wants them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvaluationFilter {
    /// Only those in this state.
    pub state: Option<EvaluationState>,
    /// Only those by this scorecard.
    pub scorecard: Option<ScorecardId>,
    /// Only those of this agent's work.
    pub agent: Option<AgentId>,
    /// Only those of this review.
    pub sample: Option<String>,
}

/// By what evaluations are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvaluationGrouping {
    /// By whose work is judged.
    Agent,
    /// By queue.
    Queue,
    /// By department.
    Department,
    /// By review.
    Sample,
    /// By who judged.
    Evaluator,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationReport {
    /// By which scorecard.
    pub scorecard: ScorecardId,
    /// From when on it was judged.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// By what.
    pub grouping: EvaluationGrouping,
}

/// What was found of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvaluationFigures {
    /// The group; none for what is in none, and for all together.
    pub name: Option<String>,
    /// How many evaluations were judged.
    pub judged: u64,
    /// The sum of their scores, in hundredths of a percent.
    pub scores: u64,
    /// How many passed.
    pub passed: u64,
    /// How many failed by a critical criterion.
    pub failed_critical: u64,
    /// How many the agents have acknowledged.
    pub acknowledged: u64,
}

/// What was found of one criterion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CriterionFigures {
    /// The criterion.
    pub name: String,
    /// How often it was marked.
    pub marked: u64,
    /// The sum of its shares, in hundredths of a percent.
    pub shares: u64,
    /// How often it got no points.
    pub failed: u64,
}

impl EvaluationFigures {
    /// Adds the figures of others.
    pub const fn add(&mut self, other: &Self) {
        self.judged += other.judged;
        self.scores += other.scores;
        self.passed += other.passed;
        self.failed_critical += other.failed_critical;
        self.acknowledged += other.acknowledged;
    }
}

/// Keeps the evaluations of each tenant.
#[async_trait]
pub trait Evaluations: Send + Sync {
    /// Draws by chance and keeps an evaluation for each; a request that was carried out before gives the
    /// same evaluations again, and none at all where it asked for something else.
    async fn draw(
        &self,
        tenant: &TenantId,
        draw: &Draw<'_>,
    ) -> Result<Option<Vec<Evaluation>>, StoreError>;

    /// Keeps an open evaluation; where there is one of the same call or ticket by the same scorecard that
    /// was not withdrawn, gives that one.
    async fn open(&self, tenant: &TenantId, open: &Evaluation) -> Result<Evaluation, StoreError>;

    /// Gives the evaluation of a call or a ticket by a scorecard that was not withdrawn.
    async fn standing(
        &self,
        tenant: &TenantId,
        scorecard: &ScorecardId,
        about: &Judged,
    ) -> Result<Option<Evaluation>, StoreError>;

    /// Gives one evaluation with everything that was found.
    async fn evaluation(
        &self,
        tenant: &TenantId,
        id: &EvaluationId,
    ) -> Result<Judgement, StoreError>;

    /// Gives evaluations, the newest first.
    async fn evaluations(
        &self,
        tenant: &TenantId,
        filter: &EvaluationFilter,
        page: &PageRequest,
    ) -> Result<Page<Evaluation>, StoreError>;

    /// Keeps what was found, all or nothing; a conflict if the evaluation is no longer one version behind.
    async fn judge(
        &self,
        tenant: &TenantId,
        judgement: &Judgement,
        scorecard: &Scorecard,
    ) -> Result<(), StoreError>;

    /// Keeps a change that leaves what was found as it is; a conflict as in [`Evaluations::judge`].
    async fn change(&self, tenant: &TenantId, changed: &Evaluation) -> Result<(), StoreError>;

    /// Counts what was found, by group and by criterion, in the order of their names.
    async fn evaluation_figures(
        &self,
        tenant: &TenantId,
        report: &EvaluationReport,
    ) -> Result<(Vec<EvaluationFigures>, Vec<CriterionFigures>), StoreError>;
}
