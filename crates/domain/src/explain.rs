//! Why a contact waits and why an agent gets none: the rules of matching, read backwards.
//!
//! What is said here is judged from the same center and the same records that matching uses, but
//! from a picture of them: it decides nothing.

mod obstacle;

use std::collections::{BTreeMap, BTreeSet};

use crate::center::{Agent as Member, Center, Queue, Strategy};
use crate::channel::Channel;
use crate::floor::planner::{self, Need};
use crate::floor::state::{Agent, Contact, ContactState, Place};
use crate::ids::{AgentId, ContactId, QueueId};
use crate::time::Timestamp;

pub use obstacle::Obstacle;

/// The picture an explanation is judged from.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// The tenant's center.
    pub center: &'a Center,
    /// The tenant's logical clock.
    pub now: Timestamp,
    /// Whether offers may be made.
    pub barrier_open: bool,
    /// The agents who are signed in.
    pub agents: &'a BTreeMap<AgentId, Agent>,
}

/// What is known of a contact beside its record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings {
    /// Whether its gateway vouches for it in its present session.
    pub vouched: bool,
    /// How many contacts of its queue ring, connect or talk.
    pub active: u32,
}

/// Why a contact waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitExplanation {
    /// What keeps it from every agent.
    pub obstacles: Vec<Obstacle>,
    /// What an agent must be able to do for it now.
    pub need: Option<Need>,
    /// The agent it is held for.
    pub held_for: Option<AgentId>,
    /// The wider classes to come.
    pub rings: Vec<RingToCome>,
    /// The agents who may serve it now or after a ring, by what keeps them from it.
    pub agents: Vec<AgentGroup>,
}

/// A wider class a contact will wait in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingToCome {
    /// When at the latest.
    pub at: Timestamp,
    /// Whether at once when nobody works who is eligible before.
    pub when_empty: bool,
    /// What an agent must be able to do then.
    pub need: Option<Need>,
    /// Who becomes eligible by it.
    pub added: Vec<AgentId>,
}

/// Agents whom the same things keep from a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentGroup {
    /// What keeps them; nothing when they will be rung.
    pub obstacles: Vec<Obstacle>,
    /// The agents, in the order in which they would be rung.
    pub agents: Vec<AgentId>,
}

/// Why an agent gets no contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentExplanation {
    /// What keeps the agent from every contact.
    pub obstacles: Vec<Obstacle>,
    /// How many more contacts of each channel the agent could take.
    pub free_slots: BTreeMap<Channel, u32>,
    /// What keeps the agent from each of the contacts asked about.
    pub contacts: BTreeMap<ContactId, Vec<Obstacle>>,
}

/// Says why a contact waits.
pub fn explain_wait(
    picture: Picture<'_>,
    contact: &Contact,
    around: Surroundings,
) -> WaitExplanation {
    let Some(place) = &contact.place else {
        return WaitExplanation {
            obstacles: obstacles_of_contact(picture, contact, around),
            ..WaitExplanation::default()
        };
    };
    let held_for = held_for(place);
    WaitExplanation {
        obstacles: obstacles_of_contact(picture, contact, around),
        need: need_of(place),
        rings: rings(picture.center, place),
        agents: groups(picture, contact, place, held_for.as_ref()),
        held_for,
    }
}

/// Says why an agent gets none of some waiting contacts.
pub fn explain_agent<'a>(
    picture: Picture<'_>,
    id: &AgentId,
    waiting: impl IntoIterator<Item = (&'a ContactId, &'a Contact, Surroundings)>,
) -> AgentExplanation {
    let Some(member) = picture.center.agent(id) else { return AgentExplanation::default() };
    let seated = picture.agents.get(id);
    let mut told = AgentExplanation {
        obstacles: presence(picture, member, seated),
        free_slots: free_slots(picture.center, member, seated),
        ..AgentExplanation::default()
    };
    let mut first = None;
    for (contact_id, contact, around) in waiting {
        let mut found = obstacles_of_contact(picture, contact, around);
        found.retain(|obstacle| *obstacle != Obstacle::BarrierClosed);
        found.extend(fit(picture, contact, member));
        if let Some(seated) = seated {
            found.extend(hands(picture.center, member, seated, contact.channel));
        }
        if found.is_empty() {
            match &first {
                Some(ahead) => {
                    found.push(Obstacle::BehindOthers { first: ContactId::clone(ahead) });
                }
                None => first = Some(contact_id.clone()),
            }
        }
        told.contacts.insert(contact_id.clone(), found);
    }
    told
}

