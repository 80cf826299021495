//! `queues.yaml`.

mod service;
mod waiting;

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::{
    Acquaintance, Queue, QueueDispositions, ServiceLevel, Strategy, WrapUp,
};
use switchboard_domain::ids::QueueId;

use super::dispositions;
use crate::item::Item;
use crate::keys::queues as keys;
use crate::known::Known;

pub(super) const MAX_PRIORITY: u32 = 1_000;
const DAY: Duration = Duration::from_hours(24);
const SECOND: Duration = Duration::from_secs(1);
const MAX_COUNT: u32 = 1_000_000;
const DEFAULT_RING_TIMEOUT: Duration = Duration::from_secs(20);
const DEFAULT_WRAP_UP: Duration = Duration::from_secs(30);
const LEAST_ANNOUNCEMENT: Duration = Duration::from_secs(5);
const DEFAULT_WINDOW: Duration = Duration::from_hours(24 * 7);
const LEAST_WINDOW: Duration = Duration::from_mins(1);
const MAX_WINDOW: Duration = Duration::from_hours(24 * 365);
const DEFAULT_SERVICE_LEVEL: ServiceLevel =
    ServiceLevel { percent: 80, within: Duration::from_secs(20) };

/// Reads `queues.yaml`.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<QueueId, Queue> {
    let mut queues = BTreeMap::new();
    for (id, value) in root.into_iter().flat_map(Item::named::<QueueId>) {
        let value = value.called(format!("queue {:?}", id.as_str()));
        if let Some(queue) = queue(&id, &value, known) {
            queues.insert(id, queue);
        }
    }
    queues
}

/// Reads one queue.
pub(super) fn queue(id: &QueueId, item: &Item<'_>, known: &Known) -> Option<Queue> {
    let fields = item.fields(&keys::QUEUE)?;
    let display_name = fields.required("display_name").and_then(|name| known.localized(&name));
    let skills = |name| fields.or(name, Vec::new(), |value| Some(known.requirement(value)));
    let span = |name| fields.optional(name).and_then(|value| value.span(SECOND, DAY));
    let calendar = |name| fields.optional(name).and_then(|value| known.calendar(&value));
    let count =
        |name, least| fields.optional(name).and_then(|value| value.whole(least..=MAX_COUNT));
    let queue = Queue {
        id: id.clone(),
        display_name: display_name.unwrap_or_default(),
        strategy: fields.or("strategy", Strategy::default(), service::strategy),
        requirement: skills("skills"),
        preferred: skills("preferred_skills"),
        rings: fields.or("rings", Vec::new(), |value| Some(waiting::rings(value, known))),
        priority: fields.or("priority", 0, |value| value.whole(0..=MAX_PRIORITY)),
        ring_timeout: span("ring_timeout").unwrap_or(DEFAULT_RING_TIMEOUT),
        max_wait: span("max_wait"),
        max_waiting: count("max_waiting", 0),
        max_active: count("max_active", 1),
        join_when_empty: fields.or("join_when_empty", true, Item::flag),
        leave_when_empty: fields.optional("leave_when_empty").and_then(|it| it.duration(DAY)),
        hours: calendar("hours"),
        when_closed: waiting::action(&fields, "when_closed", known),
        overflow: waiting::action(&fields, "overflow", known),
        wrap_up: fields.or("wrap_up", WrapUp::timed(DEFAULT_WRAP_UP), service::wrap_up),
        dispositions: fields.or("dispositions", QueueDispositions::default(), |value| {
            dispositions::of_queue(value, known)
        }),
        misses: service::misses(fields.optional("misses").as_ref()),
        prefer: fields.or("prefer", vec![Acquaintance::Owner], |it| Some(service::prefer(it))),
        last_agent_window: fields
            .or("last_agent_window", DEFAULT_WINDOW, |it| it.span(LEAST_WINDOW, MAX_WINDOW)),
        preferred_agent_hold: fields
            .optional("preferred_agent_hold")
            .and_then(|value| value.duration(DAY)),
        redial_window: span("redial_window"),
        callback: fields.optional("callback").and_then(|it| waiting::callback(&it, known)),
        position_announcements: fields
            .optional("position_announcements")
            .and_then(|value| value.span(LEAST_ANNOUNCEMENT, DAY)),
        draining: fields.or("draining", false, Item::flag),
        service_level: fields.or("service_level", DEFAULT_SERVICE_LEVEL, service::service_level),
    };
    fields.finish();
    Some(queue)
}
