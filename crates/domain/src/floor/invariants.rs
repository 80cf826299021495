//! What holds on a floor after every step, as code.
//!
//! The names are those of the routing specification: I1 link, I2 one, I3 index, I4 cover, and so on.
//! Invariants about several steps (order, clock, idempotence) are properties of the tests.

mod matched;

use std::collections::BTreeSet;

use crate::ids::{AgentId, ContactId, OfferId};

use super::state::{Agent, AgentState, Contact, ContactState, Phase, Ringing};
use super::{Due, Floor, caller_key};

/// Checks every invariant; gives each one that does not hold, in words.
pub fn check(floor: &Floor) -> Vec<String> {
    let mut broken = Vec::new();
    for (id, contact) in &floor.contacts {
        check_contact(floor, id, contact, &mut broken);
    }
    for (id, agent) in &floor.agents {
        check_agent(floor, id, agent, &mut broken);
    }
    check_offers(floor, &mut broken);
    check_indices(floor, &mut broken);
    check_callbacks(floor, &mut broken);
    matched::check(floor, &mut broken);
    broken
}

fn check_contact(floor: &Floor, id: &ContactId, contact: &Contact, broken: &mut Vec<String>) {
    let rung = |(offer, agent): &(OfferId, AgentId)| {
        let expected = Ringing { offer: offer.clone(), contact: id.clone() };
        floor.agents.get(agent).is_some_and(|seat| seat.offer.as_ref() == Some(&expected))
    };
    let linked = match &contact.state {
        ContactState::Offered { offers } => !offers.is_empty() && offers.iter().all(rung),
        ContactState::Connecting { agent, .. } | ContactState::Connected { agent } => {
            floor.agents.get(agent).is_some_and(|seat| seat.talks_to(id))
        }
        ContactState::InMenu | ContactState::Queued | ContactState::Ended { .. } => true,
    };
    if !linked {
        broken.push(format!(
            "I1 link: contact {id} is {:?}, its agents know otherwise",
            contact.state
        ));
    }
    check_consult(floor, id, contact, broken);
    check_line(floor, id, contact, broken);
    check_active(floor, id, contact, broken);
    let armed = floor.deadlines.iter().filter(|(_, due)| *due == Due::Contact(id.clone())).count();
    let needs = contact.orphaned
        || !matches!(contact.state, ContactState::Connected { .. } | ContactState::Ended { .. });
    if armed != usize::from(needs) || contact.deadline.is_some() != needs {
        broken.push(format!("I4 cover: contact {id} in {:?} has {armed} deadlines", contact.state));
    }
}

fn check_consult(floor: &Floor, id: &ContactId, contact: &Contact, broken: &mut Vec<String>) {
    let Some(consult) = contact.consult.as_ref().filter(|_| !contact.state.is_ended()) else {
        return;
    };
    let up = floor.contacts.get(consult).filter(|it| !it.state.is_ended());
    if contact.state.agent().is_none() || up.and_then(|it| it.parent.as_ref()) != Some(id) {
        broken.push(format!("I1 link: {consult} is no consultation about {id}"));
    }
}

fn check_line(floor: &Floor, id: &ContactId, contact: &Contact, broken: &mut Vec<String>) {
    let classes = floor.waiting.iter().filter(|(_, line)| line.iter().any(|(_, _, c)| c == id));
    let classes: Vec<_> = classes.map(|(class, _)| class).collect();
    let queues = floor.queued.values().filter(|line| line.iter().any(|(_, _, c)| c == id)).count();
    let waits = contact.state == ContactState::Queued;
    let due = contact.callback.is_none_or(|callback| {
        callback.opens_at <= floor.now && contact.deadline.is_none_or(|at| at > floor.now)
    });
    let placed = contact.place.as_ref().map(|place| &place.class);
    let fits = match classes.as_slice() {
        [] => !(waits && due && is_vouched(floor, contact)),
        [class] => waits && Some(*class) == placed,
        _ => false,
    };
    if !fits || queues != classes.len() {
        broken.push(format!(
            "I3 index: contact {id} in {:?} is in classes {classes:?}, {queues} queues",
            contact.state
        ));
    }
}

fn is_vouched(floor: &Floor, contact: &Contact) -> bool {
    let gateway = floor.gateways.get(&contact.gateway);
    let held = gateway.is_some_and(|gateway| gateway.fresh && gateway.token == contact.token);
    !contact.orphaned && (contact.token.is_none() || held)
}

fn check_active(floor: &Floor, id: &ContactId, contact: &Contact, broken: &mut Vec<String>) {
    let queue = contact.place.as_ref().map(|place| &place.queue);
    let owed = contact.callback.filter(|_| contact.is_owed() && !contact.state.is_ended());
    let ends = contact.place.as_ref().zip(owed);
    if ends.is_some_and(|(place, times)| place.overflows_at != times.closes_at) {
        broken.push(format!("owed: {id} does not wait until the time to call is over"));
    }
    let counted: Vec<_> =
        floor.active.iter().filter(|(_, active)| active.contains(id)).map(|(q, _)| q).collect();
    let expected: Vec<_> = queue.filter(|_| contact.state.is_active()).into_iter().collect();
    if counted != expected {
        broken.push(format!("I3 index: contact {id} is active in {counted:?}, not {expected:?}"));
    }
}

