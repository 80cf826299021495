//! What must hold of one step of the production reducer, whatever the world does with it.
//!
//! The numbers are those of the routing specification. Each check runs once for each different
//! floor and step, not once for each state of the world that takes the step.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::floor::command::{Command, Envelope, Reply};
use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Agent, AgentState, Contact, ContactState, Entity, Want};
use switchboard_domain::floor::{Floor, invariants};
use switchboard_domain::ids::ContactId;

use super::names::Names;
use super::normal::{NOW, PAST};
use super::plan::House;
use super::step::Step;
use super::timer::{Timer, expire_offer};

/// A step and what came of it; both floors hold the plan.
pub(super) struct Taken<'a> {
    pub(super) before: &'a Floor,
    pub(super) after: &'a Floor,
    pub(super) step: Step,
    pub(super) envelope: &'a Envelope,
    pub(super) outcome: &'a Result<(Reply, Vec<Event>), Rejection>,
}

/// Gives the first rule the step breaks.
pub(super) fn check(taken: &Taken<'_>, names: &Names, house: House) -> Option<String> {
    match taken.outcome {
        Err(refusal) => check_refusal(taken, refusal),
        Ok((reply, events)) => check_invariants(taken)
            .or_else(|| check_order(taken, events))
            .or_else(|| check_clock(taken))
            .or_else(|| check_offers(taken, events))
            .or_else(|| check_accept(taken, reply, names, house))
            .or_else(|| check_places(taken))
            .or_else(|| check_transfer(taken, names))
            .or_else(|| check_stale(taken, names, house))
            .or_else(|| check_agents(taken, house))
            .or_else(|| check_turns(taken))
            .or_else(|| check_rings(taken, names))
            .or_else(|| check_repeat(taken, reply, names, house)),
    }
}

fn check_refusal(taken: &Taken<'_>, refusal: &Rejection) -> Option<String> {
    (taken.before != taken.after).then(|| {
        format!("I17 total: {:?} was refused ({refusal}) and changed something", taken.step)
    })
}

/// I1 to I4, and that no ready agent faces an eligible contact.
fn check_invariants(taken: &Taken<'_>) -> Option<String> {
    if taken.after.sweeping {
        return None;
    }
    invariants::check(taken.after).into_iter().next()
}

/// I11 and I12: versions grow by one, each with an event; over is over.
fn check_order(taken: &Taken<'_>, events: &[Event]) -> Option<String> {
    let mut versions: BTreeMap<&Entity, u64> = BTreeMap::new();
    for event in events.iter().filter(|event| !matches!(event.entity, Entity::Offer(_))) {
        let version = versions.entry(&event.entity).or_default();
        *version += 1;
        if event.version != *version {
            return Some(format!("I11 order: {:?} has version {}", event.kind, event.version));
        }
    }
    let told = |entity: Entity| versions.get(&entity).copied().unwrap_or(0);
    for (id, contact) in &taken.after.contacts {
        let before = taken.before.contacts.get(id).map(|known| &known.state);
        let reopened = events.iter().any(|event| {
            event.kind == EventKind::ContactReopened && event.entity == Entity::Contact(id.clone())
        });
        if told(Entity::Contact(id.clone())) != contact.version {
            return Some(format!("I12 outbox: contact {id} changed without an event"));
        }
        if before != Some(&contact.state) && contact.version == 0 {
            return Some(format!("I12 outbox: contact {id} became {:?} silently", contact.state));
        }
        if before.is_some_and(ContactState::is_ended) && !contact.state.is_ended() && !reopened {
            return Some(format!("I11 order: contact {id} came back from its end"));
        }
    }
    for (id, agent) in &taken.after.agents {
        let before = taken.before.agents.get(id).map(Agent::state);
        let state = agent.state();
        if before.unwrap_or(AgentState::Offline) != state && agent.version == 0 {
            return Some(format!("I12 outbox: agent {id} became {state:?} silently"));
        }
    }
    None
}

fn check_clock(taken: &Taken<'_>) -> Option<String> {
    let passed = taken.after.now.as_millis() - NOW;
    (!(0..=1_000).contains(&passed)).then(|| format!("I15 clock: moved by {passed} ms"))
}

