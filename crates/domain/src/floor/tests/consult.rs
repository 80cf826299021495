//! An agent asks another one about a call.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::GATEWAY_GRACE;
use crate::floor::command::Command;
use crate::floor::plan::{ClassDefinition, WrapUpMode};
use crate::floor::state::{ContactState, EndReason};

use super::scene::{
    Scene, agent, class, class_for, contact, ended, gateway, profile_of, route_by, sign_in,
};

#[test]
fn a_consultation_becomes_the_conversation_and_the_first_agent_wraps_up() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.sign_in("bob");
    consult(&mut scene, "call-1", "ask-1");
    scene.connect("bob", "ask-1");

    complete(&mut scene, "amy", "call-1");

    assert_eq!(*scene.state("ask-1"), ended(EndReason::Merged));
    assert_eq!(scene.agent("amy"), "wrap_up");
    hear_bridge(&mut scene, "call-1");
    assert_eq!(*scene.state("call-1"), ContactState::Connected { agent: agent("bob") });
}

#[test]
fn a_consultation_ends_with_the_conversation_it_is_about() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.sign_in("bob");
    consult(&mut scene, "call-1", "ask-1");
    assert_eq!(scene.rung_for("bob"), Some("ask-1"));

    scene.hang_up("call-1");

    assert_eq!(*scene.state("ask-1"), ended(EndReason::Cancelled));
    assert_eq!(scene.agent("bob"), "ready");
}

#[test]
fn what_a_lost_gateway_held_after_all_is_a_consultation_again() {
    // Which of the two is lost first, and which is found first, follows from their ids and the gateway.
    for ask in ["ask-1", "side-1"] {
        let both = [("call-1", "amy"), (ask, "bob")];
        for legs in [both, [both[1], both[0]]] {
            let mut scene = consulting(ask);
            lose_everybody(&mut scene);
            assert_eq!(*scene.state(ask), ended(EndReason::GatewayLost));

            scene.join();
            for (id, name) in legs {
                scene.sign_in(name);
                scene.reconcile(id, Some(name));
            }
            scene.finish_inventory();
            complete(&mut scene, "amy", "call-1");

            assert_eq!(*scene.state(ask), ended(EndReason::Merged), "{legs:?}");
        }
    }
}

#[test]
fn a_consultation_that_alone_is_found_again_is_about_nothing() {
    let mut scene = consulting("ask-1");
    lose_everybody(&mut scene);
    let version = scene.floor.contacts[&contact("call-1")].version;

    scene.join();
    scene.reconcile("ask-1", Some("bob"));
    scene.finish_inventory();
    assert_eq!(*scene.state("ask-1"), ContactState::Connected { agent: agent("bob") });
    scene.hang_up("ask-1");

    assert_eq!(*scene.state("ask-1"), ended(EndReason::Completed));
    assert_eq!(*scene.state("call-1"), ended(EndReason::GatewayLost));
    assert_eq!(scene.floor.contacts[&contact("call-1")].version, version, "nothing is told of it");
}

#[test]
fn a_consultation_is_about_nothing_where_who_is_asked_about_waits_again() {
    let mut scene = consulting("ask-1");
    lose_everybody(&mut scene);

    scene.join();
    scene.reconcile("call-1", None);
    scene.reconcile("ask-1", Some("bob"));

    assert_eq!(*scene.state("ask-1"), ContactState::Connected { agent: agent("bob") });
    assert_eq!(scene.floor.contacts[&contact("call-1")].consult, None);
}

/// Has amy, who talks in call-1, ask bob about it.
fn consulting(ask: &str) -> Scene {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.sign_in("bob");
    consult(&mut scene, "call-1", ask);
    scene.connect("bob", ask);
    scene
}

/// Loses the gateway for longer than its contacts live, and with it the desktops.
fn lose_everybody(scene: &mut Scene) {
    let moment = Duration::from_secs(1);
    for name in ["amy", "bob"] {
        let desk = scene.desk(name);
        scene.apply(Command::RenewAgent { desk, lease: moment });
    }
    let token = scene.token;
    scene.apply(Command::RenewGateway { gateway: gateway(), token, lease: moment });
    scene.pass(moment + GATEWAY_GRACE);
}

#[test]
fn an_agent_who_gets_back_a_chat_he_wraps_up_is_rung_for_another_beside_it() {
    let mut scene = Scene::with_rules(|rules| rules.wrap_up_mode = WrapUpMode::UntilDone);
    sign_in_for_chats(&mut scene, "amy", "both", 2);
    caller_writes(&mut scene, "chat-1");
    scene.connect("amy", "chat-1");
    sign_in_for_chats(&mut scene, "bob", "sales-only", 1);
    consult_by(&mut scene, "amy", "chat-1", ("ask-1", class_for(Channel::Chat, "sales")));
    scene.connect("bob", "ask-1");
    complete(&mut scene, "amy", "chat-1");
    hear_bridge(&mut scene, "chat-1");
    consult_by(&mut scene, "bob", "chat-1", ("ask-2", class_for(Channel::Chat, "sales")));
    scene.connect("amy", "ask-2");
    caller_writes(&mut scene, "chat-2");
    assert_eq!(scene.rung_for("amy"), None, "one to wrap up and one to talk to are two");

    complete(&mut scene, "bob", "chat-1");

    assert_eq!(scene.rung_for("amy"), Some("chat-2"));
}

fn consult(scene: &mut Scene, id: &str, consult: &str) {
    consult_by(scene, "amy", id, (consult, class("sales")));
}

fn complete(scene: &mut Scene, name: &str, id: &str) {
    let desk = scene.desk(name);
    scene.apply(Command::CompleteConsult { desk, contact: contact(id) });
}

/// Has the gateway tell that it has joined a contact and the agent it was told.
fn hear_bridge(scene: &mut Scene, id: &str) {
    let ContactState::Connecting { offer, .. } = scene.state(id).clone() else {
        unreachable!("{id} is to be connected")
    };
    let report = scene.report(id);
    scene.apply(Command::ReportBridged { report, offer });
}

/// Signs an agent in who takes a call, or as many chats at once.
pub(super) fn sign_in_for_chats(scene: &mut Scene, name: &str, profile: &str, chats: u32) {
    let mut signed_in = sign_in(name, profile);
    if let Command::SignIn { profile: ability, .. } = &mut signed_in {
        *ability = profile_of(profile, &[chats]);
    }
    scene.apply(signed_in);
}

/// A customer begins a chat that waits in sales.
pub(super) fn caller_writes(scene: &mut Scene, id: &str) {
    scene.caller_arrives(id, "", Channel::Chat);
    scene.caller_routes(id, route_by("sales", vec![class_for(Channel::Chat, "sales")]), 0);
}

/// Has an agent ask another one about a contact, under an id of its own.
pub(super) fn consult_by(
    scene: &mut Scene,
    name: &str,
    id: &str,
    (consult, class): (&str, ClassDefinition),
) {
    let (desk, contact, consult) = (scene.desk(name), contact(id), contact(consult));
    let route = route_by("sales", vec![class]);
    scene.apply(Command::StartConsult { desk, contact, consult, plan_version: 1, route });
}
