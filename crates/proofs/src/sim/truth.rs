//! The truth at the gateways against what the floor believes.
//!
//! What a gateway has said and the floor has heard must agree before long; a disagreement that lasts
//! is a caller lost, a call that haunts the center, or an agent who is somewhere else.

use std::collections::BTreeMap;
use std::rc::Rc;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::floor::state::{ContactState, Entity};
use switchboard_domain::ids::{AgentId, ContactId};

use super::engine::Millis;
use super::gateway::{Bridge, Gateway, Leg, Talk};
use super::world::World;

/// How many seconds a disagreement may last while nothing is known to be broken.
const PATIENCE: u32 = 45;
const LOOK: Millis = 1_000;
/// How long a gateway may take to hear that a call was handed over or is over.
const HANDOVER: Millis = 10_000;

type Doubts = BTreeMap<(usize, ContactId, &'static str), u32>;

/// Compares once a second.
pub(super) fn start(world: &Rc<World>, doubts: Doubts) {
    world.after(LOOK, move |world| {
        let doubts = look(world, doubts);
        start(world, doubts);
    });
}

fn look(world: &World, before: Doubts) -> Doubts {
    let store = world.store.borrow();
    if store.is_paused(world.now()) {
        return before;
    }
    let mut after = Doubts::new();
    if store.floor.run == store.run() && !store.floor.sweeping {
        for gateway in &world.gateways {
            let gateway = gateway.borrow();
            if is_fresh(&store.floor, &gateway) {
                compare(&store.floor, &gateway, &mut |call, what| {
                    let key = (gateway.index, call.clone(), what);
                    let count = before.get(&key).copied().unwrap_or(0) + 1;
                    after.insert(key, count);
                });
            }
        }
    }
    for ((gateway, call, what), count) in &after {
        if *count == PATIENCE {
            let contact = store.floor.contacts.get(call).map(|contact| &contact.state);
            world.fail(format!("truth: {call} of gateway {gateway} {what}: {contact:?}"));
        }
    }
    after
}

/// Says whether the floor holds the inventory of a gateway's present session.
fn is_fresh(floor: &Floor, gateway: &Gateway) -> bool {
    let known = floor.gateways.get(&gateway.id);
    gateway.up
        && gateway.token.is_some()
        && known.is_some_and(|known| known.fresh && known.token == gateway.token)
}

fn compare(floor: &Floor, gateway: &Gateway, doubt: &mut impl FnMut(&ContactId, &'static str)) {
    for (call, leg) in gateway.legs.iter().filter(|(_, leg)| is_there(leg)) {
        let state = floor.contacts.get(call).map(|contact| &contact.state);
        if let Some(what) = differs(leg, state) {
            doubt(call, what);
        }
    }
    for (call, contact) in &floor.contacts {
        // Somebody who waits to be called back is not on the line, nor is who is yet to be consulted.
        let asked = matches!(contact.state, ContactState::Queued | ContactState::Offered { .. });
        let later = contact.parent.is_some() || contact.callback.is_some_and(|it| !it.reached);
        let comes = contact.token.is_none() || (later && asked);
        let here = contact.gateway == gateway.id && !comes;
        let leg = gateway.legs.get(call).filter(|leg| is_there(leg));
        if here && !contact.state.is_ended() && leg.is_none() {
            doubt(call, "has no leg and has not ended");
        }
    }
}

/// Says whether there is, or was, anybody on the line.
fn is_there(leg: &Leg) -> bool {
    leg.ended.is_some() || leg.is_up() || leg.is_alone()
}

fn differs(leg: &Leg, state: Option<&ContactState>) -> Option<&'static str> {
    if leg.ended.is_some() {
        let over = state.is_none_or(ContactState::is_ended);
        return (!over).then_some("has ended and the floor does not know");
    }
    let Some(state) = state else { return Some("is up and unknown") };
    if state.is_ended() {
        return Some("is up and has ended on the floor");
    }
    match (&leg.bridge, state) {
        (Bridge::Up { agent, .. }, ContactState::Connected { agent: known }) if agent == known => {
            None
        }
        (Bridge::Up { .. }, _) => Some("is with an agent the floor does not know of"),
        (_, ContactState::Connected { .. }) => Some("is with no agent and connected on the floor"),
        (_, ContactState::Connecting { .. }) => Some("is being connected for long"),
        (_, _) => None,
    }
}

/// An agent's telephone rings while his hands are full: wrong, unless nobody could know that they are.
pub(super) fn rung_while_talking(
    world: &World,
    agent: &AgentId,
    here: &Gateway,
    (talks, call): (&[Talk], &ContactId),
) {
    let store = world.store.borrow();
    let is_known = |talk: &Talk| {
        if talk.gateway == here.index {
            return is_fresh(&store.floor, here);
        }
        is_fresh(&store.floor, &world.gateways[talk.gateway].borrow())
    };
    let judge = world.judge.borrow();
    let passed = |call: &ContactId| {
        judge.handed_over.get(call).is_some_and(|at| world.now() < at + HANDOVER)
    };
    let under_way = passed(call) || talks.iter().any(|talk| passed(&talk.call));
    let known = talks.iter().all(is_known);
    drop((judge, store));
    if known && !under_way {
        let others: Vec<&str> = talks.iter().map(|talk| talk.call.as_str()).collect();
        world
            .fail(format!("double: {agent} is rung for {call} and talks to {}", others.join(", ")));
    }
}

/// What another leg says takes an agent from a call of which its gateway has just said that he talks.
pub(super) fn torn(world: &World, floor: &Floor, events: &[Event]) {
    for event in events.iter().filter(|event| event.kind == EventKind::ContactRequeued) {
        let Entity::Contact(call) = &event.entity else { continue };
        let busy = event.fields.get("cause") == Some("agent_busy");
        let Some(contact) = floor.contacts.get(call).filter(|_| busy) else { continue };
        let talks = world.gateways.iter().filter_map(|gateway| gateway.try_borrow().ok());
        let is_true = |gateway: &Gateway| {
            let leg = gateway.legs.get(call).and_then(|leg| leg.bridge.agent());
            let told = event.fields.get("agent");
            let known = floor.gateways.get(&gateway.id);
            known.is_some_and(|known| known.token == gateway.token)
                && gateway.token == contact.token
                && leg.is_some_and(|agent| told == Some(agent.as_str()))
        };
        if talks.into_iter().any(|gateway| is_true(&gateway)) {
            world.fail(format!("torn: {call} loses the agent who talks"));
        }
    }
}

/// What must hold once faults are over and everyone has gone.
pub(super) fn at_rest(world: &World) {
    let store = world.store.borrow();
    let floor = &store.floor;
    let mut wrong = Vec::new();
    if floor.run != store.run() || floor.sweeping || !floor.barrier_open || !floor.settled {
        wrong.push("the floor is not open".to_owned());
    }
    for (id, contact) in &floor.contacts {
        if !contact.state.is_ended() {
            wrong.push(format!("{id} has not ended: {:?}", contact.state));
        }
    }
    for (id, agent) in &floor.agents {
        if !agent.is_idle() || agent.session.is_none() {
            wrong.push(format!("{id} is not at rest: {agent:?}"));
        }
    }
    for gateway in &world.gateways {
        let gateway = gateway.borrow();
        let (legs, facts) = (gateway.legs.len(), gateway.journal.len());
        if legs + facts > 0 {
            wrong.push(format!("{} keeps {legs} legs and {facts} facts", gateway.id));
        }
    }
    let judge = world.judge.borrow();
    for (id, interaction) in &world.durable.borrow().history {
        // When the store and the gateway forget a call at once, or that it goes on after all, nobody is
        // left to tell its end.
        let is_over = floor.contacts.get(id).is_none_or(|contact| contact.state.is_ended());
        let lost = judge.forgotten.contains(id) && is_over;
        if interaction.end_reason.is_none() && !lost {
            wrong.push(format!("{id} has no end in the history"));
        }
    }
    drop((judge, store));
    for what in wrong {
        world.fail(format!("rest: {what}"));
    }
}

/// What must hold some time after faults are over, while callers still arrive.
pub(super) fn is_serving(world: &World) {
    let store = world.store.borrow();
    let open = store.floor.run == store.run() && store.floor.barrier_open;
    drop(store);
    if !open {
        world.fail("rest: the barrier is shut long after the last fault".to_owned());
    }
}
