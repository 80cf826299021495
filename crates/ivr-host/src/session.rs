//! What is kept of a flow that runs for a gateway which asks step by step.

use prost::Message;
use switchboard_domain::center::{Level, SkillRequirement};
use switchboard_domain::floor::details::Details;
use switchboard_domain::flow::{Position, RouteDirective};
use switchboard_domain::ids::{AgentId, GatewayId, QueueId, SkillId};
use switchboard_domain::time::Timestamp;

use crate::trail::Trail;

/// A session, as it is kept between two inputs. Fields are only added, so that replicas of two
/// releases understand each other.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct KeptSession {
    /// The gateway that began it.
    #[prost(string, tag = "1")]
    gateway: String,
    /// What kind of request was answered last, to tell a repetition from another request.
    #[prost(fixed64, tag = "2")]
    pub fingerprint: u64,
    /// The nodes the caller has been at.
    #[prost(string, tag = "3")]
    pub path: String,
    /// Where the flow stands.
    #[prost(string, tag = "4")]
    position: String,
    /// What is known of the caller.
    #[prost(string, tag = "5")]
    details: String,
    /// The last answer, as the service encodes it.
    #[prost(bytes = "vec", tag = "6")]
    pub answer: Vec<u8>,
    /// Where the caller is to wait, once the flow has said so.
    #[prost(message, optional, tag = "7")]
    route: Option<KeptRoute>,
    /// What a trace is told of each step.
    #[prost(message, repeated, tag = "8")]
    steps: Vec<KeptStep>,
    /// Tells whether the flow itself has ended the call.
    #[prost(bool, tag = "9")]
    pub is_finished: bool,
}

/// What a trace is told of a step.
#[derive(Clone, PartialEq, Eq, Message)]
struct KeptStep {
    /// When it was taken, in milliseconds.
    #[prost(int64, tag = "1")]
    at: i64,
    /// The particulars.
    #[prost(string, tag = "2")]
    told: String,
}

/// Where a caller is to wait.
#[derive(Clone, PartialEq, Eq, Message)]
struct KeptRoute {
    /// The queue.
    #[prost(string, tag = "1")]
    queue: String,
    /// The level of each skill needed on top of the queue's own.
    #[prost(btree_map = "string, uint32", tag = "2")]
    skills: std::collections::BTreeMap<String, u32>,
    /// Points of priority added.
    #[prost(uint32, tag = "3")]
    priority_boost: u32,
    /// What goes with the caller.
    #[prost(string, tag = "4")]
    details: String,
    /// Who is to answer before anybody else of the queue; empty for whoever is best.
    #[prost(string, tag = "5")]
    agent: String,
}

/// Where the flow of a session sends its caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRoute {
    /// The queue.
    pub queue: QueueId,
    /// Who is to answer before anybody else of the queue.
    pub agent: Option<AgentId>,
    /// Skills needed on top of the queue's own.
    pub skills: Vec<SkillRequirement>,
    /// Points of priority added.
    pub priority_boost: u32,
    /// What goes with the caller.
    pub details: Details,
}

impl KeptSession {
    /// Begins a session of a gateway.
    pub fn begin(gateway: &GatewayId, fingerprint: u64, details: &Details) -> Self {
        let (gateway, details) = (gateway.to_string(), details.encode());
        Self { gateway, fingerprint, details, ..Self::default() }
    }

    /// Reads a session.
    pub fn read(bytes: &[u8]) -> Result<Self, prost::DecodeError> {
        Self::decode(bytes)
    }

    /// Writes the session.
    pub fn write(&self) -> Vec<u8> {
        self.encode_to_vec()
    }

    /// Says whether a gateway began it.
    pub fn is_of(&self, gateway: &GatewayId) -> bool {
        self.gateway == gateway.as_str()
    }

    /// Gives where the flow stands, as it is written.
    pub fn position(&self) -> &str {
        &self.position
    }

    /// Gives the gateway that began it.
    pub fn gateway(&self) -> &str {
        &self.gateway
    }

    /// Gives when each step was taken, and what a trace is told of it.
    pub fn steps(&self) -> impl Iterator<Item = (Timestamp, Details)> {
        let step = |step: &KeptStep| (Timestamp::from_millis(step.at), Details::decode(&step.told));
        self.steps.iter().map(step)
    }

    /// Gives what is known of the caller.
    pub fn details(&self) -> Details {
        Details::decode(&self.details)
    }

    /// Notes where a step has led.
    pub fn advance(
        &mut self,
        at: Timestamp,
        position: &Position,
        mut trail: Trail,
        route: Option<&RouteDirective>,
    ) {
        trail.go_to(position);
        self.steps.push(KeptStep { at: at.as_millis(), told: trail.told.encode() });
        self.route = route.map(|route| KeptRoute {
            queue: route.queue.to_string(),
            skills: route.skills.iter().map(level).collect(),
            priority_boost: route.priority_boost,
            details: trail.details_for(&self.details(), route).encode(),
            agent: route.agent.as_ref().map(ToString::to_string).unwrap_or_default(),
        });
        self.position = position.encode();
        self.path = trail.path;
    }

    /// Gives where the caller is to wait; nothing before the flow has said so.
    pub fn route(&self) -> Option<SessionRoute> {
        let route = self.route.as_ref()?;
        let skills = route.skills.iter().filter_map(|(skill, level)| {
            let level = Level::new(u8::try_from(*level).ok()?)?;
            Some(SkillRequirement { skill: SkillId::parse(skill.as_str()).ok()?, level })
        });
        Some(SessionRoute {
            queue: QueueId::parse(route.queue.as_str()).ok()?,
            agent: AgentId::parse(route.agent.as_str()).ok(),
            skills: skills.collect(),
            priority_boost: route.priority_boost,
            details: Details::decode(&route.details),
        })
    }
}

fn level(needed: &SkillRequirement) -> (String, u32) {
    (needed.skill.to_string(), u32::from(needed.level.get()))
}
