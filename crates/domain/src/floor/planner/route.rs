//! The way of a contact: its queue, and the classes it waits in as it ages.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::center::{
    Acquaintance, CalendarState, Center, Queue, RingChange, RoutePlan, merge_requirements,
};
use crate::channel::Channel;
use crate::customer::LastTalk;
use crate::floor::plan::{ClassDefinition, ClassKey, Route, RouteStep};
use crate::ids::{AgentId, QueueId};
use crate::time::Timestamp;

use super::class::Need;

/// How long a contact that was sent to one agent waits for him where his queue says nothing.
const AGENT_HOLD: Duration = Duration::from_secs(30);

/// The agents who know a caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownBy {
    /// Who looks after the customer's account.
    pub owner: Option<AgentId>,
    /// Who talked to the caller last, and when.
    pub last: Option<LastTalk>,
}

impl KnownBy {
    fn agent(&self, how: Acquaintance, queue: &Queue, now: Timestamp) -> Option<&AgentId> {
        let recent = |talk: &&LastTalk| now.since(talk.at) <= queue.last_agent_window;
        match how {
            Acquaintance::Owner => self.owner.as_ref(),
            Acquaintance::LastAgent => self.last.as_ref().filter(recent).map(|talk| &talk.agent),
        }
    }
}

/// How a contact comes, and who knows whoever comes.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The channel.
    pub channel: Channel,
    /// Who knows the caller; nothing for somebody nobody is to be preferred for.
    pub known: Option<&'a KnownBy>,
    /// The present time, for the hours of the queue.
    pub now: Timestamp,
}

/// Says which profiles may serve a class: [`define_class`](super::define_class), or what remembers
/// its answers.
pub type Define<'a> = &'a dyn Fn(&Need) -> ClassDefinition;

/// Computes the way of a contact that was routed; nothing for a queue the center does not have.
pub fn route(
    center: &Center,
    define: Define<'_>,
    plan: &RoutePlan,
    wish: Wish<'_>,
) -> Option<Route> {
    let queue = center.queues.get(&plan.queue)?;
    let hold = queue.preferred_agent_hold.unwrap_or_default();
    let closes_in = closes_in(center, queue, wish.now);
    Some(Route {
        queue: queue.id.clone(),
        steps: way(queue, define, plan, wish.channel, (&preferred(center, queue, wish), hold)),
        closes_in,
    })
}

/// Computes the way of a contact that is sent to one agent, and to his queue if he does not take it.
pub fn route_to_agent(
    center: &Center,
    define: Define<'_>,
    queue: &QueueId,
    (agent, channel): (&AgentId, Channel),
) -> Option<Route> {
    let queue = center.queues.get(queue)?;
    let agent = Some(agent).filter(|id| center.agents.contains_key(*id))?;
    let requirement = merge_requirements(&queue.requirement);
    let plan = RoutePlan { queue: queue.id.clone(), requirement, priority: queue.priority };
    let hold = queue.preferred_agent_hold.unwrap_or(AGENT_HOLD);
    let steps = way(queue, define, &plan, channel, (&[agent], hold));
    Some(Route { queue: queue.id.clone(), steps, closes_in: None })
}

/// Gives the agents who know the caller and serve the queue, in the order in which it prefers them.
fn preferred<'a>(center: &Center, queue: &Queue, wish: Wish<'a>) -> Vec<&'a AgentId> {
    let serves = |id: &&AgentId| {
        center.agents.get(*id).is_some_and(|agent| agent.queues.contains_key(&queue.id))
    };
    let mut agents = Vec::new();
    for how in &queue.prefer {
        let agent = wish.known.and_then(|known| known.agent(*how, queue, wish.now));
        if let Some(agent) = agent.filter(serves)
            && !agents.contains(&agent)
        {
            agents.push(agent);
        }
    }
    agents
}

/// Computes the steps: each preferred agent has the contact for `hold`, then all who are able do.
fn way(
    queue: &Queue,
    define: Define<'_>,
    plan: &RoutePlan,
    channel: Channel,
    (preferred, hold): (&[&AgentId], Duration),
) -> Vec<RouteStep> {
    let mut need = Need {
        channel,
        queue: queue.id.clone(),
        added: BTreeSet::new(),
        required: merge_requirements(&plan.requirement),
        preferred: merge_requirements(&queue.preferred),
    };
    let mut reserved = Duration::ZERO;
    let mut steps: Vec<RouteStep> = Vec::new();
    for agent in preferred {
        steps.push(RouteStep { after: reserved, when_empty: !steps.is_empty(), ..personal(agent) });
        reserved += hold;
    }
    steps.push(RouteStep { after: reserved, when_empty: !steps.is_empty(), class: define(&need) });
    for ring in &queue.rings {
        if let RingChange::AddQueue(id) = &ring.change {
            need.added.insert(id.clone());
        }
        ring.change.relax(&mut need.required);
        let class = define(&need);
        if steps.last().is_none_or(|step| step.class.key != class.key) {
            let after = ring.after.max(reserved);
            steps.push(RouteStep { after, when_empty: ring.when_empty, class });
        }
    }
    steps
}

fn personal(agent: &AgentId) -> RouteStep {
    let class = ClassDefinition { key: ClassKey::personal(agent), profiles: BTreeMap::new() };
    RouteStep { after: Duration::ZERO, when_empty: false, class }
}

fn closes_in(center: &Center, queue: &Queue, now: Timestamp) -> Option<Duration> {
    match center.hours_of(queue, now) {
        CalendarState::Open { closes_at } => closes_at.map(|at| at.since(now)),
        CalendarState::Closed { .. } => Some(Duration::ZERO),
    }
}
