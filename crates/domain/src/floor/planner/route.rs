//! The way of a contact: its queue, and the classes it waits in as it ages.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::center::{CalendarState, Center, Queue, RingChange, RoutePlan, merge_requirements};
use crate::channel::Channel;
use crate::floor::plan::{ClassDefinition, ClassKey, Route, RouteStep};
use crate::ids::{AgentId, QueueId};
use crate::time::Timestamp;

use super::class::Need;

/// How long a contact that was sent to one agent waits for him where his queue says nothing.
const AGENT_HOLD: Duration = Duration::from_secs(30);

/// How a contact comes, and to whom it would like to go.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The channel.
    pub channel: Channel,
    /// The agent to be tried before all others.
    pub preferred: Option<&'a AgentId>,
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
    let agent = wish.preferred.filter(|id| may_hold(center, id, &plan.queue));
    let preferred = agent.map(|agent| (agent, hold));
    let closes_in = closes_in(center, queue, wish.now);
    Some(Route {
        queue: queue.id.clone(),
        steps: way(queue, define, plan, wish, preferred),
        closes_in,
    })
}

/// Computes the way of a contact that is sent to one agent, and to his queue if he does not take it.
pub fn route_to_agent(
    center: &Center,
    define: Define<'_>,
    queue: &QueueId,
    wish: Wish<'_>,
) -> Option<Route> {
    let queue = center.queues.get(queue)?;
    let agent = wish.preferred.filter(|id| center.agents.contains_key(id))?;
    let requirement = merge_requirements(&queue.requirement);
    let plan = RoutePlan { queue: queue.id.clone(), requirement, priority: queue.priority };
    let hold = queue.preferred_agent_hold.unwrap_or(AGENT_HOLD);
    let steps = way(queue, define, &plan, wish, Some((agent, hold)));
    Some(Route { queue: queue.id.clone(), steps, closes_in: None })
}

fn may_hold(center: &Center, agent: &AgentId, queue: &QueueId) -> bool {
    center.agents.get(agent).is_some_and(|agent| agent.queues.contains_key(queue))
}

fn way(
    queue: &Queue,
    define: Define<'_>,
    plan: &RoutePlan,
    wish: Wish<'_>,
    preferred: Option<(&AgentId, Duration)>,
) -> Vec<RouteStep> {
    let mut need = Need {
        channel: wish.channel,
        queue: queue.id.clone(),
        added: BTreeSet::new(),
        required: merge_requirements(&plan.requirement),
        preferred: merge_requirements(&queue.preferred),
    };
    let hold = preferred.map_or(Duration::ZERO, |(_, hold)| hold);
    let own = preferred.map(|(agent, _)| personal(agent));
    let mut steps: Vec<RouteStep> = own.into_iter().collect();
    steps.push(RouteStep { after: hold, when_empty: preferred.is_some(), class: define(&need) });
    for ring in &queue.rings {
        if let RingChange::AddQueue(id) = &ring.change {
            need.added.insert(id.clone());
        }
        ring.change.relax(&mut need.required);
        let class = define(&need);
        if steps.last().is_none_or(|step| step.class.key != class.key) {
            let after = ring.after.max(hold);
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
