//! What must hold of one step of the production reducer, whatever the world does with it.
//!
//! The numbers are those of the routing specification. Each check runs once for each different
//! floor and step, not once for each state of the world that takes the step.

mod offers;
mod queues;

use std::collections::BTreeMap;

use switchboard_domain::floor::command::{Command, Envelope, Reply};
use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Agent, AgentState, ContactState, Entity};
use switchboard_domain::floor::{Floor, invariants};

use super::names::Names;
use super::normal::{NOW, PAST};
use super::plan::House;
use super::step::Step;
use offers::{check_accept, check_offers, check_places, check_transfer};
use queues::{check_agents, check_rings, check_turns};

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