fn obstacles_of_contact(
    picture: Picture<'_>,
    contact: &Contact,
    around: Surroundings,
) -> Vec<Obstacle> {
    let mut found = Vec::new();
    if !picture.barrier_open {
        found.push(Obstacle::BarrierClosed);
    }
    if contact.state != ContactState::Queued {
        found.push(Obstacle::NotWaiting { state: contact.state.name().to_owned() });
        return found;
    }
    if !around.vouched {
        found.push(Obstacle::GatewayNotFresh);
    }
    let queue = contact.place.as_ref().and_then(|place| picture.center.queue(&place.queue));
    if let Some(limit) = queue.and_then(|queue| queue.max_active)
        && around.active >= limit
    {
        found.push(Obstacle::QueueCap { limit });
    }
    if let Some(callback) = &contact.callback
        && callback.opens_at > picture.now
    {
        found.push(Obstacle::CallbackWindow { opens_at: callback.opens_at });
    }
    found
}

/// Gives the agent a contact is held for.
fn held_for(place: &Place) -> Option<AgentId> {
    AgentId::parse(place.class.as_str().strip_prefix('@')?).ok()
}

/// Gives what the contact needs in the ring it has reached, or would need next while it is held.
fn need_of(place: &Place) -> Option<Need> {
    let next = || Need::parse(&place.rings.first()?.class);
    Need::parse(&place.class).or_else(next)
}

fn rings(center: &Center, place: &Place) -> Vec<RingToCome> {
    let mut before = Need::parse(&place.class);
    let mut told = Vec::with_capacity(place.rings.len());
    for ring in &place.rings {
        let need = Need::parse(&ring.class);
        let serves = |wanted: &Option<Need>, member: &Member| {
            let class = wanted.as_ref().map(Need::key);
            class.is_some_and(|class| planner::rank_of(member, &class).is_some())
        };
        let is_new = |member: &&Member| serves(&need, member) && !serves(&before, member);
        let added = center.agents.values().filter(is_new).map(|member| member.id.clone());
        told.push(RingToCome {
            at: ring.at,
            when_empty: ring.when_empty,
            added: added.collect(),
            need: need.clone(),
        });
        before = need;
    }
    told
}

fn groups(
    picture: Picture<'_>,
    contact: &Contact,
    place: &Place,
    held_for: Option<&AgentId>,
) -> Vec<AgentGroup> {
    let queues = queues_of(place);
    let may_serve = |member: &&Member| {
        Some(&member.id) == held_for || member.queues.keys().any(|queue| queues.contains(queue))
    };
    let mut grouped: BTreeMap<Vec<Obstacle>, Vec<&Member>> = BTreeMap::new();
    for member in picture.center.agents.values().filter(may_serve) {
        let seated = picture.agents.get(&member.id);
        let mut found = fit(picture, contact, member);
        found.extend(presence(picture, member, seated));
        if let Some(seated) = seated {
            found.extend(hands(picture.center, member, seated, contact.channel));
        }
        grouped.entry(found).or_default().push(member);
    }
    let mut groups: Vec<AgentGroup> = grouped
        .into_iter()
        .map(|(obstacles, mut members)| {
            members.sort_by_key(|member| turn(picture, place, member));
            let agents = members.into_iter().map(|member| member.id.clone()).collect();
            AgentGroup { obstacles, agents }
        })
        .collect();
    groups.sort_by_key(|group| group.obstacles.len());
    groups
}

/// Gives every queue whose agents may serve the contact, now or after a ring.
fn queues_of(place: &Place) -> BTreeSet<QueueId> {
    let classes = std::iter::once(&place.class).chain(place.rings.iter().map(|ring| &ring.class));
    let needs = classes.filter_map(Need::parse);
    let queues = needs.flat_map(|need| need.added.into_iter().chain([need.queue]));
    queues.chain([place.queue.clone()]).collect()
}

/// Says what about an agent's abilities, or the past of the two, keeps him from a contact.
fn fit(picture: Picture<'_>, contact: &Contact, member: &Member) -> Vec<Obstacle> {
    let mut found = Vec::new();
    let Some(place) = &contact.place else { return found };
    match held_for(place) {
        Some(agent) if agent == member.id => {}
        Some(agent) => {
            let until = place.rings.first().map(|ring| ring.at);
            found.push(Obstacle::HeldForOther { agent, until });
        }
        None => found.extend(
            Need::parse(&place.class).map(|need| lacks(&need, member)).into_iter().flatten(),
        ),
    }
    if let Some(until) = contact.tried.get(&member.id).filter(|until| **until > picture.now) {
        found.push(Obstacle::CoolDown { until: *until });
    }
    found
}

