//! The indices matching looks at: waiting contacts by class, ready agents by profile.

use std::collections::BTreeSet;

use crate::channel::Channel;
use crate::ids::{AgentId, ContactId, OfferId, QueueId};

use super::mutants::{Mutant, is_planted};
use super::plan::{ClassKey, ReadyOrder};
use super::state::{Agent, ContactState};
use super::step::Step;
use super::{ReadyKey, WaitingKey};

/// Seconds of idle time come after this many units of a coarser order.
const COARSE: i64 = 1 << 33;
const DRAW_MODULUS: u64 = 2_147_483_647;

impl Step<'_> {
    /// Puts a queued contact where agents look for it; a callback only when its time has come.
    pub(super) fn enter_line(&mut self, id: &ContactId) {
        let now = self.now;
        if self.contact(id).callback.is_some_and(|callback| callback.opens_at > now) {
            return;
        }
        let (queue, class, key) = self.line_of(id);
        self.floor.waiting.entry(class.clone()).or_default().insert(key.clone());
        self.floor.queued.entry(queue).or_default().insert(key);
        self.note_empty(&class);
    }

    /// Takes a contact out of the line.
    pub(super) fn leave_line(&mut self, id: &ContactId) {
        if self.contact(id).place.is_none() {
            return;
        }
        let (queue, class, key) = self.line_of(id);
        if let Some(line) = self.floor.waiting.get_mut(&class) {
            line.remove(&key);
            if line.is_empty() {
                self.floor.waiting.remove(&class);
            }
        }
        if let Some(line) = self.floor.queued.get_mut(&queue) {
            line.remove(&key);
            if line.is_empty() {
                self.floor.queued.remove(&queue);
            }
        }
    }

    fn line_of(&mut self, id: &ContactId) -> (QueueId, ClassKey, WaitingKey) {
        let place = self.contact(id).place.as_ref().expect("a queued contact has a place");
        (place.queue.clone(), place.class.clone(), (place.rank, place.sequence, id.clone()))
    }

    /// Moves a contact to another state, and counts it among those its queue serves.
    pub(super) fn set_state(&mut self, id: &ContactId, state: ContactState) {
        let active = state.is_active();
        let contact = self.contact(id);
        if let (ContactState::Connected { .. }, Some(callback)) = (&state, &mut contact.callback) {
            callback.reached = true;
        }
        contact.state = state;
        if active {
            if let Some(place) = self.contact(id).place.as_ref() {
                let queue = place.queue.clone();
                self.floor.active.entry(queue).or_default().insert(id.clone());
            }
        } else {
            self.leave_active(id);
        }
    }

    /// Takes a contact out of those its queue serves; where that makes room, others may follow.
    pub(super) fn leave_active(&mut self, id: &ContactId) {
        let Some(queue) = self.contact(id).place.as_ref().map(|place| place.queue.clone()) else {
            return;
        };
        let Some(active) = self.floor.active.get_mut(&queue) else { return };
        if !active.remove(id) {
            return;
        }
        if active.is_empty() {
            self.floor.active.remove(&queue);
        }
        if self.floor.plan.queues.get(&queue).is_some_and(|rules| rules.max_active < u32::MAX) {
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
        let Some(slot) = ability.and_then(|ability| ability.slots.get(&channel)) else {
            return false;
        };
        let taken = agent.work.values().filter(|work| work.channel == channel).count();
        let taken = taken - usize::from(taken > 0 && is_planted(Mutant::OverCapacity));
        taken < usize::try_from(slot.capacity).unwrap_or(usize::MAX)
            && !agent.work.values().any(|work| slot.blocked_by.contains(&work.channel))
    }

    /// Lists an agent among the ready ones of his profile, for each channel he is free for.
    pub(super) fn enter_ready(&mut self, id: &AgentId) {
        let draw = self.draw(id);
        self.agent(id).draw = draw;
        for (key, score) in self.listings(id) {
            if self.is_free_for(&self.floor.agents[id], key.1) {
                self.floor.ready.entry(key).or_default().insert((score, id.clone()));
            }
        }
    }

    /// Takes an agent off the lists of ready ones.
    pub(super) fn leave_ready(&mut self, id: &AgentId) {
        for (key, score) in self.listings(id) {
            if let Some(ready) = self.floor.ready.get_mut(&key) {
                ready.remove(&(score, id.clone()));
                if ready.is_empty() {
                    self.floor.ready.remove(&key);
                }
            }
        }
    }

    fn listings(&self, id: &AgentId) -> Vec<(ReadyKey, i64)> {
        let agent = &self.floor.agents[id];
        let Some(ability) = self.floor.plan.abilities.get(&agent.profile) else {
            return Vec::new();
        };
        let channels = ability.slots.keys();
        let lists = channels.flat_map(|channel| ability.orders.iter().map(move |o| (*channel, *o)));
        lists
            .map(|(channel, order)| ((agent.profile.clone(), channel, order), score(agent, order)))
            .collect()
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
