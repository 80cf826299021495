//! What an agent can serve, as the name of a profile.

use std::collections::{BTreeMap, BTreeSet};

use crate::center::{Agent, Center, Queue, RingChange, Strategy};
use crate::channel::Channel;
use crate::floor::plan::{ProfileDefinition, ProfileKey, ReadyOrder, Slot};
use crate::floor::state::Seat;

/// Gives the profile of an agent. Agents who can serve the same contacts in the same way share one.
pub fn profile(center: &Center, agent: &Agent) -> ProfileDefinition {
    let slots: BTreeMap<Channel, Slot> = agent
        .capacity
        .iter()
        .filter(|(_, capacity)| **capacity > 0)
        .map(|(channel, capacity)| {
            let blocked_by = center.blocked_by(*channel);
            (*channel, Slot { capacity: *capacity, blocked_by })
        })
        .collect();
    let serving = center.queues.values().filter(|queue| may_serve(agent, queue));
    let mut orders: BTreeSet<ReadyOrder> = serving.map(|queue| order(queue.strategy)).collect();
    orders.insert(ReadyOrder::Idle);
    ProfileDefinition { key: key(agent, &slots, &orders), orders, slots }
}

/// Gives where an agent stands among others.
pub fn seat(agent: &Agent) -> Seat {
    Seat { weight: agent.weight, order: agent.order }
}

/// Gives by what the agents of a queue are ordered, where their profiles fit equally well.
pub(super) fn order(strategy: Strategy) -> ReadyOrder {
    match strategy {
        Strategy::LongestIdle
        | Strategy::MostSkilled
        | Strategy::LeastSkilled
        | Strategy::RingN { .. } => ReadyOrder::Idle,
        Strategy::RoundRobin => ReadyOrder::Offered,
        Strategy::FewestContacts => ReadyOrder::Handled,
        Strategy::LeastTalkTime => ReadyOrder::TalkTime,
        Strategy::WeightedRandom => ReadyOrder::Weighted,
        Strategy::InOrder => ReadyOrder::Fixed,
    }
}

fn may_serve(agent: &Agent, queue: &Queue) -> bool {
    let added = queue.rings.iter().filter_map(|ring| match &ring.change {
        RingChange::AddQueue(id) => Some(id),
        RingChange::Lower { .. } | RingChange::Drop { .. } => None,
    });
    std::iter::once(&queue.id).chain(added).any(|id| agent.queues.contains_key(id))
}

fn key(
    agent: &Agent,
    slots: &BTreeMap<Channel, Slot>,
    orders: &BTreeSet<ReadyOrder>,
) -> ProfileKey {
    let text = format!("{:?} {:?} {slots:?} {orders:?}", agent.queues, agent.skills);
    ProfileKey::new(format!("{:016x}", fingerprint(&text)))
}

/// FNV-1a, 64 bits: names abilities, protects nothing.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
