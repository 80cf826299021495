//! What a gateway's word changes about agents whom memory has elsewhere.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::GATEWAY_GRACE;
use crate::floor::command::{Command, Leg, Reply};
use crate::floor::event::{Event, EventKind};
use crate::floor::plan::MissCause;
use crate::floor::state::{ContactState, EndReason, Entity};
use crate::ids::GatewayId;

use super::consult::{caller_writes, consult_by, sign_in_for_chats};
use super::scene::{LEASE, Scene, agent, book, class, class_for, contact, gateway, queue, route};

const CALLER: &str = "+8613800000001";

/// A leg that is bridged to an agent, as an inventory lists it.
fn bridged(id: &str, name: &str, channel: Channel) -> Leg {
    Leg {
        contact: contact(id),
        age: Duration::from_secs(9),
        bridged_to: Some(agent(name)),
        over: false,
        call_sequence: 0,
        fallback: Some(route("sales")),
        channel,
        caller: String::new(),
        details: String::new(),
    }
}

/// Takes one leg of an inventory; gives what is told of its contact.
fn take(scene: &mut Scene, leg: Leg) -> Vec<Event> {
    let (token, id) = (scene.token, Entity::Contact(leg.contact.clone()));
    let command = Command::ReconcileLeg { gateway: gateway(), token, leg };
    let (_, events) = scene.try_apply(&command).expect("the leg is believed");
    events.into_iter().filter(|event| event.entity == id).collect()
}

#[test]
fn an_agent_found_on_a_chat_is_rung_at_once_for_what_his_call_had_kept_from_him() {
    let mut scene = Scene::new();
    sign_in_for_chats(&mut scene, "amy", "both", 2);
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.caller_arrives("call-2", CALLER, Channel::Voice);
    scene.caller_routes("call-2", route("sales"), 0);
    scene.apply(book("call-2", "back-2"));
    assert_eq!(scene.rung_for("amy"), None, "a call keeps callbacks away");

    scene.join();
    take(&mut scene, bridged("chat-1", "amy", Channel::Chat));

    assert_eq!(*scene.state("call-1"), ContactState::Queued);
    assert_eq!(scene.rung_for("amy"), Some("back-2"), "a chat does not");
}

#[test]
fn a_consultation_found_with_the_agent_who_asked_outlives_the_call_it_was_about() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.sign_in("bob");
    consult_by(&mut scene, "amy", "call-1", ("ask-1", class("sales")));

    scene.join();
    let told = take(&mut scene, bridged("ask-1", "amy", Channel::Voice));

    let kinds: Vec<_> = told.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::ContactConfirmed]);
    assert_eq!(*scene.state("ask-1"), ContactState::Connected { agent: agent("amy") });
    assert_eq!(*scene.state("call-1"), ContactState::Queued);
    assert_eq!(scene.agent("bob"), "ready");
    scene.hang_up("ask-1");
    let reason = EndReason::Completed;
    assert_eq!(*scene.state("ask-1"), ContactState::Ended { reason });
}

#[test]
fn a_consultation_that_ends_with_what_it_is_about_stays_ended() {
    let mut scene = Scene::new();
    sign_in_for_chats(&mut scene, "amy", "both", 2);
    caller_writes(&mut scene, "chat-1");
    scene.connect("amy", "chat-1");
    let about = class_for(Channel::Chat, "sales");
    consult_by(&mut scene, "amy", "chat-1", ("query-1", about));
    scene.join();
    take(&mut scene, bridged("chat-1", "amy", Channel::Chat));
    take(&mut scene, bridged("query-1", "amy", Channel::Chat));
    sign_in_for_chats(&mut scene, "amy", "both-but-one", 1);

    take(&mut scene, bridged("chat-9", "amy", Channel::Chat));

    assert_eq!(*scene.state("chat-1"), ContactState::Queued);
    let reason = EndReason::Cancelled;
    assert_eq!(*scene.state("query-1"), ContactState::Ended { reason });
}

#[test]
fn a_callback_goes_on_at_the_gateway_that_dialled_it_though_memory_knows_another() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_arrives("call-1", CALLER, Channel::Voice);
    scene.caller_routes("call-1", route("sales"), 0);
    scene.apply(book("call-1", "back-1"));
    let other = GatewayId::parse("gateway-2").expect("a name is an id");
    let joins = Command::JoinGateway { gateway: other.clone(), lease: LEASE };
    let Reply::Joined { token } = scene.apply(joins) else { unreachable!("it may join") };

    let leg = bridged("back-1", "amy", Channel::Voice);
    scene.apply(Command::ReconcileLeg { gateway: other.clone(), token, leg });

    assert_eq!(*scene.state("back-1"), ContactState::Connected { agent: agent("amy") });
    assert_eq!(scene.floor.contacts[&contact("back-1")].gateway, other);
}

/// Has Amy accept a callback for which her own telephone fails: the customer was not rung.
fn promised_call_is_tried(scene: &mut Scene) {
    scene.sign_in("amy");
    scene.caller_arrives("call-1", CALLER, Channel::Voice);
    scene.caller_routes("call-1", route("sales"), 0);
    scene.apply(book("call-1", "back-1"));
    let offer = scene.accept("amy");
    let report = scene.report("back-1");
    scene.apply(Command::ReportBridgeFailed { report, offer, cause: MissCause::Busy });
    assert_eq!(*scene.state("back-1"), ContactState::Queued);
}

