//! What no single value shows: queues that overflow in a circle.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::{OverflowAction, Queue};
use switchboard_domain::ids::QueueId;

use crate::item::Item;

/// Reports every queue whose overflow leads back to itself.
pub(super) fn check_overflow(root: &Item<'_>, queues: &BTreeMap<QueueId, Queue>) {
    for (entry, _) in root.entries() {
        let Ok(id) = entry.name.parse::<QueueId>() else { continue };
        if returns_to(&id, queues) {
            let item = root.called(format!("queue {:?}", entry.name));
            item.report_at(entry.place, "overflows in a circle, so a caller would never get out");
        }
    }
}

fn returns_to(start: &QueueId, queues: &BTreeMap<QueueId, Queue>) -> bool {
    let mut seen = BTreeSet::new();
    let mut id = start;
    while let Some(OverflowAction::Queue(next)) = queues.get(id).map(|queue| &queue.overflow) {
        if next == start {
            return true;
        }
        if !seen.insert(next) {
            return false;
        }
        id = next;
    }
    false
}
