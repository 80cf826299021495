//! The indices matching looks at: waiting contacts by class, ready agents by profile.

use std::collections::{BTreeMap, BTreeSet};

use crate::channel::Channel;
use crate::ids::{AgentId, ContactId, OfferId, QueueId};

use super::mutants::{Mutant, is_planted};
use super::plan::{ProfileDefinition, ReadyOrder};
use super::state::{Agent, ContactState, Place};
use super::step::Step;
use super::{ReadyKey, WaitingKey};

/// Seconds of idle time come after this many units of a coarser order.
const COARSE: i64 = 1 << 33;
const DRAW_MODULUS: u64 = 2_147_483_647;

impl Step<'_> {
    /// Puts a queued contact where agents look for it; a callback only when its time has come.
    pub(super) fn enter_line(&mut self, id: &ContactId) {
        let contact = &self.floor.contacts[id];
        if contact.callback.is_some_and(|callback| callback.opens_at > self.now) {
            return;
        }
        let place = contact.place.as_ref().expect("a queued contact has a place");
        let (class, key) = (place.class.clone(), key_of(place, id));
        add_to(&mut self.floor.queued, place.queue.clone(), key.clone());
        add_to(&mut self.floor.waiting, class.clone(), key);
        self.note_empty(&class);
    }

    /// Takes a contact out of the line.
    pub(super) fn leave_line(&mut self, id: &ContactId) {
        let Some(place) = self.floor.contacts[id].place.as_ref() else { return };
        let key = key_of(place, id);
        take_from(&mut self.floor.queued, &place.queue, &key);
        take_from(&mut self.floor.waiting, &place.class, &key);
    }

    /// Moves a contact to another state, and counts it among those its queue serves.
    pub(super) fn set_state(&mut self, id: &ContactId, state: ContactState) {
        let is_active = state.is_active();
        if matches!(state, ContactState::Connected { .. }) {
            self.forget_callback(id);
        }
        let contact = self.contact(id);
        if let (ContactState::Connected { .. }, Some(callback)) = (&state, &mut contact.callback) {
            callback.reached = true;
        }
        contact.state = state;
        if !is_active {
            self.leave_active(id);
        } else if let Some(place) = &self.floor.contacts[id].place {
            add_to(&mut self.floor.active, place.queue.clone(), id.clone());
        }
    }

    /// Takes a contact out of those its queue serves; where that makes room, others may follow.
    pub(super) fn leave_active(&mut self, id: &ContactId) {
        let Some(place) = &self.floor.contacts[id].place else { return };
        let rules = self.floor.plan.queues.get(&place.queue);
        let left = take_from(&mut self.floor.active, &place.queue, id);
        if left && rules.is_some_and(|rules| rules.max_active < u32::MAX) {
            self.room_made = !is_planted(Mutant::RoomForgotten);
        }
    }

    /// Says whether a queue may serve one more contact.
    pub(super) fn has_room(&self, queue: &QueueId) -> bool {
        let limit = self.floor.plan.queues.get(queue).map_or(u32::MAX, |rules| rules.max_active);
        let active = self.floor.active.get(queue).map_or(0, BTreeSet::len);
        let active = active - usize::from(active > 0 && is_planted(Mutant::QueueOverActive));
        active < usize::try_from(limit).unwrap_or(usize::MAX)
    }

    /// Says whether an agent can take one more contact of a channel now.
    pub(super) fn is_free_for(&self, agent: &Agent, channel: Channel) -> bool {
        if !agent.is_working() || agent.offer.is_some() {
            return false;
        }
        let ability = self.floor.plan.abilities.get(&agent.profile);
        ability.is_some_and(|ability| has_slot(ability, agent, channel))
    }

    /// Lists an agent among the ready ones of his profile, for each channel he is free for.
    pub(super) fn enter_ready(&mut self, id: &AgentId) {
        let draw = self.draw(id);
        self.agent(id).draw = draw;
        let agent = &self.floor.agents[id];
        if !agent.is_working() || agent.offer.is_some() {
            return;
        }
        let Some(ability) = self.floor.plan.abilities.get(&agent.profile) else { return };
        for (key, score) in listings(ability, agent) {
            if has_slot(ability, agent, key.1) {
                add_to(&mut self.floor.ready, key, (score, id.clone()));
            }
        }
    }

    /// Takes an agent off the lists of ready ones.
    pub(super) fn leave_ready(&mut self, id: &AgentId) {
        let agent = &self.floor.agents[id];
        let Some(ability) = self.floor.plan.abilities.get(&agent.profile) else { return };
        for (key, score) in listings(ability, agent) {
            take_from(&mut self.floor.ready, &key, &(score, id.clone()));
        }
    }

    /// Draws an agent's lot: the least of as many draws as his weight, so that the lowest lot among
    /// several agents is his with the share of his weight.
    ///
    /// The draws follow Park and Miller (1988), seeded by the step and the agent's name.
    fn draw(&self, id: &AgentId) -> u32 {
        let agent = &self.floor.agents[id];
        let weighted = self.floor.plan.abilities.get(&agent.profile);
        if !weighted.is_some_and(|ability| ability.orders.contains(&ReadyOrder::Weighted)) {
            return 0;
        }
        let text = format!("{}{id}", self.seed());
        let mix = |hash: u64, byte: u8| (hash * 31 + u64::from(byte)) % DRAW_MODULUS;
        let seed = text.bytes().fold(1, mix);
        // Seeds that differ by little must not give draws that differ by little.
        let mut state = ((seed % 65_536 + 1) * (seed / 65_536 + 1) % DRAW_MODULUS).max(1);
        let mut roll = || {
            state = state * 48_271 % DRAW_MODULUS;
            state
        };
        let _ = (roll(), roll());
        let lot = (0..agent.seat.weight.max(1)).map(|_| roll()).min().unwrap_or(0);
        u32::try_from(lot).unwrap_or(u32::MAX)
    }

    /// Gives the seed of the step.
    pub(super) fn seed(&self) -> &OfferId {
        &self.seed
    }
}