fn check_callbacks(floor: &Floor, broken: &mut Vec<String>) {
    for (key, id) in &floor.callbacks {
        let contact = floor.contacts.get(id);
        let open = contact.filter(|it| it.is_owed() && !it.state.is_ended());
        let place = open.and_then(|it| Some((it, it.place.as_ref()?)));
        if place.is_none_or(|(it, place)| caller_key(&place.queue, &it.caller) != *key) {
            broken.push(format!("I3 index: {id} is no open callback of {key:?}"));
        }
    }
}

fn check_agent(floor: &Floor, id: &AgentId, agent: &Agent, broken: &mut Vec<String>) {
    let rings = agent.offer.as_ref().is_none_or(|ringing| {
        let contact = floor.contacts.get(&ringing.contact);
        let expected = (ringing.offer.clone(), id.clone());
        contact.is_some_and(|contact| contact.state.offers().contains(&expected))
    });
    let talks =
        agent.work.iter().filter(|(_, work)| work.phase == Phase::Talking).all(|(contact, _)| {
            floor.contacts.get(contact).is_some_and(|found| found.state.agent() == Some(id))
        });
    if !rings || !talks {
        broken.push(format!(
            "I1 link: agent {id} is {:?}, his contacts know otherwise",
            agent.state()
        ));
    }
    check_listed(floor, id, agent, broken);
    check_agent_cover(floor, id, agent, broken);
}

fn check_listed(floor: &Floor, id: &AgentId, agent: &Agent, broken: &mut Vec<String>) {
    let listed = floor.ready.iter().filter(|(_, ready)| ready.iter().any(|(_, a)| a == id));
    let listed: BTreeSet<_> = listed.map(|(key, _)| key.clone()).collect();
    let ability = floor.plan.abilities.get(&agent.profile);
    let free = ability.into_iter().flat_map(|ability| {
        let slots = ability.slots.iter().filter(|(channel, slot)| {
            let taken = agent.work.values().filter(|work| work.channel == **channel).count();
            let blocked = agent.work.values().any(|work| slot.blocked_by.contains(&work.channel));
            let room = taken < usize::try_from(slot.capacity).unwrap_or(usize::MAX);
            agent.is_working() && agent.offer.is_none() && room && !blocked
        });
        slots.flat_map(|(channel, _)| {
            ability.orders.iter().map(|order| (agent.profile.clone(), *channel, *order))
        })
    });
    let expected: BTreeSet<_> = free.collect();
    if listed != expected {
        broken.push(format!("I3 index: agent {id} is listed in {listed:?}, not {expected:?}"));
    }
    let counted = floor.staff.iter().filter(|(_, staff)| staff.contains(id)).map(|(key, _)| key);
    let counted: Vec<_> = counted.collect();
    let works: Vec<_> = Some(&agent.profile).filter(|_| agent.is_working()).into_iter().collect();
    if counted != works {
        broken.push(format!("I3 index: agent {id} works for {counted:?}, not {works:?}"));
    }
}

fn check_agent_cover(floor: &Floor, id: &AgentId, agent: &Agent, broken: &mut Vec<String>) {
    let armed = floor.deadlines.iter().filter(|(_, due)| *due == Due::Agent(id.clone())).count();
    let needs = agent.session.is_some() || agent.wrap_up_until().is_some();
    let stuck = agent.detached && !agent.work.values().any(|work| work.phase == Phase::Talking);
    if armed != usize::from(needs) || agent.deadline().is_some() != needs || (stuck && !needs) {
        broken.push(format!("I4 cover: agent {id} in {:?} has {armed} deadlines", agent.state()));
    }
    if agent.session.is_none() && !agent.detached && !agent.is_idle() {
        broken.push(format!("I4 cover: agent {id} is gone with work in his hands"));
    }
    if agent.detached && agent.session.is_some() {
        broken.push(format!("I4 cover: agent {id} is detached and has a session"));
    }
}

fn check_offers(floor: &Floor, broken: &mut Vec<String>) {
    for (id, offer) in &floor.offers {
        let current = floor.contacts.get(&offer.contact).map(|contact| &contact.state);
        let live = current
            .is_some_and(|state| state.offers().contains(&(id.clone(), offer.agent.clone())));
        if live != offer.outcome.is_none() {
            broken.push(format!(
                "I2 one: offer {id} has {:?}, contact is {current:?}",
                offer.outcome
            ));
        }
    }
}

fn check_indices(floor: &Floor, broken: &mut Vec<String>) {
    for due in floor.live.keys() {
        let known = match due {
            Due::Agent(id) => {
                floor.agents.get(id).is_some_and(|agent| agent.state() != AgentState::Offline)
            }
            Due::Contact(id) => {
                floor.contacts.get(id).is_some_and(|contact| !contact.state.is_ended())
            }
            Due::Gateway(_) | Due::Class(_) | Due::Place(_) => false,
        };
        if !known {
            broken.push(format!("I3 index: {due:?} is listed as live"));
        }
    }
    for (gateway, legs) in &floor.legs {
        for (id, number) in legs {
            let contact = floor.contacts.get(id);
            let right = contact.is_some_and(|contact| {
                let token = contact.token.map(|token| token.number);
                let expected = if contact.orphaned { Some(0) } else { token };
                contact.gateway == *gateway
                    && Some(*number) == expected
                    && !contact.state.is_ended()
            });
            if !right {
                broken.push(format!("I3 index: leg {id} of {gateway} is listed under {number}"));
            }
        }
    }
}
