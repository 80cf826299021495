//! Ways out of a queue: circles, and actions that lack what they need.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::{OverflowAction, Queue};
use switchboard_domain::ids::QueueId;

use super::Whole;

/// Reports ways out that lead nowhere.
pub(super) fn check(whole: &Whole<'_>) {
    for (queue, item) in whole.queues() {
        if returns_to(&queue.id, &whole.center.queues) {
            item.report("overflows in a circle, so a caller would never get out");
        }
        for (name, action) in exits(queue) {
            if *action == OverflowAction::Callback && queue.callback.is_none() {
                item.below(&[name]).report("is callback, and the queue has no \"callback\" rules");
            }
        }
        if queue.hours.is_none()
            && let Some(when_closed) = item.child("when_closed")
        {
            when_closed.report("means nothing without \"hours\"");
        }
    }
}

/// Gives the ways out of a queue with their keys.
pub(super) fn exits(queue: &Queue) -> [(&'static str, &OverflowAction); 2] {
    [("overflow", &queue.overflow), ("when_closed", &queue.when_closed)]
}

fn returns_to(start: &QueueId, queues: &BTreeMap<QueueId, Queue>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(queue) = open.pop().and_then(|id| queues.get(id)) {
        for (_, action) in exits(queue) {
            let OverflowAction::Queue(next) = action else { continue };
            if next == start {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}