/// Gives the place of a contact among those that wait.
fn key_of(place: &Place, id: &ContactId) -> WaitingKey {
    (place.rank, place.sequence, id.clone())
}

/// Adds to one of many sets.
fn add_to<K: Ord, V: Ord>(sets: &mut BTreeMap<K, BTreeSet<V>>, key: K, value: V) {
    sets.entry(key).or_default().insert(value);
}

/// Takes from one of many sets, and drops the set with its last value; says whether it was there.
fn take_from<K: Ord, V: Ord>(sets: &mut BTreeMap<K, BTreeSet<V>>, key: &K, value: &V) -> bool {
    let Some(set) = sets.get_mut(key) else { return false };
    let was_there = set.remove(value);
    if set.is_empty() {
        sets.remove(key);
    }
    was_there
}

/// Says whether an agent's hands have room for one more contact of a channel.
fn has_slot(ability: &ProfileDefinition, agent: &Agent, channel: Channel) -> bool {
    let Some(slot) = ability.slots.get(&channel) else { return false };
    let taken = agent.work.values().filter(|work| work.channel == channel).count();
    let taken = taken - usize::from(taken > 0 && is_planted(Mutant::OverCapacity));
    taken < usize::try_from(slot.capacity).unwrap_or(usize::MAX)
        && !agent.work.values().any(|work| slot.blocked_by.contains(&work.channel))
}

/// Gives the lists an agent could be on, with his score in each.
fn listings<'a>(
    ability: &'a ProfileDefinition,
    agent: &'a Agent,
) -> impl Iterator<Item = (ReadyKey, i64)> + 'a {
    let of_channel = |channel: Channel| ability.orders.iter().map(move |order| (channel, *order));
    let lists = ability.slots.keys().copied().flat_map(of_channel);
    lists.map(|(channel, order)| ((agent.profile.clone(), channel, order), score(agent, order)))
}

/// Gives where an agent stands in an order; lower comes first.
pub(super) fn score(agent: &Agent, order: ReadyOrder) -> i64 {
    let idle = agent.idle_since.as_millis();
    let coarse = |units: u32| i64::from(units) * COARSE + idle.div_euclid(1000);
    match order {
        ReadyOrder::Idle => idle,
        ReadyOrder::Offered => i64::try_from(agent.last_offered).unwrap_or(i64::MAX),
        ReadyOrder::Handled => coarse(agent.handled),
        ReadyOrder::TalkTime => i64::try_from(agent.talk_time).unwrap_or(i64::MAX),
        ReadyOrder::Weighted => i64::from(agent.draw),
        ReadyOrder::Fixed => coarse(agent.seat.order),
    }
}
