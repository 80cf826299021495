//! Scenes of what gateways find with agents who cannot have it all.

use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Leg};
use switchboard_domain::floor::plan::{ProfileDefinition, QueueRules, WrapUpMode};
use switchboard_domain::ids::{GatewayId, QueueId};

use super::pair::Sent;
use super::rare::{answer, find, leg, talk, tell};
use super::scene::{Scene, agent, call, class, plan, profile, rules, to};

/// Gives every such scene.
pub(super) fn scenes() -> [(&'static str, Vec<Sent>); 5] {
    [
        ("more chats than an agent may have", too_many_chats()),
        ("chats of an agent nobody knows", chats_of_a_stranger()),
        ("a consultation is found with who asked for it", consultation_outlives_its_call()),
        ("a chat is found with who was asked about it", chat_takes_the_place_of_its_question()),
        ("legs that are over, or name no queue of the plan", legs_out_of_the_ordinary()),
    ]
}

/// Of what fills a channel the weakest goes: what is only wrapped up, then what no gateway has told
/// of in its present session, then the first by name.
fn too_many_chats() -> Vec<Sent> {
    let rules = QueueRules { wrap_up_mode: WrapUpMode::UntilDone, ..rules() };
    let mut scene = Scene::open(plan(1, 1, rules), &[]);
    scene.sign_in(agent(0), chatter());
    find(&mut scene, "gateway-2", Channel::Chat, &[(10, 0), (11, 0)]);
    find(&mut scene, "gateway-3", Channel::Chat, &[(12, 0)]);
    let (gateway, lease) = (named("gateway-2"), Duration::from_hours(1));
    scene.send(Command::JoinGateway { gateway, lease });
    find(&mut scene, "gateway-4", Channel::Chat, &[(13, 0)]);
    scene.sign_in(agent(1), chatter());
    wrap_up_a_chat(&mut scene);
    find(&mut scene, "gateway-5", Channel::Chat, &[(14, 1), (15, 1)]);
    scene.sent
}

/// Lets agent 1 chat and file what it was about.
fn wrap_up_a_chat(scene: &mut Scene) {
    chat(scene, 1, 1);
    let gone = scene.report(&call(1));
    scene.send(Command::HangUp { report: gone, served: false });
}

/// Lets an agent chat with a customer.
fn chat(scene: &mut Scene, number: u32, with: u32) {
    let report = scene.report(&call(number));
    scene.send(Command::StartContact {
        report,
        channel: Channel::Chat,
        caller: String::new(),
        plan_version: 1,
        fallback: None,
        details: String::new(),
    });
    scene.route(number, to(class(0, 1)));
    let Some(offer) = answer(scene, &agent(with)) else { return };
    let bridged = scene.report(&call(number));
    scene.send(Command::ReportBridged { report: bridged, offer });
}

/// Who is forgotten has what gateways tell of him.
fn chats_of_a_stranger() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    find(&mut scene, "gateway-2", Channel::Chat, &[(10, 5), (11, 5)]);
    find(&mut scene, "gateway-3", Channel::Voice, &[(12, 5)]);
    find(&mut scene, "gateway-4", Channel::Chat, &[(13, 5)]);
    scene.sent
}

fn consultation_outlives_its_call() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    let talking = talk(&mut scene, 0);
    scene.sign_in(agent(1), profile(0));
    if let Some((desk, contact)) = talking {
        let (consult, route) = (call(5), to(class(0, 1)));
        scene.send(Command::StartConsult { desk, contact, consult, plan_version: 1, route });
    }
    find(&mut scene, "gateway-1", Channel::Voice, &[(5, 0)]);
    scene.sent
}

/// Who is asked has no room beside the question and a chat of his own: the question goes.
fn chat_takes_the_place_of_its_question() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    scene.sign_in(agent(1), chatter());
    chat(&mut scene, 2, 1);
    scene.sign_in(agent(0), chatter());
    chat(&mut scene, 1, 0);
    if let Some(desk) = scene.desk(&agent(0)) {
        let (contact, consult, route) = (call(1), call(5), to(class(0, 1)));
        scene.send(Command::StartConsult { desk, contact, consult, plan_version: 1, route });
    }
    answer(&mut scene, &agent(1));
    find(&mut scene, "gateway-1", Channel::Chat, &[(1, 1)]);
    scene.sent
}

/// An agent is not taken from what he files by a call that is over, and a queue that no plan names is
/// no place to fall back on.
fn legs_out_of_the_ordinary() -> Vec<Sent> {
    let rules = QueueRules { wrap_up_mode: WrapUpMode::UntilDone, ..rules() };
    let mut scene = Scene::open(plan(1, 1, rules), &[]);
    talk(&mut scene, 0);
    let gone = scene.report(&call(0));
    scene.send(Command::HangUp { report: gone, served: false });
    let over = Leg { over: true, ..leg(8, 0, Channel::Voice) };
    let mut elsewhere = to(class(0, 1));
    elsewhere.queue = QueueId::parse("closed-down").expect("words are an id");
    let astray = Leg { fallback: Some(elsewhere), bridged_to: None, ..leg(9, 0, Channel::Voice) };
    tell(&mut scene, "gateway-2", vec![over, astray]);
    scene.sent
}

/// Gives a profile for two chats at a time.
fn chatter() -> ProfileDefinition {
    let mut profile = profile(0);
    if let Some(slot) = profile.slots.get(&Channel::Voice).cloned() {
        let mut chats = slot;
        chats.capacity = 2;
        profile.slots.insert(Channel::Chat, chats);
    }
    profile
}

fn named(gateway: &str) -> GatewayId {
    GatewayId::parse(gateway).expect("a word and a number are an id")
}
