//! One name for floors that behave alike: times become past or future, counts become ranks.
//!
//! What is left is the behaviour: a deadline is armed or has come, agents stand in an order of
//! idleness, contacts in an order of arrival. Versions are counted from zero by each step, so that
//! the checks can tell whether each change was told.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::state::{
    Agent, Contact, ContactState, EndReason, OfferOutcome, Phase,
};
use switchboard_domain::ids::AgentId;
use switchboard_domain::time::Timestamp;

/// The time of every floor between steps.
pub(super) const NOW: i64 = 1_000_000_000;
/// Long enough before it that every grace is over.
const LONG_AGO: Timestamp = Timestamp::from_millis(NOW - 3_600_000);
/// Every time that has come.
pub(super) const PAST: Timestamp = Timestamp::from_millis(NOW - 1);
/// Every time that has not.
pub(super) const FUTURE: Timestamp = Timestamp::from_millis(NOW * 2);

/// Brings a floor to its one form. The plan must be out of it.
pub(super) fn normalise(floor: &mut Floor, counts_misses: bool) {
    let now = floor.now;
    let flat = |at: Timestamp| if at <= now { PAST } else { FUTURE };
    rank_idle(floor);
    rank_places(floor);
    for contact in floor.contacts.values_mut() {
        flatten_contact(contact, flat);
    }
    for agent in floor.agents.values_mut() {
        flatten_agent(agent, flat);
        if !counts_misses {
            agent.misses.clear();
        }
    }
    for gateway in floor.gateways.values_mut() {
        gateway.deadline = gateway.deadline.map(flat);
        gateway.version = 0;
    }
    for offer in floor.offers.values_mut() {
        let open = offer.outcome.is_none();
        offer.expires_at = if open { flat(offer.expires_at) } else { PAST };
        if offer.outcome.is_some_and(|outcome| outcome != OfferOutcome::Accepted) {
            offer.outcome = Some(OfferOutcome::Expired);
        }
    }
    let deadlines = std::mem::take(&mut floor.deadlines).into_iter();
    floor.deadlines = deadlines.map(|(at, due)| (flat(at), due)).collect();
    floor.armed.values_mut().for_each(|at| *at = flat(*at));
    floor.empty.values_mut().for_each(|at| *at = flat(*at));
    floor.barrier_until = if floor.barrier_open { PAST } else { flat(floor.barrier_until) };
    floor.opened_at = LONG_AGO;
    floor.now = Timestamp::from_millis(NOW);
    floor.wall = NOW;
    floor.tokens = 0;
    floor.sequence = 1_000;
    floor.offered = 0;
    floor.version = 0;
}

fn flatten_contact(contact: &mut Contact, flat: impl Fn(Timestamp) -> Timestamp) {
    contact.version = 0;
    contact.call_sequence = 0;
    contact.started_at = PAST;
    contact.menu.clear();
    contact.details = smol_str::SmolStr::default();
    contact.deadline = contact.deadline.map(&flat);
    contact.tried.retain(|_, until| flat(*until) == FUTURE);
    contact.tried.values_mut().for_each(|until| *until = FUTURE);
    if let Some(place) = contact.place.as_mut() {
        place.enqueued_at = PAST;
        place.overflows_at = flat(place.overflows_at);
        place.rings.iter_mut().for_each(|ring| ring.at = flat(ring.at));
    }
    if let ContactState::Ended { reason } = &mut contact.state {
        contact.tried.clear();
        contact.hops = 0;
        if !matches!(reason, EndReason::GatewayLost | EndReason::GoneDuringOutage) {
            *reason = EndReason::Completed;
            contact.place = None;
            contact.fallback = None;
            contact.token = None;
        }
    }
}

fn flatten_agent(agent: &mut Agent, flat: impl Fn(Timestamp) -> Timestamp) {
    agent.version = 0;
    agent.handled = 0;
    agent.talk_time = 0;
    agent.last_offered = 0;
    agent.draw = 0;
    agent.lease_until = agent.lease_until.map(&flat);
    for work in agent.work.values_mut() {
        work.since = PAST;
        if let Phase::WrapUp { until, .. } = &mut work.phase {
            *until = until.map(&flat);
        }
    }
}

/// Only agents who could be rung, and those an offer may leave without fault, stand in an order of
/// idleness.
fn rank_idle(floor: &mut Floor) {
    let listed: BTreeSet<AgentId> =
        floor.ready.values().flatten().map(|(_, agent)| agent.clone()).collect();
    let stands = |id: &AgentId, agent: &Agent| listed.contains(id) || agent.offer.is_some();
    let times: BTreeSet<i64> = floor
        .agents
        .iter()
        .filter(|(id, agent)| stands(id, agent))
        .map(|(_, agent)| agent.idle_since.as_millis())
        .collect();
    let rank = |at: i64| {
        let place = times.iter().position(|time| *time == at).unwrap_or(0);
        i64::try_from(place).unwrap_or(0)
    };
    for (id, agent) in &mut floor.agents {
        let since = agent.idle_since.as_millis();
        let since = if stands(id, agent) { rank(since) } else { 0 };
        agent.idle_since = Timestamp::from_millis(since);
    }
    for ready in floor.ready.values_mut() {
        *ready = std::mem::take(ready).into_iter().map(|(at, id)| (rank(at), id)).collect();
    }
}

fn rank_places(floor: &mut Floor) {
    let mut keys: Vec<(i64, u64)> = floor
        .contacts
        .values()
        .filter_map(|contact| contact.place.as_ref())
        .map(|place| (place.rank, place.sequence))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let rank = |key: (i64, u64)| {
        let place = keys.iter().position(|known| *known == key).unwrap_or(0);
        (i64::try_from(place).unwrap_or(0), u64::try_from(place).unwrap_or(0))
    };
    for contact in floor.contacts.values_mut() {
        if let Some(place) = contact.place.as_mut() {
            (place.rank, place.sequence) = rank((place.rank, place.sequence));
        }
    }
    for line in floor.waiting.values_mut().chain(floor.queued.values_mut()) {
        *line = std::mem::take(line)
            .into_iter()
            .map(|(at, sequence, id)| {
                let (at, sequence) = rank((at, sequence));
                (at, sequence, id)
            })
            .collect();
    }
}

/// Gives 128 bits that stand for a value: two floors with the same bits count as one.
pub(super) fn fingerprint(value: &impl Hash) -> u128 {
    let mut mixer = Mixer { one: 0x9e37_79b9_7f4a_7c15, two: 0xc2b2_ae3d_27d4_eb4f };
    value.hash(&mut mixer);
    (u128::from(scramble(mixer.one)) << 64)
        | u128::from(scramble(mixer.two ^ mixer.one.rotate_left(32)))
}

/// Mixes words into two lanes.
pub(super) struct Mixer {
    one: u64,
    two: u64,
}

impl Default for Mixer {
    fn default() -> Self {
        Self { one: 0x9e37_79b9_7f4a_7c15, two: 0xc2b2_ae3d_27d4_eb4f }
    }
}

fn scramble(word: u64) -> u64 {
    let mut mixed = word;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        scramble(self.one ^ self.two)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word) ^ ((chunk.len() as u64) << 56));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.one = (self.one.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        self.two = (self.two ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
    }

    fn write_u8(&mut self, word: u8) {
        self.write_u64(u64::from(word));
    }

    fn write_u16(&mut self, word: u16) {
        self.write_u64(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word.cast_unsigned() as u64);
    }

    fn write_i64(&mut self, word: i64) {
        self.write_u64(word.cast_unsigned());
    }
}
