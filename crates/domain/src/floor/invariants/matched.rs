//! Whom could still be rung for whom.

use std::collections::BTreeSet;

use crate::floor::plan::{ClassKey, ProfileKey, ReadyOrder};
use crate::floor::state::Contact;
use crate::floor::{Floor, ReadyKey};
use crate::ids::AgentId;

use super::is_vouched;

/// No free agent and eligible waiting contact both remain once everything is settled, and nobody's own
/// line is left to look at.
pub(super) fn check(floor: &Floor, broken: &mut Vec<String>) {
    if let (true, Some(after)) = (floor.settled, &floor.own_after) {
        broken.push(format!("settled: the lines after {after} are still to be looked at"));
    }
    if !floor.barrier_open || !floor.settled || floor.sweeping {
        return;
    }
    for (class, line) in &floor.waiting {
        for (_, _, id) in line {
            let Some(contact) = floor.contacts.get(id) else {
                continue;
            };
            // A cool-down that has just passed is looked at when the deadline fires.
            let overdue = contact.deadline.is_some_and(|deadline| deadline <= floor.now);
            if overdue || !is_vouched(floor, contact) || !has_room(floor, contact) {
                continue;
            }
            for agent in free_for(floor, class, contact) {
                if !contact.has_tried(agent, floor.now) {
                    broken.push(format!("matched: {agent} is free while {id} waits in {class}"));
                }
            }
        }
    }
}

fn has_room(floor: &Floor, contact: &Contact) -> bool {
    let Some(place) = &contact.place else { return false };
    let limit = floor.plan.queues.get(&place.queue).map_or(u32::MAX, |rules| rules.max_active);
    let active = floor.active.get(&place.queue).map_or(0, BTreeSet::len);
    active < usize::try_from(limit).unwrap_or(usize::MAX)
}

fn free_for<'a>(floor: &'a Floor, class: &ClassKey, contact: &Contact) -> Vec<&'a AgentId> {
    let idle = |key: &ReadyKey| key.1 == contact.channel && key.2 == ReadyOrder::Idle;
    let lists = floor.ready.iter().filter(|(key, _)| idle(key));
    let named = class.as_str().strip_prefix('@');
    let plan = floor.plan.classes.get(class);
    let serves = |profile: &ProfileKey, agent: &AgentId| {
        named.map_or_else(
            || plan.is_some_and(|plan| plan.profiles.contains_key(profile)),
            |name| agent.as_str() == name,
        )
    };
    let free = lists.flat_map(|(key, agents)| agents.iter().map(move |(_, agent)| (&key.0, agent)));
    free.filter(|(profile, agent)| serves(profile, agent)).map(|(_, agent)| agent).collect()
}
