//! Parts that nothing leads to, and ways that lead back without asking anybody.

use std::collections::BTreeSet;

use switchboard_domain::center::{OverflowAction, Queue, RingChange};
use switchboard_domain::flow::{Flow, Node, NodeId};
use switchboard_domain::ids::{CalendarId, FlowId, QueueId};

use super::exits::exits;
use super::{Whole, needs};

/// Warns of what nothing leads to, and of what leads back by itself.
pub(super) fn warn(whole: &Whole<'_>) {
    let queues = used_queues(whole);
    for (queue, item) in whole.queues().filter(|(queue, _)| !queue.draining) {
        if !queues.contains(&queue.id) {
            item.warn("no flow, tier, segment or other queue leads to it; only transfers do");
        }
        for (name, action) in exits(queue) {
            let exit = item.below(&[name]);
            match action {
                OverflowAction::Queue(next) if whole.center.queue(next).is_some_and(drains) => {
                    exit.warn("leads to a queue that takes no new contacts");
                }
                OverflowAction::Flow(flow) if leads_back(whole, flow, queue) => {
                    exit.warn("leads to a flow that leads back without asking the caller");
                }
                OverflowAction::HangUp
                | OverflowAction::Busy
                | OverflowAction::Voicemail
                | OverflowAction::Callback
                | OverflowAction::Queue(_)
                | OverflowAction::Flow(_) => {}
            }
        }
    }
    unused_calendars(whole);
    unused_flows(whole);
}

fn drains(queue: &Queue) -> bool {
    queue.draining
}

fn used_queues<'a>(whole: &Whole<'a>) -> BTreeSet<&'a QueueId> {
    let center = whole.center;
    let flows = needs::queue_nodes(center).map(|(queue, _)| queue);
    let instead = needs::treatments(center).flat_map(|treatment| treatment.instead_of.values());
    let exits = center.queues.values().flat_map(exits).filter_map(|(_, action)| match action {
        OverflowAction::Queue(queue) => Some(queue),
        OverflowAction::HangUp
        | OverflowAction::Busy
        | OverflowAction::Voicemail
        | OverflowAction::Callback
        | OverflowAction::Flow(_) => None,
    });
    // A queue may exist for its agents alone: to be added by the rings of others.
    let rings = center.queues.values().flat_map(|queue| &queue.rings);
    let added = rings.filter_map(|ring| match &ring.change {
        RingChange::AddQueue(queue) => Some(queue),
        RingChange::Lower { .. } | RingChange::Drop { .. } => None,
    });
    flows.chain(instead).chain(exits).chain(added).collect()
}

fn leads_back(whole: &Whole<'_>, flow: &FlowId, queue: &Queue) -> bool {
    whole.center.flow(flow).is_some_and(|flow| {
        let silent = reached_silently(flow);
        silent.into_iter().any(|node| {
            matches!(flow.nodes().get(node), Some(Node::Queue(node)) if node.queue == queue.id)
        })
    })
}

/// Gives the nodes a call can reach without being asked anything.
fn reached_silently(flow: &Flow) -> BTreeSet<&NodeId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![flow.start()];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let silent = flow.nodes().get(id).filter(|node| !node.waits());
        open.extend(silent.into_iter().flat_map(Node::targets));
    }
    seen
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
fn unused_calendars(whole: &Whole<'_>) {
    let queues = whole.center.queues.values();
    let used: BTreeSet<&CalendarId> = queues
        .flat_map(|queue| {
            queue.hours.iter().chain(queue.callback.iter().filter_map(|it| it.hours.as_ref()))
        })
        .collect();
    let nodes = whole.center.flows.values().flat_map(|flow| flow.nodes().values());
    let asked = nodes.filter_map(|node| match node {
        Node::Hours(hours) => Some(&hours.calendar),
        _ => None,
    });
    let used: BTreeSet<&CalendarId> = used.into_iter().chain(asked).collect();
    for id in whole.center.calendars.keys().filter(|id| !used.contains(id)) {
        if let Some(item) = whole.part("calendars.yaml", "calendar", id.as_str()) {
            item.warn("no queue and no flow uses it");
        }
    }
}

fn unused_flows(whole: &Whole<'_>) {
    let center = whole.center;
    let numbers = center.numbers.iter().map(|number| &number.flow);
    let exits = center.queues.values().flat_map(exits).filter_map(|(_, action)| match action {
        OverflowAction::Flow(flow) => Some(flow),
        OverflowAction::HangUp
        | OverflowAction::Busy
        | OverflowAction::Voicemail
        | OverflowAction::Callback
        | OverflowAction::Queue(_) => None,
    });
    let called = center.flows.values().flat_map(|flow| flow.modules().keys());
    let used: BTreeSet<&FlowId> = numbers.chain(exits).chain(called).collect();
    for id in center.flows.keys().filter(|id| !used.contains(id)) {
        if let Some(item) = whole.folder.file(&format!("flows/{id}.yaml")) {
            item.called("flow").warn("no number, no queue and no flow leads to it");
        }
    }
}
