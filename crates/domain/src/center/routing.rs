//! From "this caller wants that queue" to queue, skills and priority.

use crate::center::Center;
use crate::center::locale::Language;
use crate::center::skill::{SkillRequirement, merge_requirements};
use crate::customer::Tier;
use crate::ids::QueueId;

/// What a flow asked for, and who is asking.
#[derive(Clone, Copy, Debug)]
pub struct RouteRequest<'a> {
    /// The queue the flow chose.
    pub queue: &'a QueueId,
    /// The caller's language.
    pub language: Option<&'a Language>,
    /// The caller's tier, when the caller is a known customer.
    pub tier: Option<Tier>,
    /// Skills the flow asked for on top.
    pub skills: &'a [SkillRequirement],
    /// Points of priority the flow added.
    pub priority_boost: u32,
}

/// Where a contact waits, and what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutePlan {
    /// The queue to wait in.
    pub queue: QueueId,
    /// Everything the agent must be able to do, sorted by skill.
    pub requirement: Vec<SkillRequirement>,
    /// Points of priority: queue, tier and flow together.
    pub priority: u32,
}

impl Center {
    /// Decides where a contact waits and what it needs, or nothing for an unknown queue.
    ///
    /// An unknown tier or language changes nothing: a caller is never refused for either.
    pub fn plan_route(&self, request: RouteRequest<'_>) -> Option<RoutePlan> {
        let tier = request.tier.and_then(|tier| self.tiers.get(&tier));
        let queue_id =
            tier.and_then(|rule| rule.instead_of.get(request.queue)).unwrap_or(request.queue);
        let queue = self.queues.get(queue_id)?;
        let spoken = request
            .language
            .and_then(|language| self.languages.get(language))
            .and_then(|rule| rule.skill.as_ref());
        let tier_skills = tier.map_or(&[][..], |rule| &rule.skills);
        let all = queue.requirement.iter().chain(tier_skills).chain(request.skills).chain(spoken);
        let priority = queue
            .priority
            .saturating_add(tier.map_or(0, |rule| rule.priority))
            .saturating_add(request.priority_boost);
        Some(RoutePlan { queue: queue_id.clone(), requirement: merge_requirements(all), priority })
    }
}
