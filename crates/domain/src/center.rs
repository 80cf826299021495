//! What an administrator configures for one tenant: queues, skills, agents, numbers, flows, rules.
//!
//! A [`Center`] is read from a folder of YAML by another crate, is checked there once, and is
//! immutable afterwards: a change makes a new version.

pub mod agent;
pub mod calendar;
pub mod callback;
pub mod callers;
pub mod canary;
pub mod capacity;
pub mod customer_rules;
pub mod department;
pub mod disposition;
pub mod endpoint;
pub mod locale;
pub mod miss;
pub mod number;
pub mod prompt;
pub mod queue;
pub mod ring;
pub mod routing;
pub mod segment;
pub mod skill;
pub mod strategy;
pub mod treatment;
pub mod wrap_up;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::channel::Channel;
use crate::consent::Purposes;
use crate::customer::Tier;
use crate::customer::profile::ProfileSchema;
use crate::customer::value::ValueModel;
use crate::flow::{Flow, FlowVersion};
use crate::follow_up::FollowUpPolicy;
use crate::ids::{
    AgentId, CalendarId, EndpointId, FlowId, GatewayId, QueueId, ScorecardId, SkillId, SurveyId,
};
use crate::phone::{Country, E164};
use crate::quality::Scorecard;
use crate::retention::RetentionPolicy;
use crate::survey::Survey;
use crate::targets::Targets;
use crate::ticket::sla::SlaPolicy;
use crate::ticket::{Categories, ClusterRule, DispatchRule, TicketKinds, TicketMacro, TicketRule};
use crate::time::Timestamp;
use crate::touchpoint::TouchpointPlan;

pub use agent::{Agent, Gateway};
pub use calendar::{Calendar, CalendarState, Holiday, Hours, Weekday, Zone, time_of_day};
pub use callback::CallbackRules;
pub use callers::{Blocked, CallerRules, Trust};
pub use canary::Canary;
pub use capacity::{Exclusions, default_capacity, default_exclusions};
pub use customer_rules::CustomerRules;
pub use department::{Department, Departments};
pub use disposition::{Disposition, DispositionFault, Dispositions, QueueDispositions};
pub use endpoint::{Breaker, Endpoint, Method};
pub use locale::{Language, LanguageError, LanguageRule, Localized};
pub use miss::{MissCause, MissPolicy};
pub use number::{CalledNumber, CalledNumbers, NumberClash, NumberSpan, NumberSpanError};
pub use prompt::{PromptKey, PromptSource, Prompts, find_text};
pub use queue::{Acquaintance, OverflowAction, Presence, Queue, ServiceLevel};
pub use ring::{MAX_RINGS, Ring, RingChange};
pub use routing::{RoutePlan, RouteRequest};
pub use segment::{Segment, SegmentScheme, fields_in_conditions};
pub use skill::{Level, Skill, SkillRequirement, eligible, merge_requirements};
pub use strategy::{MAX_RING_COUNT, Strategy};
pub use treatment::Treatment;
pub use wrap_up::{WrapUp, WrapUpMode};

