//! What queues ask agents to note: there must be something to choose.

use switchboard_domain::center::Queue;
use switchboard_domain::ids::DispositionId;

use super::Whole;
use crate::item::{Code, Item};

/// Reports queues whose agents could not note what is asked of them.
pub(super) fn check(whole: &Whole<'_>) {
    for (queue, item) in whole.queues() {
        if let Some(asked) = item.child("dispositions") {
            check_queue(whole, queue, &asked);
        }
    }
}

fn check_queue(whole: &Whole<'_>, queue: &Queue, asked: &Item<'_>) {
    let choices = whole.center.choices(&queue.dispositions);
    if queue.dispositions.required && choices.is_empty() {
        asked.refuse(Code::BadValue, "asks for a disposition, and dispositions.yaml has none");
    }
    let Some(default) = &queue.dispositions.default else { return };
    if !choices.contains(&default) {
        let known: Vec<&str> = choices.into_iter().map(DispositionId::as_str).collect();
        let message = format!("the default {default} cannot be noted; give one of {known:?}");
        asked.refuse(Code::BadValue, message);
    }
}