/// I5 offerable and I18 fair.
fn check_offers(taken: &Taken<'_>, events: &[Event]) -> Option<String> {
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
        // Exempt: a supervisor's choice, and a queue that serves few at once, where the contact that
        // made room may be offered again before the one ahead.
        let limited = taken.after.plan.queues.get(&place.queue);
        let limited = limited.is_some_and(|rules| rules.max_active < u32::MAX);
        if limited || matches!(taken.step, Step::Assign { .. } | Step::Move { .. }) {
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
fn check_accept(taken: &Taken<'_>, reply: &Reply, names: &Names, house: House) -> Option<String> {
    let (Step::Accept { agent, session, offer }, Reply::Done { .. }) = (taken.step, reply) else {
        return None;
    };
    let record = taken.before.offers.get(&names.offers[usize::from(offer)]);
    let id = &names.agents[usize::from(agent)];
    let seat = taken.before.agents.get(id).and_then(|known| known.session);
    let live = record.is_some_and(|record| record.outcome.is_none() && record.agent == *id);
    let known = seat == Some(super::names::token(session));
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
fn check_places(taken: &Taken<'_>) -> Option<String> {
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

/// Capacity, and that only who wants contacts is rung.
fn check_agents(taken: &Taken<'_>, house: House) -> Option<String> {
    for (id, agent) in &taken.after.agents {
        let hands = agent.work.len() + usize::from(agent.offer.is_some());
        if u32::try_from(hands).unwrap_or(u32::MAX) > house.capacity {
            return Some(format!("I2 one: agent {id} has more in his hands than he can hold"));
        }
        if agent.offer.is_some() && agent.want != Want::Ready {
            return Some(format!("agent {id} is rung and wants no contacts"));
        }
        let most = agent.misses.values().copied().max().unwrap_or(0);
        if house.miss_threshold > 0 && most >= house.miss_threshold && agent.want == Want::Ready {
            return Some(format!("agent {id} missed {most} offers and is still ready"));
        }
    }
    None
}

/// Whoever was rung in vain because another was faster keeps his turn.
fn check_turns(taken: &Taken<'_>) -> Option<String> {
    let Step::Accept { .. } = taken.step else { return None };
    for (id, agent) in &taken.after.agents {
        let Some(before) = taken.before.agents.get(id) else { continue };
        let free = before.offer.is_some() && agent.is_idle();
        if free && before.idle_since != agent.idle_since {
            return Some(format!("agent {id} lost his turn to an offer that another accepted"));
        }
    }
    None
}

/// A contact looks further when its time has come, and where nobody works at once.
fn check_rings(taken: &Taken<'_>, names: &Names) -> Option<String> {
    if let Step::Fire(Timer::Ring(contact)) = taken.step {
        let left = |floor: &Floor| {
            let contact = floor.contacts.get(&names.contacts[usize::from(contact)]);
            contact.and_then(|contact| contact.place.as_ref()).map_or(0, |place| place.rings.len())
        };
        if left(taken.after) >= left(taken.before) {
            return Some(format!("contact c{contact} does not look further as it ages"));
        }
    }
    if taken.after.deadlines.first().is_some_and(|(at, _)| *at <= taken.after.now) {
        return None;
    }
    let works = |class: &ClassKey| {
        let class = taken.after.plan.classes.get(class);
        let serves = |agent: &Agent| {
            agent.is_working()
                && class.is_some_and(|class| class.profiles.contains_key(&agent.profile))
        };
        taken.after.agents.values().any(serves)
    };
    taken.after.waiting.iter().find_map(|(class, line)| {
        let further = |id: &ContactId| {
            let place = taken.after.contacts.get(id).and_then(|contact| contact.place.as_ref());
            place.and_then(|place| place.rings.first()).is_some_and(|ring| ring.when_empty)
        };
        let stays = line.iter().any(|(_, _, id)| further(id));
        (stays && !works(class)).then(|| format!("a contact stays in {class}, where nobody works"))
    })
}

/// Who transfers a call is not rung for it at once.
fn check_transfer(taken: &Taken<'_>, names: &Names) -> Option<String> {
    let Step::Transfer { agent, contact, .. } = taken.step else { return None };
    let agent = &names.agents[usize::from(agent)];
    // Exempt: a call that a crash left without a place has no queue whose cool-down could hold.
    taken.before.contacts.get(&names.contacts[usize::from(contact)])?.place.as_ref()?;
    let contact = taken.after.contacts.get(&names.contacts[usize::from(contact)])?;
    (!contact.has_tried(agent, taken.after.now))
        .then(|| format!("agent {agent} may be rung for the call he transferred"))
}

/// I14 idempotent: a report older than the newest that was taken changes nothing.
fn check_stale(taken: &Taken<'_>, names: &Names, house: House) -> Option<String> {
    let mut command = taken.step.command(names, house);
    let (Command::RouteContact { report, .. }
    | Command::ReportBridged { report, .. }
    | Command::ReportBridgeFailed { report, .. }
    | Command::ReportAgentGone { report }
    | Command::HangUp { report, .. }) = &mut command
    else {
        return None;
    };
    report.call_sequence = 0;
    let mut floor = taken.before.clone();
    let outcome = floor.apply(taken.envelope, &command);
    outcome
        .is_ok_and(|(reply, events)| reply != Reply::Duplicate || !events.is_empty())
        .then(|| format!("I14 idempotent: {:?} was taken although a later report was", taken.step))
}

/// I14 idempotent: the same once more changes nothing. Also: no deadline fires by itself.
fn check_repeat(taken: &Taken<'_>, reply: &Reply, names: &Names, house: House) -> Option<String> {
    let anew = matches!(
        taken.step,
        Step::Join { .. } | Step::SignIn { .. } | Step::Open { .. } | Step::Move { .. }
    );
    if anew || *reply == Reply::More {
        return None;
    }
    let due = taken.after.deadlines.first().is_some_and(|(at, _)| *at <= PAST);
    let mut floor = taken.after.clone();
    let outcome = floor.apply(taken.envelope, &taken.step.command(names, house));
    let told = outcome.is_ok_and(|(_, events)| !events.is_empty());
    (told && !due).then(|| format!("I14 idempotent: {:?} once more changed something", taken.step))
}