/// One tenant's whole configuration, at one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Center {
    /// Counts applied configurations, from 1; 0 for one that was never stored.
    pub version: u64,
    /// The name people know the center by.
    pub display_name: String,
    /// Where a national number is assumed to be from.
    pub default_country: Country,
    /// Where the center is, as an IANA time zone such as `Asia/Shanghai`.
    pub time_zone: String,
    /// The language a caller hears when nothing else is known.
    pub default_language: Language,
    /// The languages served, and the skill an agent needs for each.
    pub languages: BTreeMap<Language, LanguageRule>,
    /// How callers are treated before more is known of them.
    pub callers: CallerRules,
    /// How much earlier one point of priority makes a caller count as having arrived.
    pub priority_credit: Duration,
    /// What agents can do.
    pub skills: BTreeMap<SkillId, Skill>,
    /// When the center works.
    pub calendars: BTreeMap<CalendarId, Calendar>,
    /// Which running work keeps an agent from getting which other work.
    pub exclusions: Exclusions,
    /// What agents may note as the result of a talk.
    pub dispositions: Dispositions,
    /// Where callers wait.
    pub queues: BTreeMap<QueueId, Queue>,
    /// Who answers.
    pub agents: BTreeMap<AgentId, Agent>,
    /// Which gateways may report calls; empty accepts every gateway with a valid token.
    pub gateways: BTreeMap<GatewayId, Gateway>,
    /// What a called number means.
    pub numbers: CalledNumbers,
    /// Systems outside that flows may ask.
    pub endpoints: BTreeMap<EndpointId, Endpoint>,
    /// What callers hear and choose.
    pub flows: BTreeMap<FlowId, Arc<Flow>>,
    /// The flows on trial, each beside the one of the same id.
    pub canaries: BTreeMap<FlowId, Canary>,
    /// The texts and recordings flows refer to.
    pub prompts: Prompts,
    /// What a customer's tier changes; a tier that is not listed changes nothing.
    pub tiers: BTreeMap<Tier, Treatment>,
    /// How customers are valued; none where nobody keeps what they are worth.
    pub value: Option<ValueModel>,
    /// How departments divide the customers.
    pub segments: Vec<SegmentScheme>,
    /// What is kept about customers besides the record.
    pub profile: ProfileSchema,
    /// What is asked of customers' records.
    pub customer_rules: CustomerRules,
    /// The kinds of tickets, and what each asks of those who handle it.
    pub ticket_kinds: TicketKinds,
    /// What is owed to customers by when; the first policy that is about a ticket holds.
    pub sla: Vec<SlaPolicy>,
    /// What customers are asked.
    pub surveys: BTreeMap<SurveyId, Survey>,
    /// By what work is judged.
    pub scorecards: BTreeMap<ScorecardId, Scorecard>,
    /// What customers are approached for, and what each purpose asks of them.
    pub purposes: Purposes,
    /// Which closed tickets are followed up; the first policy that is about a ticket holds.
    pub follow_ups: Vec<FollowUpPolicy>,
    /// The plans of the care calendar.
    pub touchpoints: Vec<TouchpointPlan>,
    /// What is to be reached in a month.
    pub targets: Targets,
    /// How long what happened is kept; none where everything is kept for ever.
    pub retention: Option<RetentionPolicy>,
    /// What tickets are filed under.
    pub categories: Categories,
    /// Who answers for tickets.
    pub departments: Departments,
    /// Which outcomes make a ticket, in order.
    pub ticket_rules: Vec<TicketRule>,
    /// Where tickets go; the first rule whose condition holds says it.
    pub dispatch_rules: Vec<DispatchRule>,
    /// Prepared sets of changes of tickets, in the order of their file.
    pub macros: Vec<TicketMacro>,
    /// Which tickets together are the signs of an incident.
    pub cluster_rules: Vec<ClusterRule>,
}

impl Center {
    /// Gives the entry for a called number, or nothing when it is not one of the center's.
    pub fn called_number(&self, number: &E164) -> Option<&CalledNumber> {
        self.numbers.find(number)
    }

    /// Gives the entry for whatever was called: that of the number, or for what is no number the one
    /// for all others.
    pub fn called_entry(&self, number: Option<&E164>) -> Option<&CalledNumber> {
        match number {
            Some(number) => self.called_number(number),
            None => self.numbers.others(),
        }
    }

    /// Gives a queue by id.
    pub fn queue(&self, id: &QueueId) -> Option<&Queue> {
        self.queues.get(id)
    }

    /// Gives the channels whose running work keeps an agent from getting more of this one.
    pub fn blocked_by(&self, channel: Channel) -> BTreeSet<Channel> {
        self.exclusions.get(&channel).cloned().unwrap_or_default()
    }

    /// Says whether a queue takes contacts at this time, and until or from when.
    ///
    /// A queue without hours is always open.
    pub fn hours_of(&self, queue: &Queue, now: Timestamp) -> CalendarState {
        let calendar = queue.hours.as_ref().and_then(|id| self.calendars.get(id));
        calendar.map_or(CalendarState::Open { closes_at: None }, |calendar| calendar.state_at(now))
    }

    /// Gives an agent by id.
    pub fn agent(&self, id: &AgentId) -> Option<&Agent> {
        self.agents.get(id)
    }

    /// Gives a flow by id.
    pub fn flow(&self, id: &FlowId) -> Option<&Arc<Flow>> {
        self.flows.get(id)
    }

    /// Gives the flow that a new call begins with: the one in force, or the one on trial.
    pub fn flow_for(&self, id: &FlowId, call: &str) -> Option<&Arc<Flow>> {
        let on_trial = self.canaries.get(id).filter(|canary| canary.takes(call));
        on_trial.map(|canary| &canary.flow).or_else(|| self.flow(id))
    }

    /// Gives a version of a flow, if it is in force or on trial.
    pub fn flow_version(&self, id: &FlowId, version: FlowVersion) -> Option<&Arc<Flow>> {
        let in_force = self.flow(id).filter(|flow| flow.version() == version);
        let canary = || self.canaries.get(id).map(|canary| &canary.flow);
        in_force.or_else(|| canary().filter(|flow| flow.version() == version))
    }

    /// Gives every flow that a call may begin with: those in force, then those on trial.
    pub fn all_flows(&self) -> impl Iterator<Item = &Arc<Flow>> {
        self.flows.values().chain(self.canaries.values().map(|canary| &canary.flow))
    }

    /// Says whether a gateway may report calls of this center.
    pub fn admits_gateway(&self, id: &GatewayId) -> bool {
        self.gateways.is_empty() || self.gateways.contains_key(id)
    }

    /// Gives how much earlier a caller of this priority counts as having arrived.
    pub fn head_start(&self, priority: u32) -> Duration {
        self.priority_credit.saturating_mul(priority)
    }
}
