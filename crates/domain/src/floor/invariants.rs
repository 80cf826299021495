//! What holds on a floor after every step, as code.
//!
//! The names are those of the routing specification: I1 link, I2 one, I3 index, I4 cover, and so on.
//! Invariants about several steps (order, clock, idempotence) are properties of the tests.

use crate::ids::{AgentId, ContactId};

use super::state::{Agent, AgentState, Contact, ContactState};
use super::{Due, Floor};

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
    check_matched(floor, &mut broken);
    broken
}

fn check_contact(floor: &Floor, id: &ContactId, contact: &Contact, broken: &mut Vec<String>) {
    let agent_state = contact.state.agent().and_then(|agent| floor.agents.get(agent));
    let agent_state = agent_state.map(|agent| &agent.state);
    let linked = match &contact.state {
        ContactState::Offered { offer, .. } => {
            let expected = AgentState::Offered { offer: offer.clone(), contact: id.clone() };
            agent_state == Some(&expected)
        }
        ContactState::Connecting { .. } | ContactState::Connected { .. } => {
            agent_state == Some(&AgentState::Busy { contact: id.clone() })
        }
        ContactState::InMenu | ContactState::Queued | ContactState::Ended { .. } => true,
    };
    if !linked {
        broken.push(format!(
            "I1 link: contact {id} is {:?}, its agent {agent_state:?}",
            contact.state
        ));
    }
    check_line(floor, id, contact, broken);
    let armed = floor.deadlines.iter().filter(|(_, due)| *due == Due::Contact(id.clone())).count();
    let needs = contact.orphaned
        || !matches!(contact.state, ContactState::Connected { .. } | ContactState::Ended { .. });
    if armed != usize::from(needs) || contact.deadline.is_some() != needs {
        broken.push(format!("I4 cover: contact {id} in {:?} has {armed} deadlines", contact.state));
    }
}

fn check_line(floor: &Floor, id: &ContactId, contact: &Contact, broken: &mut Vec<String>) {
    let classes = floor.waiting.iter().filter(|(_, line)| line.iter().any(|(_, _, c)| c == id));
    let classes: Vec<_> = classes.map(|(class, _)| class).collect();
    let queues = floor.queued.values().filter(|line| line.iter().any(|(_, _, c)| c == id)).count();
    let gateway = floor.gateways.get(&contact.gateway);
    let vouched = !contact.orphaned
        && gateway.is_some_and(|gateway| gateway.fresh && gateway.token == Some(contact.token));
    let waits = contact.state == ContactState::Queued;
    let placed = contact.place.as_ref().map(|place| &place.class);
    let fits = match classes.as_slice() {
        [] => !(waits && vouched),
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

fn check_agent(floor: &Floor, id: &AgentId, agent: &Agent, broken: &mut Vec<String>) {
    let contact_state = agent.state.contact().and_then(|contact| floor.contacts.get(contact));
    let contact_state = contact_state.map(|contact| &contact.state);
    let linked = match &agent.state {
        AgentState::Offered { offer, .. } => {
            let expected = ContactState::Offered { offer: offer.clone(), agent: id.clone() };
            contact_state == Some(&expected)
        }
        AgentState::Busy { .. } => contact_state.is_some_and(|state| {
            matches!(state, ContactState::Connecting { .. } | ContactState::Connected { .. })
                && state.agent() == Some(id)
        }),
        AgentState::Offline
        | AgentState::NotReady
        | AgentState::Ready
        | AgentState::WrapUp { .. } => true,
    };
    if !linked {
        broken.push(format!(
            "I1 link: agent {id} is {:?}, his contact {contact_state:?}",
            agent.state
        ));
    }
    let listed = floor.ready.iter().filter(|(_, ready)| ready.iter().any(|(_, a)| a == id));
    let listed: Vec<_> = listed.map(|(profile, _)| profile).collect();
    let ready = agent.state == AgentState::Ready;
    if listed.len() != usize::from(ready) || (ready && listed != [&agent.profile]) {
        broken.push(format!("I3 index: agent {id} in {:?} is listed in {listed:?}", agent.state));
    }
    check_agent_cover(floor, id, agent, broken);
}

fn check_agent_cover(floor: &Floor, id: &AgentId, agent: &Agent, broken: &mut Vec<String>) {
    let armed = floor.deadlines.iter().filter(|(_, due)| *due == Due::Agent(id.clone())).count();
    let needs = match agent.state {
        AgentState::Offline => false,
        AgentState::NotReady
        | AgentState::Ready
        | AgentState::Offered { .. }
        | AgentState::WrapUp { .. } => true,
        AgentState::Busy { .. } => !agent.detached,
    };
    if armed != usize::from(needs) || agent.deadline().is_some() != needs {
        broken.push(format!("I4 cover: agent {id} in {:?} has {armed} deadlines", agent.state));
    }
    if agent.detached && agent.session.is_some() {
        broken.push(format!("I4 cover: agent {id} is detached and has a session"));
    }
}

fn check_offers(floor: &Floor, broken: &mut Vec<String>) {
    for (id, offer) in &floor.offers {
        let current = floor.contacts.get(&offer.contact).map(|contact| &contact.state);
        let live = current
            == Some(&ContactState::Offered { offer: id.clone(), agent: offer.agent.clone() });
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
                floor.agents.get(id).is_some_and(|agent| agent.state != AgentState::Offline)
            }
            Due::Contact(id) => {
                floor.contacts.get(id).is_some_and(|contact| !contact.state.is_ended())
            }
            Due::Gateway(_) => false,
        };
        if !known {
            broken.push(format!("I3 index: {due:?} is listed as live"));
        }
    }
    for (gateway, legs) in &floor.legs {
        for (id, number) in legs {
            let contact = floor.contacts.get(id);
            let right = contact.is_some_and(|contact| {
                let expected = if contact.orphaned { 0 } else { contact.token.number };
                contact.gateway == *gateway && *number == expected && !contact.state.is_ended()
            });
            if !right {
                broken.push(format!("I3 index: leg {id} of {gateway} is listed under {number}"));
            }
        }
    }
}

/// No ready agent and eligible waiting contact both remain once everything is settled.
fn check_matched(floor: &Floor, broken: &mut Vec<String>) {
    if !floor.barrier_open || !floor.settled || floor.sweeping {
        return;
    }
    for (class, line) in &floor.waiting {
        let Some(plan) = floor.plan.classes.get(class) else {
            continue;
        };
        for (_, _, id) in line {
            let Some(contact) = floor.contacts.get(id) else {
                continue;
            };
            // A cool-down that has just passed is looked at when the deadline fires.
            if contact.deadline.is_some_and(|deadline| deadline <= floor.now) {
                continue;
            }
            let gateway = floor.gateways.get(&contact.gateway);
            if !gateway.is_some_and(|gateway| gateway.fresh && gateway.token == Some(contact.token))
            {
                continue;
            }
            let ready =
                plan.profiles.keys().filter_map(|profile| floor.ready.get(profile)).flatten();
            for (_, agent) in ready {
                if !contact.has_tried(agent, floor.now) {
                    broken.push(format!("matched: {agent} is ready while {id} waits in {class}"));
                }
            }
        }
    }
}
