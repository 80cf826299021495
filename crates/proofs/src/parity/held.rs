//! Scenes of contacts held for one agent, and of consultations that a lost gateway held after all.

use std::collections::BTreeMap;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::plan::{ClassDefinition, ClassKey, QueueRules, Route};
use switchboard_domain::ids::GatewayId;

use super::pair::Sent;
use super::rare::{MOMENT, answer, leg, lose_gateway, talk, tell, tell_legs};
use super::scene::{Scene, agent, call, class, gateway, plan, profile, rules, to};

/// More agents than are tried in one list.
const CROWD: u32 = 24;
/// The consultation about the first call.
const CONSULT: u32 = 50;

/// Gives every such scene.
pub(super) fn scenes() -> [(&'static str, Vec<Sent>); 4] {
    [
        ("many are held for agents when the barrier opens", held_for_many()),
        ("who is held for an agent is moved out of a full queue", held_and_moved()),
        ("a consultation is found again before what it is about", found(&[(CONSULT, 1), (0, 0)])),
        ("a consultation is found again after what it is about", found(&[(0, 0), (CONSULT, 1)])),
    ]
}

fn held_for(number: u32) -> Route {
    let key = ClassKey::personal(&agent(number));
    to(ClassDefinition { key, profiles: BTreeMap::new() })
}

fn held_for_many() -> Vec<Sent> {
    let west = GatewayId::parse("west").expect("a word is an id");
    let mut scene = Scene::open(plan(1, 1, rules()), &[west]);
    // The last of them is held for somebody whom nobody has seen.
    scene.bring(11, |number| held_for(CROWD - 10 + number));
    for number in 0..CROWD {
        scene.sign_in(agent(number), profile(0));
    }
    tell_legs(&mut scene, "west", &[]);
    scene.pass(1);
    scene.sent
}

fn held_and_moved() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, QueueRules { max_active: 1, ..rules() }), &[]);
    for number in 0..CROWD {
        scene.sign_in(agent(number), profile(0));
    }
    scene.start(0);
    scene.route(0, to(class(0, 1)));
    let (route, by) = (held_for(CROWD - 1), "chief".to_owned());
    scene.send(Command::MoveContact { contact: call(0), plan_version: 1, route, by });
    scene.sent
}

/// A gateway that was given up holds a call and the consultation about it, and tells of them in some
/// order; then it has lost them.
fn found(legs: &[(u32, u32)]) -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    let talks = talk(&mut scene, 0);
    scene.sign_in(agent(1), profile(0));
    if let Some((desk, contact)) = talks {
        let (consult, route) = (call(CONSULT), to(class(0, 1)));
        scene.send(Command::StartConsult { desk, contact, consult, plan_version: 1, route });
    }
    if let Some(offer) = answer(&mut scene, &agent(1)) {
        let report = scene.report(&call(CONSULT));
        scene.send(Command::ReportBridged { report, offer });
    }
    for desk in [0, 1].map(|number| scene.desk(&agent(number))).into_iter().flatten() {
        scene.send(Command::RenewAgent { desk, lease: MOMENT });
    }
    lose_gateway(&mut scene);
    scene.pass(35);
    let told = |number: usize| {
        let legs = legs.iter().take(number);
        legs.map(|(contact, bridged)| leg(*contact, *bridged, Channel::Voice)).collect()
    };
    let name = gateway().to_string();
    // First it finds one of them, and loses it again; then both.
    tell(&mut scene, &name, told(1));
    tell(&mut scene, &name, Vec::new());
    tell(&mut scene, &name, told(2));
    scene.pass(60);
    scene.sent
}
