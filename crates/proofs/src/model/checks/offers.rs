//! Who is offered what: guards, order in line, places kept.

use std::collections::BTreeSet;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::Reply;
use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::floor::state::{Contact, ContactState, Entity};

use super::Taken;
use crate::model::names::{self, Names};
use crate::model::plan::House;
use crate::model::step::Step;
use crate::model::timer::expire_offer;

/// I5 offerable and I18 fair.
pub(super) fn check_offers(taken: &Taken<'_>, events: &[Event]) -> Option<String> {
    let floor = taken.after;
    for event in events.iter().filter(|event| event.kind == EventKind::OfferMade) {
        let Entity::Offer(id) = &event.entity else { continue };
        let Some(offer) = floor.offers.get(id).filter(|offer| offer.outcome.is_none()) else {
            continue;
        };
        let (Some(contact), Some(agent)) =
            (floor.contacts.get(&offer.contact), floor.agents.get(&offer.agent))
        else {
            return Some(format!("I5 offerable: offer {id} names what is unknown"));
        };
        let fresh = is_vouched(floor, contact);
        let seated = agent.session.is_some_and(|session| session.epoch == floor.epoch);
        if !floor.barrier_open || !fresh || contact.orphaned || !seated {
            return Some(format!("I5 offerable: offer {id} was made without its guard"));
        }
        let Some(place) = &contact.place else { continue };
        if taken.before.plan.queues.get(&place.queue).is_some_and(|rules| {
            let active = floor.active.get(&place.queue).map_or(0, BTreeSet::len);
            u32::try_from(active).is_ok_and(|active| active > rules.max_active)
        }) {
            return Some(format!("queue {} serves more than it may", place.queue));
        }
        // A supervisor may choose whom he likes.
        if matches!(taken.step, Step::Assign { .. }) {
            continue;
        }
        let ahead =
            floor.waiting.get(&place.class).into_iter().flatten().find(|(rank, _, other)| {
                (*rank, other) < (place.rank, &offer.contact)
                    && floor.contacts.get(other).is_some_and(|other| {
                        !other.has_tried(&offer.agent, floor.now) && is_vouched(floor, other)
                    })
            });
        if let Some((_, _, other)) = ahead {
            return Some(format!("I18 fair: {} was offered before {other}", offer.contact));
        }
    }
    None
}

fn is_vouched(floor: &Floor, contact: &Contact) -> bool {
    let gateway = floor.gateways.get(&contact.gateway);
    gateway.is_some_and(|gateway| gateway.fresh && gateway.token == contact.token)
}

/// I6 live accept: also just after the ring has ended.
pub(super) fn check_accept(
    taken: &Taken<'_>,
    reply: &Reply,
    names: &Names,
    house: House,
) -> Option<String> {
    let (Step::Accept { agent, session, offer }, Reply::Done { .. }) = (taken.step, reply) else {
        return None;
    };
    let record = taken.before.offers.get(&names.offers[usize::from(offer)]);
    let id = &names.agents[usize::from(agent)];
    let seat = taken.before.agents.get(id).and_then(|known| known.session);
    let live = record.is_some_and(|record| record.outcome.is_none() && record.agent == *id);
    let known = seat == Some(names::token(session));
    let current = seat.is_some_and(|seat| seat.epoch == taken.before.epoch);
    if !live || !known || !current {
        return Some(format!(
            "I6 live accept: agent {id} accepted an offer that was not his to take"
        ));
    }
    let mut late = taken.before.clone();
    expire_offer(&mut late, names, offer);
    late.apply(taken.envelope, &taken.step.command(names, house))
        .is_ok()
        .then(|| format!("I6 live accept: agent {id} accepted after the ring had ended"))
}

/// A place is kept through everything, and a full queue takes nobody in.
pub(super) fn check_places(taken: &Taken<'_>) -> Option<String> {
    for (id, contact) in &taken.after.contacts {
        let before = taken.before.contacts.get(id);
        let (Some(was), Some(is)) =
            (before.and_then(|before| before.place.as_ref()), &contact.place)
        else {
            continue;
        };
        if (was.rank, was.sequence) != (is.rank, is.sequence) {
            return Some(format!("I18 fair: contact {id} lost its place in line"));
        }
    }
    for (queue, line) in &taken.after.queued {
        let limit = taken.after.plan.queues.get(queue).map_or(0, |rules| rules.max_waiting);
        let before = taken.before.queued.get(queue);
        let entered = line.iter().any(|(_, _, id)| {
            let was = taken.before.contacts.get(id).map(|contact| &contact.state);
            matches!(was, Some(ContactState::InMenu))
        });
        if entered && before.map_or(0, BTreeSet::len) >= limit as usize {
            return Some(format!("queue {queue} is full and took another contact in"));
        }
    }
    None
}

/// Who transfers a call is not rung for it at once.
pub(super) fn check_transfer(taken: &Taken<'_>, names: &Names) -> Option<String> {
    let Step::Transfer { agent, contact, .. } = taken.step else { return None };
    let agent = &names.agents[usize::from(agent)];
    let contact = taken.after.contacts.get(&names.contacts[usize::from(contact)])?;
    (!contact.has_tried(agent, taken.after.now))
        .then(|| format!("agent {agent} may be rung for the call he transferred"))
}
