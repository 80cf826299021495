//! In what two floors differ, told one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use switchboard_domain::floor::Floor;

macro_rules! differing {
    ($found:ident, $model:ident, $redis:ident, $compare:ident: $($field:ident).+ $(, $($more:ident).+)*) => {
        $found.extend($compare(stringify!($($field).+), &$model.$($field).+, &$redis.$($field).+));
        $($found.extend($compare(stringify!($($more).+), &$model.$($more).+, &$redis.$($more).+));)*
    };
}

/// Says in what the floor in Redis differs from the model.
pub(super) fn between(model: &Floor, redis: &Floor) -> Vec<String> {
    let mut found = Vec::new();
    differing!(found, model, redis, values: epoch, run, sweeping, barrier_open, barrier_until,
        settled, own_after, now, wall, tokens, sequence, version, offered, opened_at, plan.version);
    differing!(found, model, redis, members: pending, deadlines);
    differing!(found, model, redis, entries: contacts, agents, gateways, offers, waiting, queued,
        ready, staff, empty, active, callbacks, kept, armed, live, legs, plan.queues, plan.classes,
        plan.profiles, plan.abilities);
    found
}

fn values<T: PartialEq + Debug>(name: &str, model: &T, redis: &T) -> Vec<String> {
    if model == redis {
        return Vec::new();
    }
    vec![format!("{name} is {redis:?} but was to be {model:?}")]
}

fn members<T: Ord + Debug>(name: &str, model: &BTreeSet<T>, redis: &BTreeSet<T>) -> Vec<String> {
    let missing = model.difference(redis).map(|it| format!("{name} lacks {it:?}"));
    let extra = redis.difference(model).map(|it| format!("{name} has {it:?} too many"));
    missing.chain(extra).collect()
}

fn entries<K: Ord + Debug, V: PartialEq + Debug>(
    name: &str,
    model: &BTreeMap<K, V>,
    redis: &BTreeMap<K, V>,
) -> Vec<String> {
    let keys: BTreeSet<&K> = model.keys().chain(redis.keys()).collect();
    let pairs = keys.into_iter().map(|key| (key, model.get(key), redis.get(key)));
    let unlike = pairs.filter(|(_, wanted, found)| wanted != found);
    let told = unlike.map(|(key, wanted, found)| {
        format!("{name} of {key:?}: {found:?} but was to be {wanted:?}")
    });
    told.collect()
}
