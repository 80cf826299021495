//! Deadlines that come whenever the model decides, whatever their lengths.

use switchboard_domain::floor::state::{ContactState, Phase};
use switchboard_domain::floor::{Due, Floor};

use super::names::{self, Names};
use super::normal::PAST;

/// A deadline that may come at any time: the order of lengths is not assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Timer {
    /// What a contact's state waits for: menu, ring, connect, or grace when orphaned.
    Contact(u8),
    /// A contact may ring an agent again.
    CoolDown(u8, u8),
    /// A contact's longest wait.
    LongestWait(u8),
    /// An agent's heartbeats.
    AgentLease(u8),
    /// After-call work.
    WrapUp(u8),
    /// A gateway's heartbeats.
    GatewayLease(u8),
    /// A contact looks further.
    Ring(u8),
    /// The patience of the barrier.
    Barrier,
    /// What has come already is fired.
    Due,
}

/// Lets a deadline come: it is in the past from now on, and everything else is not.
pub(super) fn expire(floor: &mut Floor, timer: Timer, names: &Names) {
    match timer {
        Timer::Contact(contact) => expire_contact(floor, names, contact),
        Timer::CoolDown(contact, agent) => {
            let id = &names.agents[usize::from(agent)];
            if let Some(record) = floor.contacts.get_mut(&names.contacts[usize::from(contact)]) {
                record.tried.insert(id.clone(), PAST);
            }
            expire_contact(floor, names, contact);
        }
        Timer::LongestWait(contact) => {
            let id = &names.contacts[usize::from(contact)];
            let Some(record) = floor.contacts.get_mut(id) else { return };
            if let Some(place) = record.place.as_mut() {
                place.overflows_at = PAST;
            }
            if record.state == ContactState::Queued && !record.orphaned {
                expire_contact(floor, names, contact);
            }
        }
        Timer::AgentLease(agent) | Timer::WrapUp(agent) => {
            let id = &names.agents[usize::from(agent)];
            let Some(seat) = floor.agents.get_mut(id) else { return };
            if matches!(timer, Timer::AgentLease(_)) {
                seat.lease_until = Some(PAST);
            }
            for work in seat.work.values_mut() {
                if let (Timer::WrapUp(_), Phase::WrapUp { until, .. }) = (timer, &mut work.phase) {
                    *until = Some(PAST);
                }
            }
            rearm(floor, Due::Agent(id.clone()));
        }
        Timer::GatewayLease(gateway) => {
            let id = &names.gateways[usize::from(gateway)];
            let Some(seat) = floor.gateways.get_mut(id) else { return };
            seat.deadline = Some(PAST);
            rearm(floor, Due::Gateway(id.clone()));
        }
        Timer::Ring(contact) => {
            let record = floor.contacts.get_mut(&names.contacts[usize::from(contact)]);
            let place = record.and_then(|record| record.place.as_mut());
            if let Some(ring) = place.and_then(|place| place.rings.first_mut()) {
                ring.at = PAST;
            }
            expire_contact(floor, names, contact);
        }
        Timer::Barrier => floor.barrier_until = PAST,
        Timer::Due => {}
    }
}

/// Lets the ring of an offer end, so that an accept comes too late.
pub(super) fn expire_offer(floor: &mut Floor, names: &Names, offer: u8) {
    let Some(offer) = floor.offers.get_mut(&names.offers[usize::from(offer)]) else { return };
    offer.expires_at = PAST;
    let contact = names::number(offer.contact.as_str());
    expire_contact(floor, names, u8::try_from(contact).unwrap_or(0));
}

fn expire_contact(floor: &mut Floor, names: &Names, contact: u8) {
    let id = &names.contacts[usize::from(contact)];
    let Some(record) = floor.contacts.get_mut(id) else { return };
    if record.deadline.is_some() {
        record.deadline = Some(PAST);
        rearm(floor, Due::Contact(id.clone()));
    }
}

fn rearm(floor: &mut Floor, due: Due) {
    if let Some(before) = floor.armed.insert(due.clone(), PAST) {
        floor.deadlines.remove(&(before, due.clone()));
    }
    floor.deadlines.insert((PAST, due));
}
