//! The rules of a queue, as the floor reads them.

use std::time::Duration;

use crate::center::{
    Center, MissCause, MissPolicy, OverflowAction, Presence, Queue, merge_requirements,
};
use crate::floor::plan::{MissRule, QueueRules};

use super::class::skills_text;
use super::profile::order;

/// How long a contact waits where the center sets no limit.
pub const NO_LIMIT: Duration = Duration::from_hours(24 * 365);

/// Computes the rules of a queue.
pub(super) fn rules(center: &Center, queue: &Queue) -> QueueRules {
    let callback = queue.callback.as_ref();
    QueueRules {
        ring_timeout: queue.ring_timeout,
        ring_count: queue.strategy.ring_count(),
        order: order(queue.strategy),
        max_wait: queue.max_wait.unwrap_or(NO_LIMIT),
        max_waiting: queue.max_waiting.unwrap_or(u32::MAX),
        max_active: queue.max_active.unwrap_or(u32::MAX),
        wrap_up_mode: queue.wrap_up.mode,
        wrap_up: queue.wrap_up.time,
        wrap_up_extension: queue.wrap_up.extension,
        default_disposition: default_disposition(queue),
        misses: [
            miss(queue.after_miss(MissCause::NoAnswer)),
            miss(queue.after_miss(MissCause::Declined)),
            miss(queue.after_miss(MissCause::Busy)),
            miss(queue.after_miss(MissCause::Unreachable)),
        ],
        join_when_empty: queue.join_when_empty,
        leave_when_empty: queue.leave_when_empty,
        redial_window: queue.redial_window.unwrap_or_default(),
        draining: queue.draining,
        callback_attempts: callback.map_or(0, |rules| rules.attempts),
        callback_retry: callback.map(|rules| rules.retry_after).unwrap_or_default(),
        callback_lifetime: callback.map(|rules| rules.lifetime).unwrap_or_default(),
        overflow: action(center, &queue.overflow),
        when_closed: action(center, &queue.when_closed),
    }
}

fn default_disposition(queue: &Queue) -> String {
    queue.dispositions.default.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn miss(policy: MissPolicy) -> MissRule {
    let threshold = if policy.then == Presence::Ready { 0 } else { policy.threshold };
    MissRule { cool_down: policy.cool_down, threshold }
}

/// Writes an overflow action: a word for the gateway, or `queue:booking:english:1` for a queue and
/// what its contacts need.
fn action(center: &Center, action: &OverflowAction) -> String {
    match action {
        OverflowAction::HangUp => "hangup".to_owned(),
        OverflowAction::Busy => "busy".to_owned(),
        OverflowAction::Voicemail => "voicemail".to_owned(),
        OverflowAction::Callback => "callback".to_owned(),
        OverflowAction::Flow(id) => format!("flow:{id}"),
        OverflowAction::Queue(id) => {
            let target = center.queues.get(id);
            let needs = target.map(|queue| {
                let mut text = skills_text(&merge_requirements(&queue.requirement));
                let preferred = merge_requirements(&queue.preferred);
                if !preferred.is_empty() {
                    text.push_str(&format!("~{}", skills_text(&preferred)));
                }
                text
            });
            format!("queue:{id}:{}", needs.unwrap_or_default())
        }
    }
}
