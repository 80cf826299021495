//! Scenes of contacts held for one agent, and of consultations that a lost gateway held after all.

use std::collections::BTreeMap;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Desk, Leg};
use switchboard_domain::floor::plan::{ClassDefinition, ClassKey, QueueRules, Route};
use switchboard_domain::ids::GatewayId;

use super::pair::Sent;
use super::rare::{MOMENT, answer, leg, lose_gateway, talk, tell, tell_legs};
use super::scene::{Scene, agent, call, class, gateway, plan, profile, rules, to};

/// More agents than are tried in one list, by far.
const CROWD: u32 = 60;
/// The consultation about the first call.
const CONSULT: u32 = 50;

/// Gives every such scene.
pub(super) fn scenes() -> [(&'static str, Vec<Sent>); 6] {
    [
        ("many are held for agents when the barrier opens", held_for_many()),
        ("who is held for an agent is moved out of a full queue", held_and_moved()),
        ("a consultation is found again before what it is about", found(&[(CONSULT, 1), (0, 0)])),
        ("a consultation is found again after what it is about", found(&[(0, 0), (CONSULT, 1)])),
        ("a consultation is found again beside another", found_beside_another()),
        ("a consultation is found again about who waits", found_about_who_waits()),
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
    scene.bring(11, |number| held_for(if number < 10 { 30 + number } else { CROWD }));
    for number in 0..CROWD {
        scene.sign_in(agent(number), profile(0));
    }
    tell_legs(&mut scene, "west", &[]);
    // Some are still to be rung for, and somebody else comes.
    scene.start(20);
    scene.route(20, to(class(0, 1)));
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
    let (route, by) = (held_for(39), "chief".to_owned());
    scene.send(Command::MoveContact { contact: call(0), plan_version: 1, route, by });
    scene.sent
}

/// A gateway that was given up holds a call and the consultation about it, and tells of them in some
/// order.
fn found(legs: &[(u32, u32)]) -> Vec<Sent> {
    let mut scene = lost();
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

/// The call is found, its agent asks somebody else, and then the first consultation is found too.
fn found_beside_another() -> Vec<Sent> {
    let mut scene = lost();
    let name = gateway().to_string();
    tell(&mut scene, &name, vec![leg(0, 0, Channel::Voice)]);
    scene.sign_in(agent(0), profile(0));
    if let Some(desk) = scene.desk(&agent(0)) {
        consult(&mut scene, desk, CONSULT + 1);
    }
    tell(&mut scene, &name, vec![leg(CONSULT, 1, Channel::Voice)]);
    scene.sent
}

fn found_about_who_waits() -> Vec<Sent> {
    let mut scene = lost();
    let unbridged = Leg { bridged_to: None, ..leg(0, 0, Channel::Voice) };
    tell(&mut scene, gateway().as_str(), vec![unbridged, leg(CONSULT, 1, Channel::Voice)]);
    scene.sent
}

fn consult(scene: &mut Scene, desk: Desk, number: u32) {
    let (contact, consult, route) = (call(0), call(number), to(class(0, 1)));
    scene.send(Command::StartConsult { desk, contact, consult, plan_version: 1, route });
}

/// Two talk, one of them to the caller and to the other, when their gateway and their desktops are lost
/// for longer than contacts live.
fn lost() -> Scene {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    let talks = talk(&mut scene, 0);
    scene.sign_in(agent(1), profile(0));
    if let Some((desk, _)) = talks {
        consult(&mut scene, desk, CONSULT);
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
    scene
}
