//! What happens to a contact as it waits: rings, ways out, callbacks.

use std::time::Duration;

use switchboard_domain::center::{CallbackRules, MAX_RINGS, OverflowAction, Ring, RingChange};

use super::DAY;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::queues as keys;
use crate::known::Known;

const DEFAULT_ATTEMPTS: u32 = 3;
const MAX_ATTEMPTS: u32 = 20;
const DEFAULT_RETRY: Duration = Duration::from_mins(15);
const LEAST_RETRY: Duration = Duration::from_secs(10);
const DEFAULT_LIFETIME: Duration = Duration::from_hours(24);
const LEAST_LIFETIME: Duration = Duration::from_mins(1);
const MAX_LIFETIME: Duration = Duration::from_hours(24 * 30);

/// Reads rings, by rising age.
pub(super) fn rings(item: &Item<'_>, known: &Known) -> Vec<Ring> {
    let found = item.each();
    if found.len() > MAX_RINGS {
        item.report(format!("has {} rings, and at most {MAX_RINGS} are possible", found.len()));
    }
    let numbered = (1..).zip(found).map(|(number, ring)| {
        let name = ring.name().replacen("rings", &format!("ring {number}"), 1);
        ring.called(name)
    });
    let mut rings: Vec<Ring> = numbered.filter_map(|value| ring(&value, known)).collect();
    rings.sort_by_key(|ring| ring.after);
    rings
}

fn ring(item: &Item<'_>, known: &Known) -> Option<Ring> {
    let complaints = item.complaints();
    let fields = item.fields(&keys::RING)?;
    let after = fields.required("after").and_then(|value| value.duration(DAY));
    let when_empty = fields.or("when_empty", false, Item::flag);
    let lower = fields.optional("lower").and_then(|value| known.level(&value));
    let lower = lower.map(|needed| RingChange::Lower { skill: needed.skill, level: needed.level });
    let drop = fields.optional("drop").and_then(|value| known.skill(&value));
    let drop = drop.map(|skill| RingChange::Drop { skill });
    let added = fields.optional("add_queue").and_then(|value| known.queue(&value));
    let added = added.map(RingChange::AddQueue);
    fields.finish();
    let mut changes: Vec<RingChange> = lower.into_iter().chain(drop).chain(added).collect();
    if changes.len() != 1 && item.complaints() == complaints {
        item.report("needs exactly one of lower, drop and add_queue");
    }
    let change = changes.pop()?;
    Some(Ring { after: after?, when_empty, change })
}

/// Reads what happens instead of waiting; the end of the call when nothing is said.
pub(super) fn action(fields: &Fields<'_>, name: &'static str, known: &Known) -> OverflowAction {
    fields.or(name, OverflowAction::HangUp, |item| {
        if item.is_map() { elsewhere(item, known) } else { at_the_gateway(item) }
    })
}

fn at_the_gateway(item: &Item<'_>) -> Option<OverflowAction> {
    let words = [("hang_up", 0), ("busy", 1), ("voicemail", 2), ("callback", 3)];
    item.word(&words).map(|index| match index {
        0 => OverflowAction::HangUp,
        1 => OverflowAction::Busy,
        2 => OverflowAction::Voicemail,
        _ => OverflowAction::Callback,
    })
}

fn elsewhere(item: &Item<'_>, known: &Known) -> Option<OverflowAction> {
    let complaints = item.complaints();
    let fields = item.fields(&keys::ACTION)?;
    let queue = fields.optional("queue").and_then(|value| known.queue(&value));
    let flow = fields.optional("flow").and_then(|value| known.flow(&value));
    fields.finish();
    match (queue, flow) {
        (Some(queue), None) => Some(OverflowAction::Queue(queue)),
        (None, Some(flow)) => Some(OverflowAction::Flow(flow)),
        (Some(_), Some(_)) | (None, None) => {
            if item.complaints() == complaints {
                item.report("needs exactly one of queue and flow");
            }
            None
        }
    }
}

/// Reads how callers are called back.
pub(super) fn callback(item: &Item<'_>, known: &Known) -> Option<CallbackRules> {
    let fields = item.fields(&keys::CALLBACK)?;
    let rules = CallbackRules {
        attempts: fields.or("attempts", DEFAULT_ATTEMPTS, |value| value.whole(1..=MAX_ATTEMPTS)),
        retry_after: fields.or("retry_after", DEFAULT_RETRY, |it| it.span(LEAST_RETRY, DAY)),
        hours: fields.optional("hours").and_then(|value| known.calendar(&value)),
        lifetime: fields
            .or("lifetime", DEFAULT_LIFETIME, |value| value.span(LEAST_LIFETIME, MAX_LIFETIME)),
    };
    fields.finish();
    Some(rules)
}
