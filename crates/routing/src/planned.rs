//! A center with the names its plan gives to classes and profiles.

use std::sync::Arc;

use switchboard_domain::center::{Center, RoutePlan, RouteRequest, merge_requirements};
use switchboard_domain::floor::plan::{ClassDefinition, ProfileKey};
use switchboard_domain::floor::planner;
use switchboard_domain::ids::{AgentId, QueueId};

/// A center with the names its plan gives to classes and profiles.
#[derive(Clone)]
pub struct Planned {
    center: Arc<Center>,
}

impl Planned {
    /// Wraps a center.
    pub fn new(center: Arc<Center>) -> Self {
        Self { center }
    }

    /// Gives the center.
    pub fn center(&self) -> &Center {
        &self.center
    }

    /// Gives the version commands computed from it must carry.
    pub fn version(&self) -> u64 {
        self.center.version
    }

    /// Names what an agent can serve; nothing for an agent the center does not know.
    pub fn profile(&self, agent: &AgentId) -> Option<ProfileKey> {
        self.center.agents.get(agent).map(planner::profile_key)
    }

    /// Decides where a contact waits; nothing for an unknown queue.
    pub fn route(&self, request: RouteRequest<'_>) -> Option<(RoutePlan, ClassDefinition)> {
        let route = self.center.plan_route(request)?;
        let class = planner::define_class(&self.center, &route.queue, &route.requirement);
        Some((route, class))
    }

    /// Gives the class of contacts that need only what their queue asks for.
    pub fn queue_class(&self, queue: &QueueId) -> Option<ClassDefinition> {
        let requirement = merge_requirements(&self.center.queues.get(queue)?.requirement);
        Some(planner::define_class(&self.center, queue, &requirement))
    }
}
