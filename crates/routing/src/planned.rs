//! A center with the names its plan gives to classes and profiles.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use switchboard_domain::center::{Center, RoutePlan, RouteRequest};
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::plan::{ClassDefinition, ClassKey, ProfileDefinition, Route};
use switchboard_domain::floor::planner::{self, Need, Wish};
use switchboard_domain::floor::state::Seat;
use switchboard_domain::ids::{AgentId, QueueId};

/// A center with the names its plan gives to classes and profiles. Clones share what they remember.
#[derive(Clone)]
pub struct Planned {
    center: Arc<Center>,
    classes: Arc<Mutex<BTreeMap<Need, ClassDefinition>>>,
}

impl Planned {
    /// Wraps a center.
    pub fn new(center: Arc<Center>) -> Self {
        Self { center, classes: Arc::default() }
    }

    /// Gives the center.
    pub fn center(&self) -> &Center {
        &self.center
    }

    /// Says whether this was made from the very same center.
    pub fn is_of(&self, center: &Arc<Center>) -> bool {
        Arc::ptr_eq(&self.center, center)
    }

    /// Gives the version commands computed from it must carry.
    pub fn version(&self) -> u64 {
        self.center.version
    }

    /// Gives what an agent can serve, and where he stands; nothing for one the center does not know.
    pub fn ability(&self, agent: &AgentId) -> Option<(ProfileDefinition, Seat)> {
        let agent = self.center.agents.get(agent)?;
        Some((planner::profile(&self.center, agent), planner::seat(agent)))
    }

    /// Decides where a contact waits and by which way; nothing for an unknown queue.
    pub fn route(&self, request: RouteRequest<'_>, wish: Wish<'_>) -> Option<(RoutePlan, Route)> {
        let plan = self.center.plan_route(request)?;
        let route = planner::route(&self.center, &|need| self.define(need), &plan, wish)?;
        Some((plan, route))
    }

    /// Decides where a contact waits by no more than the queue and what is known of the caller.
    pub fn route_known(
        &self,
        queue: &QueueId,
        details: &Details,
        wish: Wish<'_>,
    ) -> Option<(RoutePlan, Route)> {
        let language = details.get("language");
        let spoken = self.center.languages.keys().find(|it| Some(it.as_str()) == language);
        let tier = details.get("tier").and_then(|tier| tier.parse().ok());
        let segments = details.segments();
        let request = RouteRequest {
            queue,
            language: spoken,
            tier,
            segments: &segments,
            skills: &[],
            priority_boost: 0,
        };
        self.route(request, wish)
    }

    /// Names the class of calls that need only what their queue asks for.
    pub fn queue_class(&self, queue: &QueueId) -> Option<ClassKey> {
        let queue = self.center.queues.get(queue)?;
        Some(Need::of_queue(queue, Channel::Voice).key())
    }

    /// Gives the way of contacts that need only what their queue asks for.
    pub fn queue_route(&self, queue: &QueueId, wish: Wish<'_>) -> Option<Route> {
        let found = self.center.queues.get(queue)?;
        let need = Need::of_queue(found, wish.channel);
        let (requirement, priority) = (need.required, found.priority);
        let plan = RoutePlan { queue: queue.clone(), requirement, priority };
        planner::route(&self.center, &|class| self.define(class), &plan, wish)
    }

    /// Gives the way of a contact that is sent to an agent, by way of a queue.
    pub fn agent_route(&self, queue: &QueueId, agent: &AgentId, channel: Channel) -> Option<Route> {
        let to = (agent, channel);
        planner::route_to_agent(&self.center, &|need| self.define(need), queue, to)
    }

    /// Says which profiles may serve a class; asks each agent of the center once.
    fn define(&self, need: &Need) -> ClassDefinition {
        let mut classes = self.classes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = classes.get(need).cloned();
        known.unwrap_or_else(|| {
            let class = planner::define_class(&self.center, need);
            classes.insert(need.clone(), class.clone());
            class
        })
    }
}

/// A wish for a call of somebody nobody knows.
pub fn call(now: switchboard_domain::time::Timestamp) -> Wish<'static> {
    Wish { channel: Channel::Voice, known: None, now }
}
