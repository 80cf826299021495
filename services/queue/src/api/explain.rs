//! Says why contacts wait and why agents get none.

use std::collections::BTreeMap;

use switchboard_api::convert::channel::channel;
use switchboard_api::convert::time::{duration, timestamp};
use switchboard_api::queue::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::center::SkillRequirement;
use switchboard_domain::explain::{
    AgentGroup, Obstacle, Picture, RingToCome, Surroundings, WaitExplanation, explain_agent,
    explain_wait,
};
use switchboard_domain::floor::planner::Need;
use switchboard_domain::floor::state::{Agent, AgentState, Contact};
use switchboard_domain::ids::{AgentId, ContactId, QueueId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_routing::Planned;
use switchboard_store::live_floor::{FloorStatus, LiveFloor};

use super::position;
use crate::QueueParts;
use crate::refusal::routing_error;

/// How many agents one group names.
const NAMED: usize = 50;
/// How many contacts of each line an agent is told of.
const CONTACTS: u32 = 20;

/// What is true of a tenant at one moment.
struct Moment {
    planned: Planned,
    status: FloorStatus,
    agents: BTreeMap<AgentId, Agent>,
}

impl Moment {
    async fn read(parts: &QueueParts, tenant: &TenantId) -> Result<Self, ApiError> {
        let planned = parts.floors.planned(tenant).await.map_err(routing_error)?;
        let floor = parts.floors.floor();
        let (status, agents) = tokio::try_join!(floor.status(tenant), floor.agents(tenant))?;
        Ok(Self { planned, status, agents: agents.into_iter().collect() })
    }

    fn picture(&self) -> Picture<'_> {
        Picture {
            center: self.planned.center(),
            now: self.status.now,
            barrier_open: self.status.is_current && self.status.barrier_open,
            agents: &self.agents,
        }
    }
}

/// Says why a contact waits.
pub(super) async fn wait(
    parts: &QueueParts,
    caller: &Caller,
    asked: &wire::ExplainWaitRequest,
) -> Result<wire::WaitExplanation, ApiError> {
    let id: ContactId = field::id("contact_id", &asked.contact_id)?;
    let floor = &**parts.floors.floor();
    let found = floor.contact(&caller.tenant, &id).await?;
    let contact = found.ok_or_else(|| ApiError::not_found("contact", id.as_str()))?;
    let moment = Moment::read(parts, &caller.tenant).await?;
    let around = surroundings(floor, &caller.tenant, &contact).await?;
    let told = explain_wait(moment.picture(), &contact, around);
    let position = position(parts, &caller.tenant, (&id, &contact)).await?;
    let now = moment.status.now;
    let place = contact.place.as_ref();
    let queue = place.and_then(|place| moment.planned.center().queue(&place.queue));
    let skills = |of: fn(&Need) -> &Vec<SkillRequirement>| {
        told.need.as_ref().map(|need| of(need).iter().map(skill).collect()).unwrap_or_default()
    };
    Ok(wire::WaitExplanation {
        contact_id: id.to_string(),
        channel: channel(contact.channel).into(),
        state: contact.state.name().to_owned(),
        queue_id: place.map(|place| place.queue.to_string()).unwrap_or_default(),
        required_skills: skills(|need| &need.required),
        preferred_skills: skills(|need| &need.preferred),
        held_for_agent_id: told.held_for.as_ref().map(ToString::to_string).unwrap_or_default(),
        position,
        priority: place.map_or(0, |place| place.priority),
        waited: place.map(|place| duration(now.since(place.enqueued_at))),
        rings: rings(&told, now),
        agents: told.agents.iter().map(group).collect(),
        order: queue.map(|queue| queue.strategy.as_str().to_owned()).unwrap_or_default(),
        overflows_at: queue
            .and_then(|queue| queue.max_wait)
            .and(place)
            .map(|place| timestamp(place.overflows_at)),
        obstacles: told.obstacles.iter().map(obstacle).collect(),
    })
}

