//! From a center to the routing plan: which agents can serve which contacts, as names and ranks.
//!
//! Names of classes and profiles are written out in full, so that equal needs and equal abilities
//! share one name in every replica and every version, and a class can be read back from its name.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::center::{
    Agent, Center, Level, OverflowAction, Presence, Queue, SkillRequirement, merge_requirements,
};
use crate::ids::{QueueId, SkillId};

use super::plan::{ClassDefinition, ClassKey, PlanUpdate, ProfileKey, QueueRules};

/// How long a contact waits where the center sets no limit.
pub const NO_LIMIT: Duration = Duration::from_hours(24 * 365);

/// Names the contacts of a queue that need the same skills: `booking/english:1,refund:5`.
pub fn class_key(queue: &QueueId, requirement: &[SkillRequirement]) -> ClassKey {
    let skills: Vec<String> =
        requirement.iter().map(|needed| format!("{}:{}", needed.skill, needed.level)).collect();
    ClassKey::new(format!("{queue}/{}", skills.join(",")))
}

/// Reads the queue and the requirement back from the name of a class.
pub fn parse_class_key(key: &ClassKey) -> Option<(QueueId, Vec<SkillRequirement>)> {
    let (queue, skills) = key.as_str().split_once('/')?;
    let requirement = skills.split(',').filter(|text| !text.is_empty()).map(|text| {
        let (skill, level) = text.split_once(':')?;
        let level = Level::new(level.parse().ok()?)?;
        Some(SkillRequirement { skill: SkillId::parse(skill).ok()?, level })
    });
    Some((QueueId::parse(queue).ok()?, requirement.collect::<Option<Vec<_>>>()?))
}

/// Names the agents who can serve the same contacts in the same order:
/// `booking:1,refund:2/english:5`.
pub fn profile_key(agent: &Agent) -> ProfileKey {
    let queues: Vec<String> =
        agent.queues.iter().map(|(queue, rank)| format!("{queue}:{rank}")).collect();
    let skills: Vec<String> =
        agent.skills.iter().map(|(skill, level)| format!("{skill}:{level}")).collect();
    ProfileKey::new(format!("{}/{}", queues.join(","), skills.join(",")))
}

/// Says which profiles may serve a class.
pub fn define_class(
    center: &Center,
    queue: &QueueId,
    requirement: &[SkillRequirement],
) -> ClassDefinition {
    let able = center.agents.values().filter(|agent| agent.serves(queue, requirement));
    let profiles: BTreeMap<ProfileKey, u32> =
        able.map(|agent| (profile_key(agent), agent.queues[queue])).collect();
    ClassDefinition { key: class_key(queue, requirement), queue: queue.clone(), profiles }
}

/// Computes the plan of a center; `known` are the classes the floor has met so far.
pub fn plan(center: &Center, known: &BTreeSet<ClassKey>) -> PlanUpdate {
    let queues = center.queues.iter().map(|(id, queue)| (id.clone(), rules(center, queue)));
    let mut needs: BTreeMap<ClassKey, (QueueId, Vec<SkillRequirement>)> = center
        .queues
        .values()
        .map(|queue| {
            let requirement = own_requirement(queue);
            (class_key(&queue.id, &requirement), (queue.id.clone(), requirement))
        })
        .collect();
    needs.extend(known.iter().filter_map(|key| Some((key.clone(), parse_class_key(key)?))));
    let classes =
        needs.values().map(|(queue, requirement)| define_class(center, queue, requirement));
    PlanUpdate { version: center.version, queues: queues.collect(), classes: classes.collect() }
}

fn own_requirement(queue: &Queue) -> Vec<SkillRequirement> {
    merge_requirements(&queue.requirement)
}

fn rules(center: &Center, queue: &Queue) -> QueueRules {
    QueueRules {
        ring_timeout: queue.ring_timeout,
        max_wait: queue.max_wait.unwrap_or(NO_LIMIT),
        max_waiting: queue.max_waiting.unwrap_or(u32::MAX),
        wrap_up: queue.wrap_up,
        cool_down: queue.cool_down,
        miss_threshold: queue.on_no_answer.threshold,
        decline_makes_not_ready: queue.on_decline == Presence::NotReady,
        overflow: overflow(center, &queue.overflow),
    }
}

fn overflow(center: &Center, action: &OverflowAction) -> String {
    match action {
        OverflowAction::HangUp => "hangup".to_owned(),
        OverflowAction::Busy => "busy".to_owned(),
        OverflowAction::Voicemail => "voicemail".to_owned(),
        OverflowAction::Queue(id) => {
            let requirement = center.queues.get(id).map(own_requirement).unwrap_or_default();
            format!("queue:{}", class_key(id, &requirement))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_reads_back_from_its_name() {
        let queue = QueueId::parse("booking").expect("an id");
        let skill = |name: &str, level| SkillRequirement {
            skill: SkillId::parse(name).expect("an id"),
            level: Level::new(level).expect("a level"),
        };
        let requirement = vec![skill("english", 1), skill("refund", 10)];

        let key = class_key(&queue, &requirement);

        assert_eq!(key.as_str(), "booking/english:1,refund:10");
        assert_eq!(parse_class_key(&key), Some((queue, requirement)));
    }

    #[test]
    fn a_class_without_requirement_reads_back_too() {
        let queue = QueueId::parse("booking").expect("an id");

        assert_eq!(parse_class_key(&class_key(&queue, &[])), Some((queue, Vec::new())));
    }
}
