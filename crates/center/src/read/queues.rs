//! `queues.yaml`, and the rules that speak of queues: `tiers.yaml` and `tickets.yaml`.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::{
    NoAnswerPolicy, OverflowAction, Presence, Queue, ServiceLevel, TierRule,
};
use switchboard_domain::customer::Tier;
use switchboard_domain::ids::{QueueId, check_id};
use switchboard_domain::ticket::{TicketPriority, TicketRule};

use super::whole;
use crate::item::Item;
use crate::known::Known;

const DAY: Duration = Duration::from_hours(24);
const MAX_PRIORITY: u32 = 1_000;
const MAX_WAITING: u32 = 1_000_000;
const DEFAULT_RING_TIMEOUT: Duration = Duration::from_secs(20);
const DEFAULT_WRAP_UP: Duration = Duration::from_secs(30);
const DEFAULT_COOL_DOWN: Duration = Duration::from_secs(30);
const DEFAULT_NO_ANSWER_THRESHOLD: u32 = 1;
const DEFAULT_SERVICE_LEVEL: ServiceLevel =
    ServiceLevel { percent: 80, within: Duration::from_secs(20) };

/// Reads `queues.yaml`.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<QueueId, Queue> {
    let Some(root) = root else { return BTreeMap::new() };
    let mut queues = BTreeMap::new();
    for (id, value) in root.named::<QueueId>() {
        let value = value.called(format!("queue {:?}", id.as_str()));
        if let Some(queue) = queue(&id, &value, known) {
            queues.insert(id, queue);
        }
    }
    whole::check_overflow(root, &queues);
    queues
}

fn queue(id: &QueueId, item: &Item<'_>, known: &Known) -> Option<Queue> {
    let fields = item.fields()?;
    let display_name = fields.required("display_name").and_then(|name| known.localized(&name));
    let queue = Queue {
        id: id.clone(),
        display_name: display_name.unwrap_or_default(),
        requirement: fields.or("skills", Vec::new(), |value| Some(known.requirement(value))),
        priority: fields.or("priority", 0, |value| value.whole(0..=MAX_PRIORITY)),
        ring_timeout: fields.or("ring_timeout", DEFAULT_RING_TIMEOUT, at_least_a_second),
        max_wait: fields.optional("max_wait").and_then(|value| at_least_a_second(&value)),
        max_waiting: fields.optional("max_waiting").and_then(|value| value.whole(0..=MAX_WAITING)),
        wrap_up: fields.or("wrap_up", DEFAULT_WRAP_UP, |value| value.duration(DAY)),
        cool_down: fields.or("cool_down", DEFAULT_COOL_DOWN, |value| value.duration(DAY)),
        on_no_answer: NoAnswerPolicy {
            threshold: fields.or("no_answer_threshold", DEFAULT_NO_ANSWER_THRESHOLD, |value| {
                value.whole(0..=100)
            }),
        },
        on_decline: fields.or("on_decline", Presence::Ready, |value| {
            value.word(&[("ready", Presence::Ready), ("not_ready", Presence::NotReady)])
        }),
        overflow: fields.or("overflow", OverflowAction::HangUp, |value| overflow(value, known)),
        service_level: fields.or("service_level", DEFAULT_SERVICE_LEVEL, service_level),
    };
    fields.finish();
    Some(queue)
}

fn at_least_a_second(item: &Item<'_>) -> Option<Duration> {
    let span = item.duration(DAY)?;
    if span < Duration::from_secs(1) {
        item.report("is shorter than 1s");
        return None;
    }
    Some(span)
}

fn overflow(item: &Item<'_>, known: &Known) -> Option<OverflowAction> {
    if !item.is_map() {
        return item.word(&[("hang_up", 0), ("busy", 1), ("voicemail", 2)]).map(
            |index| match index {
                0 => OverflowAction::HangUp,
                1 => OverflowAction::Busy,
                _ => OverflowAction::Voicemail,
            },
        );
    }
    let fields = item.fields()?;
    let queue = fields.required("queue").and_then(|queue| known.queue(&queue));
    fields.finish();
    queue.map(OverflowAction::Queue)
}

fn service_level(item: &Item<'_>) -> Option<ServiceLevel> {
    let fields = item.fields()?;
    let percent = fields.required("percent").and_then(|percent| percent.whole(0..=100_u8));
    let within = fields.required("within").and_then(|within| within.duration(DAY));
    fields.finish();
    Some(ServiceLevel { percent: percent?, within: within? })
}

/// Reads `tiers.yaml`.
pub(super) fn tiers(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<Tier, TierRule> {
    let mut tiers = BTreeMap::new();
    for (tier, item) in root.into_iter().flat_map(Item::named::<Tier>) {
        let Some(fields) = item.called(format!("tier {tier}")).fields() else { continue };
        let rule = TierRule {
            priority: fields.or("priority", 0, |value| value.whole(0..=MAX_PRIORITY)),
            skills: fields.or("skills", Vec::new(), |value| Some(known.requirement(value))),
            instead_of: fields.or("instead_of", BTreeMap::new(), |value| {
                Some(known.queue_map(value, |queue| known.queue(queue)))
            }),
        };
        fields.finish();
        tiers.insert(tier, rule);
    }
    tiers
}

/// Reads `tickets.yaml`.
pub(super) fn ticket_rules(root: Option<&Item<'_>>, known: &Known) -> Vec<TicketRule> {
    let mut rules = Vec::new();
    for (entry, value) in root.into_iter().flat_map(Item::entries) {
        let value = value.called(format!("ticket rule {:?}", entry.name));
        if let Err(error) = check_id(&entry.name) {
            value.report_at(entry.place, error);
        }
        rules.extend(ticket_rule(&entry.name, &value, known));
    }
    rules
}

fn ticket_rule(id: &str, item: &Item<'_>, known: &Known) -> Option<TicketRule> {
    let fields = item.fields()?;
    let on = fields.required("on").and_then(|on| on.parse());
    let queue = fields.optional("queue").and_then(|queue| known.queue(&queue));
    let subject = fields.required("subject").and_then(|subject| subject.text());
    let priority = fields.or("priority", TicketPriority::Normal, Item::parse);
    let department = fields.optional("department").and_then(|name| name.text());
    fields.finish();
    Some(TicketRule {
        id: id.into(),
        on: on?,
        queue,
        subject: subject?.into(),
        priority,
        department: department.map(String::from),
    })
}