/// Says why an agent gets no contact.
pub(super) async fn agent(
    parts: &QueueParts,
    caller: &Caller,
    asked: &wire::ExplainAgentRequest,
) -> Result<wire::AgentExplanation, ApiError> {
    let id = asked_agent(caller, &asked.agent_id)?;
    let moment = Moment::read(parts, &caller.tenant).await?;
    let member = moment.planned.center().agent(&id);
    let member = member.ok_or_else(|| ApiError::not_found("agent", id.as_str()))?;
    let floor = &**parts.floors.floor();
    let mut ranked: Vec<(u32, QueueId)> =
        member.queues.iter().map(|(queue, rank)| (*rank, queue.clone())).collect();
    ranked.sort();
    let mut waiting = Vec::new();
    for (_, queue) in &ranked {
        for (contact_id, contact) in floor.waiting_of_queue(&caller.tenant, queue, CONTACTS).await?
        {
            let around = surroundings(floor, &caller.tenant, &contact).await?;
            waiting.push((contact_id, contact, around));
        }
    }
    let asked_about = waiting.iter().map(|(call, contact, around)| (call, contact, *around));
    let told = explain_agent(moment.picture(), &id, asked_about);
    let mut lines = Vec::with_capacity(ranked.len());
    for (rank, queue) in ranked {
        let count = floor.queue(&caller.tenant, &queue).await?.waiting;
        let here = waiting.iter().filter(|(_, contact, _)| waits_in(contact, &queue));
        let contacts = (1..).zip(here).map(|(position, (contact_id, contact, _))| {
            let obstacles = told.contacts.get(contact_id).map(Vec::as_slice).unwrap_or_default();
            contact_for_agent((contact_id, position), contact, obstacles, moment.status.now)
        });
        let contacts = contacts.collect();
        lines.push(wire::LineForAgent {
            queue_id: queue.to_string(),
            rank,
            waiting: count,
            contacts,
        });
    }
    let seated = moment.agents.get(&id);
    let state = seated.map_or(AgentState::Offline, Agent::state);
    let idle = seated.filter(|_| state == AgentState::Ready);
    Ok(wire::AgentExplanation {
        agent_id: id.to_string(),
        state: state.name().to_owned(),
        obstacles: told.obstacles.iter().map(obstacle).collect(),
        lines,
        idle: idle.map(|agent| duration(moment.status.now.since(agent.idle_since))),
        free_slots: told
            .free_slots
            .iter()
            .map(|(channel, free)| (channel.as_str().to_owned(), *free))
            .collect(),
    })
}

fn waits_in(contact: &Contact, queue: &QueueId) -> bool {
    contact.place.as_ref().is_some_and(|place| place.queue == *queue)
}

fn contact_for_agent(
    (id, position): (&ContactId, u32),
    contact: &Contact,
    obstacles: &[Obstacle],
    now: Timestamp,
) -> wire::ContactForAgent {
    let since = contact.place.as_ref().map(|place| place.enqueued_at);
    wire::ContactForAgent {
        contact_id: id.to_string(),
        position,
        waited: since.map(|since| duration(now.since(since))),
        obstacles: obstacles.iter().map(obstacle).collect(),
    }
}

/// Reads which agent is asked about; agents may ask about themselves only.
fn asked_agent(caller: &Caller, asked: &str) -> Result<AgentId, ApiError> {
    let asked: Option<AgentId> = field::optional_id("agent_id", asked)?;
    match (caller.role, asked) {
        (Role::Agent, asked) => {
            let own = caller.agent().ok_or_else(|| ApiError::missing("agent_id"))?;
            if asked.is_some_and(|asked| asked != own) {
                let message = "agents may ask about themselves only";
                return Err(ApiError::permission_denied("OTHER_AGENT", message));
            }
            Ok(own)
        }
        (Role::Gateway | Role::Supervisor | Role::Admin, Some(asked)) => Ok(asked),
        (Role::Gateway | Role::Supervisor | Role::Admin, None) => {
            Err(ApiError::missing("agent_id"))
        }
    }
}

