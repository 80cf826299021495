//! The plans of a walk: a few queues with rules drawn by lot, classes and profiles that overlap.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::channel::Channel;
use crate::floor::Floor;
use crate::floor::plan::{
    ClassDefinition, ClassKey, MissRule, PlanUpdate, ProfileDefinition, ProfileKey, QueueRules,
    ReadyOrder, Route, RouteStep, Slot, Standing, WrapUpMode,
};
use crate::floor::state::Seat;
use crate::ids::QueueId;

use super::{AGENTS, Dice, agent};

const QUEUES: usize = 3;
const PROFILES: usize = 3;

/// Names a queue.
pub(super) fn queue_id(number: usize) -> QueueId {
    QueueId::parse(format!("queue-{number}")).expect("a word and a number are an id")
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// Draws the rules of every queue.
pub(super) fn plan(dice: &mut Dice, floor: &Floor) -> PlanUpdate {
    let version = floor.plan.version + u64::from(!dice.one_in(4));
    let queues = (0..QUEUES).map(|queue| (queue_id(queue), rules(dice, queue))).collect();
    let classes = (0..QUEUES).map(|queue| class(queue, queue, Channel::Voice)).collect();
    PlanUpdate { version, queues, classes }
}

fn rules(dice: &mut Dice, queue: usize) -> QueueRules {
    let orders = [ReadyOrder::Idle, ReadyOrder::Idle, dice.pick(ReadyOrder::ALL).expect("some")];
    let overflow = ["voicemail", "callback", "queue:queue-1:1", "queue:queue-2:", "flow:main"];
    QueueRules {
        ring_timeout: Duration::from_millis(1_500),
        ring_count: if queue == 2 { 2 } else { 1 },
        order: orders[queue],
        max_wait: Duration::from_secs(20),
        max_waiting: 4,
        max_active: if dice.one_in(2) { u32::MAX } else { 2 },
        wrap_up_mode: dice.pick(WrapUpMode::ALL).expect("some"),
        wrap_up: Duration::from_secs(if dice.one_in(3) { 0 } else { 3 }),
        wrap_up_extension: Duration::from_secs(2),
        default_disposition: if queue == 1 { "unnoted" } else { "" }.to_owned(),
        misses: [0, 1, 2, 3].map(|_| MissRule {
            cool_down: Duration::from_secs(2),
            threshold: small(dice.below(3)),
        }),
        join_when_empty: !dice.one_in(4),
        leave_when_empty: dice.one_in(3).then(|| Duration::from_secs(small(dice.below(4)).into())),
        redial_window: Duration::from_secs(if dice.one_in(3) { 0 } else { 5 }),
        draining: dice.one_in(12),
        callback_attempts: small(dice.below(3)),
        callback_retry: Duration::from_secs(1),
        callback_lifetime: Duration::from_secs(15),
        overflow: dice.pick(&overflow).expect("some").to_owned(),
        when_closed: "busy".to_owned(),
    }
}

/// Gives a class: variants of a queue differ in who may serve it.
fn class(queue: usize, variant: usize, channel: Channel) -> ClassDefinition {
    let profiles: BTreeMap<ProfileKey, Standing> = (0..PROFILES)
        .filter(|profile| variant % 4 != *profile + 1)
        .map(|profile| {
            let preference = i32::try_from(profile).unwrap_or(0) * i32::from(variant % 2 == 1);
            (profile_key(profile), Standing { rank: small(queue % 2), preference: -preference })
        })
        .collect();
    let key = ClassKey::new(format!("{channel}:{}/{variant}", queue_id(queue)));
    ClassDefinition { key, profiles }
}

fn personal(number: usize) -> ClassDefinition {
    ClassDefinition { key: ClassKey::personal(&agent(number)), profiles: BTreeMap::new() }
}

/// Draws a way through up to three classes, sometimes by way of one agent.
pub(super) fn route(dice: &mut Dice, channel: Channel) -> Route {
    let queue = dice.below(QUEUES);
    let mut steps = Vec::new();
    let mut after = Duration::ZERO;
    if dice.one_in(4) {
        let class = personal(dice.below(AGENTS));
        steps.push(RouteStep { after, when_empty: false, class });
        after = Duration::from_secs(2);
    }
    for _ in 0..=dice.below(2) {
        let class = class(queue, dice.below(5), channel);
        let when_empty = !steps.is_empty() && dice.one_in(2);
        steps.push(RouteStep { after, when_empty, class });
        after += Duration::from_secs(3);
    }
    let closes_in = match dice.below(12) {
        0 => Some(Duration::ZERO),
        1 => Some(Duration::from_secs(6)),
        _ => None,
    };
    Route { queue: queue_id(queue), steps, closes_in }
}

fn profile_key(number: usize) -> ProfileKey {
    ProfileKey::new(format!("profile-{number}"))
}

/// Gives a profile: the first takes calls only, the second three chats too, the last all channels.
pub(super) fn profile(number: usize) -> ProfileDefinition {
    let spoken = BTreeSet::from([Channel::Voice, Channel::Callback]);
    let call = |channel: Channel| {
        let blocked_by = spoken.iter().copied().filter(|other| *other != channel).collect();
        (channel, Slot { capacity: 1, blocked_by })
    };
    let mut slots = BTreeMap::from([call(Channel::Voice), call(Channel::Callback)]);
    if number > 0 {
        let capacity = if number == 1 { 3 } else { 2 };
        slots.insert(Channel::Chat, Slot { capacity, blocked_by: spoken.clone() });
    }
    if number > 1 {
        slots.insert(Channel::Task, Slot { capacity: 1, blocked_by: BTreeSet::new() });
    }
    let orders = ReadyOrder::ALL.iter().copied().collect();
    ProfileDefinition { key: profile_key(number), orders, slots }
}

/// Gives where an agent stands among others.
pub(super) fn seat(number: usize) -> Seat {
    Seat { weight: small(number) + 1, order: small(number) }
}
