//! What contacts of a queue can need: its own skills and those that language, tier, segments and flow add.

use std::collections::BTreeMap;

use switchboard_domain::center::{Center, Level, Queue, SkillRequirement, Treatment};
use switchboard_domain::flow::Node;
use switchboard_domain::ids::{QueueId, SkillId};

/// Gives every skill a contact of the queue can need, with the highest level.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
pub(super) fn possible(center: &Center, queue: &Queue) -> BTreeMap<SkillId, Level> {
    let languages = center.languages.values().filter_map(|rule| rule.skill.as_ref());
    let known = treatments(center).flat_map(|treatment| &treatment.skills);
    let flows = queue_nodes(center).filter(|(id, _)| may_lead_to(center, id, &queue.id));
    let mut highest: BTreeMap<SkillId, Level> = BTreeMap::new();
    let added = center.flows.values().flat_map(|flow| flow.nodes().values());
    let added = added.filter_map(|node| match node {
        Node::Skills(node) => Some(&node.skills),
        _ => None,
    });
    let all = queue.requirement.iter().chain(languages).chain(known).chain(added.flatten());
    for needed in all.chain(flows.flat_map(|(_, skills)| skills)) {
        let level = highest.entry(needed.skill.clone()).or_insert(needed.level);
        *level = (*level).max(needed.level);
    }
    highest
}

/// Gives every queue that a flow sends callers or callbacks to, and the skills asked for there.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
pub(super) fn queue_nodes(
    center: &Center,
) -> impl Iterator<Item = (&QueueId, &[SkillRequirement])> {
    let nodes = center.all_flows().flat_map(|flow| flow.nodes().values());
    nodes.filter_map(|node| match node {
        Node::Queue(node) => Some((&node.queue, node.skills.as_slice())),
        Node::Callback(node) => Some((&node.queue, &[][..])),
        _ => None,
    })
}

/// Says whether a contact sent to one queue may wait in another, because of its tier or segments.
fn may_lead_to(center: &Center, asked: &QueueId, queue: &QueueId) -> bool {
    asked == queue || treatments(center).any(|it| it.instead_of.get(asked) == Some(queue))
}

/// Gives what tiers and segments change.
pub(super) fn treatments(center: &Center) -> impl Iterator<Item = &Treatment> {
    let segments = center.segments.iter().flat_map(|scheme| &scheme.segments);
    center.tiers.values().chain(segments.map(|segment| &segment.treatment))
}