fn lacks(need: &Need, member: &Member) -> Vec<Obstacle> {
    let mut found = Vec::new();
    let mut queues = std::iter::once(&need.queue).chain(&need.added);
    if !queues.any(|queue| member.queues.contains_key(queue)) {
        found.push(Obstacle::QueueNotServed { queue: need.queue.clone() });
    }
    for needed in &need.required {
        let (skill, needs) = (needed.skill.clone(), needed.level);
        match member.skills.get(&skill) {
            Some(has) if *has >= needs => {}
            Some(has) => found.push(Obstacle::SkillTooLow { skill, needs, has: *has }),
            None => found.push(Obstacle::SkillMissing { skill, needs }),
        }
    }
    found
}

/// Says what about an agent's presence keeps him from every contact.
fn presence(picture: Picture<'_>, member: &Member, seated: Option<&Agent>) -> Vec<Obstacle> {
    let Some(agent) = seated.filter(|agent| agent.session.is_some()) else {
        return vec![Obstacle::SignedOut];
    };
    let mut found = Vec::new();
    if !agent.is_working() {
        found.push(Obstacle::NotReady { reason: agent.reason.clone() });
    }
    if let Some(ringing) = &agent.offer {
        found.push(Obstacle::Offered { contact: ringing.contact.clone() });
    }
    if planner::profile(picture.center, member).key != agent.profile {
        found.push(Obstacle::ProfileOutdated);
    }
    found
}

/// Says whether an agent's hands are full for a channel.
fn hands(center: &Center, member: &Member, agent: &Agent, channel: Channel) -> Option<Obstacle> {
    let slots = planner::profile(center, member).slots;
    let Some(slot) = slots.get(&channel) else {
        return Some(Obstacle::Capacity { channel, taken: 0, capacity: 0 });
    };
    let blocking = agent.work.values().find(|work| slot.blocked_by.contains(&work.channel));
    if let Some(work) = blocking {
        return Some(Obstacle::Excluded { channel, by: work.channel });
    }
    let taken = taken(agent, channel);
    let capacity = slot.capacity;
    (taken >= capacity).then_some(Obstacle::Capacity { channel, taken, capacity })
}

fn taken(agent: &Agent, channel: Channel) -> u32 {
    let count = agent.work.values().filter(|work| work.channel == channel).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn free_slots(center: &Center, member: &Member, seated: Option<&Agent>) -> BTreeMap<Channel, u32> {
    let slots = planner::profile(center, member).slots;
    let free = |(channel, slot): (&Channel, &crate::floor::plan::Slot)| {
        let free = seated.map_or(0, |agent| match hands(center, member, agent, *channel) {
            Some(_) => 0,
            None => slot.capacity.saturating_sub(taken(agent, *channel)),
        });
        (*channel, free)
    };
    slots.iter().map(free).collect()
}

/// Gives where an agent's turn comes among others of the queue, lower first.
fn turn(picture: Picture<'_>, place: &Place, member: &Member) -> (i32, i64, i64) {
    let queue = picture.center.queue(&place.queue);
    let strategy = queue.map(|queue: &Queue| queue.strategy).unwrap_or_default();
    let Some(agent) = picture.agents.get(&member.id) else { return (i32::MAX, 0, 0) };
    let class = need_of(place).map(|need| planner::define_class(picture.center, &need));
    let standing = class.as_ref().and_then(|class| class.profiles.get(&agent.profile));
    let idle = agent.idle_since.as_millis();
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (score, tie) = match strategy {
        Strategy::LongestIdle
        | Strategy::MostSkilled
        | Strategy::LeastSkilled
        | Strategy::RingN { .. } => (idle, 0),
        Strategy::RoundRobin => (count(agent.last_offered), idle),
        Strategy::FewestContacts => (i64::from(agent.handled), idle),
        Strategy::LeastTalkTime => (count(agent.talk_time), idle),
        Strategy::WeightedRandom => (i64::from(agent.draw), idle),
        Strategy::InOrder => (i64::from(agent.seat.order), idle),
    };
    (standing.map_or(i32::MAX, |standing| standing.preference), score, tie)
}
