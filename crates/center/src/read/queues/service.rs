//! Who is offered a contact, what follows when they miss it, and how they finish up.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::{
    Acquaintance, MAX_RING_COUNT, MissCause, MissPolicy, Presence, ServiceLevel, Strategy, WrapUp,
    WrapUpMode,
};

use super::{DAY, DEFAULT_WRAP_UP, SECOND};
use crate::item::Item;
use crate::keys::service as keys;

const MAX_THRESHOLD: u32 = 100;
const LEAST_RING_COUNT: u32 = 2;

/// Reads which agent comes first.
pub(super) fn strategy(item: &Item<'_>) -> Option<Strategy> {
    if !item.is_map() {
        let mut words: Vec<(&str, Option<Strategy>)> =
            Strategy::PLAIN.iter().map(|plain| (plain.as_str(), Some(*plain))).collect();
        words.push(("ring_n", None));
        let strategy = item.word(&words)?;
        if strategy.is_none() {
            item.report("must say how many ring at once: {ring_n: 3}");
        }
        return strategy;
    }
    let fields = item.fields(&keys::STRATEGY)?;
    let count =
        fields.required("ring_n").and_then(|value| value.whole(LEAST_RING_COUNT..=MAX_RING_COUNT));
    fields.finish();
    count.map(|count| Strategy::RingN { count })
}

/// Reads after-call work: a duration, or everything.
pub(super) fn wrap_up(item: &Item<'_>) -> Option<WrapUp> {
    if !item.is_map() {
        return item.duration(DAY).map(WrapUp::timed);
    }
    let fields = item.fields(&keys::WRAP_UP)?;
    let words: Vec<(&str, WrapUpMode)> =
        WrapUpMode::ALL.iter().map(|mode| (mode.as_str(), *mode)).collect();
    let mode = fields.or("mode", WrapUpMode::Timed, |value| value.word(&words));
    let time = fields.optional("time");
    let extension = fields.optional("extension");
    fields.finish();
    if matches!(mode, WrapUpMode::None | WrapUpMode::UntilDone) {
        for span in time.iter().chain(&extension) {
            span.report(format!("means nothing with mode {mode}"));
        }
        return Some(WrapUp { mode, ..WrapUp::NONE });
    }
    let time = time.map_or(Some(DEFAULT_WRAP_UP), |value| value.span(SECOND, DAY))?;
    let extension = extension.map_or(Some(Duration::ZERO), |value| value.duration(DAY))?;
    Some(WrapUp { mode, time, extension })
}

/// Reads what follows a miss, for every cause.
pub(super) fn misses(item: Option<&Item<'_>>) -> BTreeMap<MissCause, MissPolicy> {
    let fields = item.and_then(|item| item.fields(&keys::MISSES));
    let policy = |cause: &MissCause| {
        let found = fields.as_ref().and_then(|fields| fields.optional(cause.as_str()));
        let default = MissPolicy::of(*cause);
        (*cause, found.and_then(|found| miss(&found, default)).unwrap_or(default))
    };
    let policies = MissCause::ALL.iter().map(policy).collect();
    if let Some(fields) = fields {
        fields.finish();
    }
    policies
}

fn miss(item: &Item<'_>, default: MissPolicy) -> Option<MissPolicy> {
    let fields = item.fields(&keys::MISS)?;
    let presences = [("not_ready", Presence::NotReady), ("ready", Presence::Ready)];
    let policy = MissPolicy {
        cool_down: fields.or("cool_down", default.cool_down, |value| value.duration(DAY)),
        threshold: fields.or("threshold", default.threshold, |it| it.whole(0..=MAX_THRESHOLD)),
        then: fields.or("then", default.then, |value| value.word(&presences)),
    };
    fields.finish();
    Some(policy)
}

/// Reads which agents who know a caller are tried before others.
pub(super) fn prefer(item: &Item<'_>) -> Vec<Acquaintance> {
    if item.scalar() == Some("nobody") {
        return Vec::new();
    }
    let words = [("owner", Acquaintance::Owner), ("last_agent", Acquaintance::LastAgent)];
    item.list(|each| each.word(&words))
}

/// Reads the promise a queue is measured by.
pub(super) fn service_level(item: &Item<'_>) -> Option<ServiceLevel> {
    let fields = item.fields(&keys::SERVICE_LEVEL)?;
    let percent = fields.required("percent").and_then(|percent| percent.whole(0..=100_u8));
    let within = fields.required("within").and_then(|within| within.duration(DAY));
    fields.finish();
    Some(ServiceLevel { percent: percent?, within: within? })
}
