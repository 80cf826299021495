//! Calls that the center owes, and what customers answered in them.

use std::collections::BTreeMap;

use async_trait::async_trait;

use switchboard_domain::follow_up::{CallSurvey, FollowUp, FollowUpState};
use switchboard_domain::ids::{CustomerId, FollowUpId, SurveyId, TenantId, TicketId};
use switchboard_domain::survey::{Answers, Kano, PairFigures, PointFigures, Survey, Verdict};
use switchboard_domain::ticket::Ticket;
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::tickets::TicketOrder;

/// A closing of a ticket of which nobody has decided yet whether it is followed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The ticket as it is now.
    pub ticket: Ticket,
    /// Its version at the closing.
    pub version: u64,
    /// When it was closed.
    pub at: Timestamp,
    /// Whether it is closed by this closing still.
    pub stands: bool,
}

/// A follow-up that is with the agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The follow-up.
    pub follow_up: FollowUp,
    /// Its call, as far as the history knows.
    pub call: KnownCall,
}

/// What the history knows of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownCall {
    /// Nothing: it has not begun, or is not recorded yet.
    Nothing,
    /// It has begun, and did not end as far as anybody told.
    Begun,
    /// It is over.
    Over {
        /// Whether the customer answered.
        is_answered: bool,
        /// Why it ended.
        reason: String,
    },
}

/// One change of a follow-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUpChange {
    /// The follow-up after it; its version is one higher than before.
    pub follow_up: FollowUp,
    /// Who changes it.
    pub actor: String,
    /// What the ticket's life tells of it; none for nothing.
    pub note: Option<String>,
}

/// What a customer answered.
#[derive(Clone, Debug)]
pub struct AnswerSet<'a> {
    /// What was asked.
    pub survey: &'a Survey,
    /// What was answered.
    pub answers: &'a Answers,
    /// What it means.
    pub verdict: Verdict,
    /// The ticket to be made because of it.
    pub recovery: Option<TicketOrder>,
}

/// What a caller keyed, and what it means.
#[derive(Clone, Debug)]
pub struct Heard<'a> {
    /// The follow-up that it makes.
    pub change: FollowUpChange,
    /// What was answered; nothing by who keyed nothing that counts.
    pub set: AnswerSet<'a>,
    /// When the ticket's life tells of it.
    pub at: Timestamp,
}

/// Which follow-ups are wanted; an empty filter wants them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUpFilter {
    /// Only those in this state.
    pub state: Option<FollowUpState>,
    /// Only those after this ticket.
    pub ticket: Option<TicketId>,
    /// Only those of this customer.
    pub customer: Option<CustomerId>,
    /// Only those of tickets this department answered for.
    pub department: Option<String>,
    /// Only those that ask this.
    pub survey: Option<SurveyId>,
}

/// What came of a survey, for one department.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SurveyFigures {
    /// The department; none for tickets and days nobody in particular answers for.
    pub department: Option<String>,
    /// How many follow-ups came to which state.
    pub states: BTreeMap<FollowUpState, u64>,
    /// How many customers answered all three questions about loyalty.
    pub judged: u64,
    /// How many of them are loyal.
    pub loyal: u64,
    /// The points for satisfaction.
    pub satisfaction: PointFigures,
    /// The points by class of quality.
    pub kano: BTreeMap<Kano, PointFigures>,
    /// The points by question.
    pub questions: BTreeMap<String, PointFigures>,
    /// The points of customers who answered both questions about an item, by item.
    pub pairs: BTreeMap<String, PairFigures>,
}

/// Keeps the follow-ups of each tenant.
#[async_trait]
pub trait FollowUps: Send + Sync {
    /// Gives closings that are to be decided on, the oldest first, at most so many.
    async fn closings(&self, tenant: &TenantId, most: u32) -> Result<Vec<Closing>, StoreError>;

    /// Keeps what was decided on a closing: a follow-up or none. Whoever decides first decides; it is
    /// decided on once.
    async fn decide(
        &self,
        tenant: &TenantId,
        closing: &Closing,
        follow_up: Option<&FollowUp>,
    ) -> Result<(), StoreError>;

    /// Keeps the call that a ticket asks for and tells the ticket's life of it; while one is open for the
    /// ticket it is that one, which is given.
    async fn call_back(
        &self,
        tenant: &TenantId,
        asked: &FollowUp,
        actor: &str,
    ) -> Result<FollowUp, StoreError>;

    /// Gives follow-ups whose time has come, those that wait longest first, at most so many.
    async fn due(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<FollowUp>, StoreError>;

    /// Gives follow-ups that are with the agents and whose call is over, or which are to be looked at.
    async fn called(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Called>, StoreError>;

    /// Gives one follow-up.
    async fn get(&self, tenant: &TenantId, id: &FollowUpId) -> Result<FollowUp, StoreError>;

    /// Gives follow-ups, the newest first.
    async fn list(
        &self,
        tenant: &TenantId,
        filter: &FollowUpFilter,
        page: &PageRequest,
    ) -> Result<Page<FollowUp>, StoreError>;

    /// Keeps a change and tells the ticket's life of it; a conflict if the follow-up is no longer one
    /// version behind it.
    async fn save(&self, tenant: &TenantId, change: &FollowUpChange) -> Result<(), StoreError>;

    /// Keeps a change with what the customer answered, and makes the ticket that it calls for, all or
    /// nothing; a conflict as in [`FollowUps::save`].
    async fn answer(
        &self,
        tenant: &TenantId,
        change: &FollowUpChange,
        set: &AnswerSet<'_>,
    ) -> Result<(), StoreError>;

    /// Gives what callers keyed in calls that are over, or keyed before a time, the oldest first, at most
    /// so many.
    async fn call_surveys(
        &self,
        tenant: &TenantId,
        given_up: Timestamp,
        most: u32,
    ) -> Result<Vec<CallSurvey>, StoreError>;

    /// Keeps what a caller keyed means, with the ticket that it calls for, all or nothing; nothing where
    /// the center does not ask so. Whoever says so first does; it is said once.
    async fn hear(
        &self,
        tenant: &TenantId,
        keyed: &CallSurvey,
        heard: Option<&Heard<'_>>,
    ) -> Result<(), StoreError>;

    /// Gives what the customer answered; what an erased customer said is not there any more.
    async fn answers(&self, tenant: &TenantId, id: &FollowUpId) -> Result<Answers, StoreError>;

    /// Counts what came of a survey from one time to another, by department; follow-ups count at their
    /// last change. Which questions are about one item is as the survey says.
    async fn figures(
        &self,
        tenant: &TenantId,
        survey: &Survey,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SurveyFigures>, StoreError>;
}