async fn surroundings(
    floor: &dyn LiveFloor,
    tenant: &TenantId,
    contact: &Contact,
) -> Result<Surroundings, ApiError> {
    let gateway = floor.gateway(tenant, &contact.gateway).await?;
    let vouched = match contact.token {
        // Without a leg there is nothing to vouch for.
        None => !contact.orphaned,
        Some(token) => {
            let is_fresh = gateway.is_some_and(|it| it.fresh && it.token == Some(token));
            is_fresh && !contact.orphaned
        }
    };
    let active = match &contact.place {
        Some(place) => floor.queue(tenant, &place.queue).await?.active,
        None => 0,
    };
    Ok(Surroundings { vouched, active })
}

fn rings(told: &WaitExplanation, now: Timestamp) -> Vec<wire::RingToCome> {
    let ring = |ring: &RingToCome| wire::RingToCome {
        at: Some(timestamp(ring.at)),
        r#in: Some(duration(ring.at.since(now))),
        when_empty: ring.when_empty,
        required_skills: ring
            .need
            .as_ref()
            .map(|need| need.required.iter().map(skill).collect())
            .unwrap_or_default(),
        added_agent_ids: ring.added.iter().take(NAMED).map(ToString::to_string).collect(),
    };
    told.rings.iter().map(ring).collect()
}

fn group(group: &AgentGroup) -> wire::AgentGroup {
    wire::AgentGroup {
        obstacles: group.obstacles.iter().map(obstacle).collect(),
        agent_ids: group.agents.iter().take(NAMED).map(ToString::to_string).collect(),
        count: u32::try_from(group.agents.len()).unwrap_or(u32::MAX),
    }
}

fn skill(needed: &SkillRequirement) -> wire::NeededSkill {
    wire::NeededSkill { skill_id: needed.skill.to_string(), level: u32::from(needed.level.get()) }
}

fn obstacle(obstacle: &Obstacle) -> wire::Obstacle {
    wire::Obstacle {
        kind: kind(obstacle).into(),
        text: obstacle.text(),
        until: obstacle.until().map(timestamp),
        skill_id: obstacle.skill().map(ToString::to_string).unwrap_or_default(),
    }
}

fn kind(obstacle: &Obstacle) -> wire::ObstacleKind {
    match obstacle {
        Obstacle::BarrierClosed => wire::ObstacleKind::BarrierClosed,
        Obstacle::GatewayNotFresh => wire::ObstacleKind::GatewayNotFresh,
        Obstacle::NotWaiting { .. } => wire::ObstacleKind::NotWaiting,
        Obstacle::QueueCap { .. } => wire::ObstacleKind::QueueCap,
        Obstacle::CallbackWindow { .. } => wire::ObstacleKind::CallbackWindow,
        Obstacle::SignedOut => wire::ObstacleKind::SignedOut,
        Obstacle::NotReady { .. } => wire::ObstacleKind::NotReady,
        Obstacle::Offered { .. } => wire::ObstacleKind::Offered,
        Obstacle::Capacity { .. } | Obstacle::Excluded { .. } => wire::ObstacleKind::Capacity,
        Obstacle::QueueNotServed { .. } => wire::ObstacleKind::QueueNotServed,
        Obstacle::SkillMissing { .. } => wire::ObstacleKind::SkillMissing,
        Obstacle::SkillTooLow { .. } => wire::ObstacleKind::SkillTooLow,
        Obstacle::CoolDown { .. } => wire::ObstacleKind::CoolDown,
        Obstacle::HeldForOther { .. } => wire::ObstacleKind::HeldForOther,
        Obstacle::BehindOthers { .. } => wire::ObstacleKind::BehindOthers,
        Obstacle::ProfileOutdated => wire::ObstacleKind::ProfileOutdated,
    }
}
