//! Queues and agents who do not find each other.

use switchboard_domain::center::{Agent, Queue, RingChange, SkillRequirement, merge_requirements};
use switchboard_domain::channel::Channel;
use switchboard_domain::ids::QueueId;
use switchboard_domain::ticket::{ClusterRule, DispatchRule};

use super::{Whole, needs};
use crate::item::Item;

/// Warns of queues nobody serves, and of agents who serve none.
pub(super) fn warn(whole: &Whole<'_>) {
    for agent in whole.center.agents.values().filter(|agent| agent.queues.is_empty()) {
        if let Some(item) = whole.part("agents.yaml", "agent", agent.id.as_str()) {
            item.warn("serves no queue");
        }
    }
    for (queue, item) in whole.queues().filter(|(queue, _)| !queue.draining) {
        let agents: Vec<&Agent> = whole.center.agents.values().collect();
        let able = serving(&agents, queue, &queue.requirement);
        if able.is_empty() {
            item.warn("nobody serves it");
            continue;
        }
        let gets_calls = needs::queue_nodes(whole.center).any(|(id, _)| *id == queue.id);
        if gets_calls && !able.iter().any(|agent| agent.capacity_for(Channel::Voice) > 0) {
            item.warn("none of its agents has capacity for calls");
        }
        let leads_there = |rule: &DispatchRule| rule.to.queue.as_ref() == Some(&queue.id);
        let opens_there = |rule: &ClusterRule| rule.incident.queue.as_ref() == Some(&queue.id);
        let gets_work = whole.center.dispatch_rules.iter().any(leads_there)
            || whole.center.cluster_rules.iter().any(opens_there);
        if gets_work && !able.iter().any(|agent| agent.capacity_for(Channel::Task) > 0) {
            item.warn("tickets are sent to it, and none of its agents has capacity for tasks");
        }
        languages(whole, queue, &item, &able);
        preferences(queue, &item, &able);
        limits(queue, &item, &able);
    }
}

/// Gives the agents who may serve a contact of the queue in the end, when every ring has acted.
fn serving<'a>(
    agents: &[&'a Agent],
    queue: &Queue,
    requirement: &[SkillRequirement],
) -> Vec<&'a Agent> {
    let mut requirement = requirement.to_vec();
    let mut queues: Vec<&QueueId> = vec![&queue.id];
    for ring in &queue.rings {
        ring.change.relax(&mut requirement);
        if let RingChange::AddQueue(added) = &ring.change {
            queues.push(added);
        }
    }
    let serves = |agent: &Agent| queues.iter().any(|served| agent.serves(served, &requirement));
    agents.iter().copied().filter(|agent| serves(agent)).collect()
}

fn languages(whole: &Whole<'_>, queue: &Queue, item: &Item<'_>, able: &[&Agent]) {
    for (language, rule) in &whole.center.languages {
        let Some(skill) = &rule.skill else { continue };
        let requirement = merge_requirements(queue.requirement.iter().chain([skill]));
        if serving(able, queue, &requirement).is_empty() {
            let tag = language.as_str();
            item.warn(format!("nobody serves its callers of language {tag:?}"));
        }
    }
}

fn preferences(queue: &Queue, item: &Item<'_>, able: &[&Agent]) {
    for wanted in &queue.preferred {
        let has = |agent: &&Agent| {
            agent.skills.get(&wanted.skill).is_some_and(|level| *level >= wanted.level)
        };
        if !able.iter().any(has) {
            let (skill, level) = (wanted.skill.as_str(), wanted.level);
            let preferred = item.below(&["preferred_skills"]);
            preferred.warn(format!("none of its agents has skill {skill:?} at level {level}"));
        }
    }
}

fn limits(queue: &Queue, item: &Item<'_>, able: &[&Agent]) {
    let count = queue.strategy.ring_count();
    if u32::try_from(able.len()).is_ok_and(|able| able < count) {
        let strategy = item.below(&["strategy"]);
        strategy.warn(format!("rings {count} agents at once, and only {} serve it", able.len()));
    }
    let Some(rules) = &queue.callback else { return };
    let callback = item.below(&["callback"]);
    if !able.iter().any(|agent| agent.capacity_for(Channel::Callback) > 0) {
        callback.warn("none of its agents has capacity for callbacks");
    }
    if rules.retry_after.saturating_mul(rules.attempts - 1) >= rules.lifetime {
        callback.warn("its lifetime ends before the last attempt");
    }
}