#[test]
fn who_is_still_to_be_called_back_waits_on_though_an_inventory_does_not_list_him() {
    let mut scene = Scene::new();
    promised_call_is_tried(&mut scene);

    scene.join();
    scene.finish_inventory();

    assert_eq!(*scene.state("back-1"), ContactState::Queued);
    assert_eq!(scene.floor.position(&contact("back-1")), Some(1));
}

#[test]
fn a_promised_call_that_rings_an_agent_rings_on_though_its_gateway_begins_anew() {
    let mut scene = Scene::new();
    promised_call_is_tried(&mut scene);
    scene.sign_in("bob");
    assert_eq!(scene.rung_for("bob"), Some("back-1"));

    scene.join();
    scene.finish_inventory();

    assert_eq!(scene.rung_for("bob"), Some("back-1"));
    scene.connect("bob", "back-1");
    assert_eq!(*scene.state("back-1"), ContactState::Connected { agent: agent("bob") });
}

#[test]
fn who_is_still_to_be_called_back_waits_on_when_his_gateway_never_comes_back() {
    let mut scene = Scene::new();
    promised_call_is_tried(&mut scene);

    let token = scene.floor.gateways[&gateway()].token.expect("it has a session");
    let lease = Duration::from_secs(1);
    scene.apply(Command::RenewGateway { gateway: gateway(), token, lease });
    scene.pass(lease + GATEWAY_GRACE + lease);

    assert_eq!(*scene.state("back-1"), ContactState::Queued);
    assert_eq!(scene.floor.position(&contact("back-1")), Some(1));
}

#[test]
fn a_call_that_is_over_does_not_take_its_agent_from_the_one_he_is_in() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.join();
    take(&mut scene, bridged("call-2", "amy", Channel::Voice));

    let over = Leg { over: true, ..bridged("call-1", "amy", Channel::Voice) };
    let told = take(&mut scene, over);

    assert_eq!(*scene.state("call-2"), ContactState::Connected { agent: agent("amy") });
    let reason = EndReason::Completed;
    assert_eq!(*scene.state("call-1"), ContactState::Ended { reason });
    let last = told.last().expect("the end is told");
    assert_eq!(last.fields.get("agent"), Some("amy"), "the history knows who served");
}

#[test]
fn a_caller_whom_memory_had_lost_waits_where_the_menu_would_have_let_him() {
    let mut scene = Scene::new();
    scene.join();
    take(&mut scene, bridged("call-1", "amy", Channel::Voice));

    take(&mut scene, bridged("call-2", "amy", Channel::Voice));

    assert_eq!(*scene.state("call-1"), ContactState::Queued);
    let place = scene.floor.contacts[&contact("call-1")].place.as_ref();
    assert_eq!(place.map(|place| &place.queue), Some(&queue("sales")));
}

#[test]
fn two_chats_of_an_agent_whom_memory_has_lost_both_go_on() {
    let mut scene = Scene::new();
    scene.join();

    take(&mut scene, bridged("chat-1", "amy", Channel::Chat));
    take(&mut scene, bridged("chat-2", "amy", Channel::Chat));

    for id in ["chat-1", "chat-2"] {
        assert_eq!(*scene.state(id), ContactState::Connected { agent: agent("amy") });
    }
}

#[test]
fn a_chat_that_is_one_too_many_displaces_what_no_gateway_vouches_for() {
    let mut scene = Scene::new();
    sign_in_for_chats(&mut scene, "amy", "both", 2);
    for id in ["chat-1", "chat-2"] {
        caller_writes(&mut scene, id);
        scene.connect("amy", id);
    }
    scene.join();
    take(&mut scene, bridged("chat-1", "amy", Channel::Chat));

    take(&mut scene, bridged("chat-3", "amy", Channel::Chat));

    for id in ["chat-1", "chat-3"] {
        assert_eq!(*scene.state(id), ContactState::Connected { agent: agent("amy") });
    }
    assert_eq!(*scene.state("chat-2"), ContactState::Queued);
}

#[test]
fn a_chat_found_with_the_agent_who_was_asked_about_it_takes_the_place_of_the_question() {
    let mut scene = Scene::new();
    sign_in_for_chats(&mut scene, "bob", "sales-only", 1);
    caller_writes(&mut scene, "chat-2");
    scene.connect("bob", "chat-2");
    sign_in_for_chats(&mut scene, "amy", "both", 2);
    caller_writes(&mut scene, "chat-1");
    scene.connect("amy", "chat-1");
    consult_by(&mut scene, "bob", "chat-2", ("chat-3", class_for(Channel::Chat, "sales")));
    scene.connect("amy", "chat-3");
    scene.join();

    take(&mut scene, bridged("chat-2", "amy", Channel::Chat));

    for id in ["chat-1", "chat-2"] {
        assert_eq!(*scene.state(id), ContactState::Connected { agent: agent("amy") });
    }
    assert_eq!(*scene.state("chat-3"), ContactState::Queued);
}

#[test]
fn a_call_that_is_over_brings_its_agent_after_call_work_if_he_is_in_no_other() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    assert_eq!(scene.rung_for("amy"), Some("call-1"), "memory has lost what she answered");
    scene.join();

    take(&mut scene, Leg { over: true, ..bridged("call-1", "amy", Channel::Voice) });
    scene.hang_up("call-1");

    assert_eq!(scene.agent("amy"), "wrap_up");
}
