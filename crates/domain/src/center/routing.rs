//! From "this caller wants that queue" to queue, skills and priority.

use crate::center::Center;
use crate::center::Treatment;
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
    /// The segments the caller is in.
    pub segments: &'a [String],
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
    /// Points of priority: queue, segments, tier and flow together.
    pub priority: u32,
}

impl Center {
    /// Decides where a contact waits and what it needs, or nothing for an unknown queue.
    ///
    /// An unknown tier, segment or language changes nothing: a caller is never refused for any. Points
    /// add up, and of a skill the highest level counts. Only one queue takes the place of the one asked
    /// for: that of the first scheme whose segment names one, else that of the tier.
    pub fn plan_route(&self, request: RouteRequest<'_>) -> Option<RoutePlan> {
        let treatments = self.treatments(&request);
        let instead = treatments.iter().find_map(|it| it.instead_of.get(request.queue));
        let queue_id = instead.unwrap_or(request.queue);
        let queue = self.queues.get(queue_id)?;
        let spoken = request
            .language
            .and_then(|language| self.languages.get(language))
            .and_then(|rule| rule.skill.as_ref());
        let known = treatments.iter().flat_map(|treatment| &treatment.skills);
        let all = queue.requirement.iter().chain(known).chain(request.skills).chain(spoken);
        let points = treatments.iter().map(|treatment| treatment.priority);
        let points = points.chain([request.priority_boost]);
        let priority = points.fold(queue.priority, u32::saturating_add);
        Some(RoutePlan { queue: queue_id.clone(), requirement: merge_requirements(all), priority })
    }

    /// Gives how a caller is treated: by the segments in the order of their schemes, then by the tier.
    fn treatments(&self, request: &RouteRequest<'_>) -> Vec<&Treatment> {
        let segments = self.segments.iter().flat_map(|scheme| &scheme.segments);
        let of_caller = segments.filter(|segment| request.segments.contains(&segment.name));
        let tier = request.tier.and_then(|tier| self.tiers.get(&tier));
        of_caller.map(|segment| &segment.treatment).chain(tier).collect()
    }
}
