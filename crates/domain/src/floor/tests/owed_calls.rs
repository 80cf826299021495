//! Calls that are owed wait for their time, whatever becomes of those who wait on the line.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::GATEWAY_GRACE;
use crate::floor::command::{Agreed, Command, Leg, Reply};
use crate::floor::rejection::Rejection;
use crate::floor::state::{ContactState, EndReason, Want};
use crate::ids::{GatewayId, OfferId};

use super::scene::{
    Scene, agent, book, class_for, contact, ended, gateway, queue, route, route_by,
};

pub(super) const CALLER: &str = "+8613800000001";
const MOMENT: Duration = Duration::from_secs(1);

/// A call that is owed to a caller, and never by Amy.
pub(super) fn owe(callback: &str, caller: &str) -> Command {
    Command::StartCallback {
        callback: contact(callback),
        gateway: gateway(),
        plan_version: 1,
        route: route_by("sales", vec![class_for(Channel::Callback, "sales")]),
        opens_in: Duration::from_secs(30),
        closes_in: Duration::from_hours(1),
        by: "follow-up".to_owned(),
        agreed: Agreed {
            caller: caller.to_owned(),
            priority: 0,
            credit: Duration::ZERO,
            details: "calling_number=2".to_owned(),
        },
        spared: [agent("amy")].into(),
    }
}

/// Has Ben accept the call; his telephone and the customer's are being rung.
fn ben_dials(scene: &mut Scene) -> OfferId {
    scene.sign_in("ben");
    scene.apply(owe("owed-1", CALLER));
    scene.pass(Duration::from_secs(30));
    scene.accept("ben")
}

fn lose_gateway(scene: &mut Scene) {
    let token = scene.token;
    scene.apply(Command::RenewGateway { gateway: gateway(), token, lease: MOMENT });
    scene.pass(MOMENT);
}

#[test]
fn a_call_is_owed_beyond_the_hours_of_its_queue() {
    for closes_in in [Duration::ZERO, Duration::from_mins(1)] {
        let mut scene = Scene::new();
        let mut owed = owe("owed-1", CALLER);
        if let Command::StartCallback { route, .. } = &mut owed {
            route.closes_in = Some(closes_in);
        }
        scene.apply(owed);

        scene.pass(Duration::from_mins(10));
        scene.sign_in("ben");

        assert_eq!(scene.rung_for("ben"), Some("owed-1"));
    }
}

#[test]
fn a_call_is_owed_though_nobody_is_at_work() {
    let mut scene = Scene::with_rules(|rules| {
        rules.leave_when_empty = Some(Duration::ZERO);
        rules.join_when_empty = false;
    });
    scene.apply(owe("owed-1", CALLER));

    scene.pass(Duration::from_mins(10));
    let (id, by) = (contact("owed-1"), "chief".to_owned());
    let route = route_by("service", vec![class_for(Channel::Callback, "sales")]);
    scene.apply(Command::MoveContact { contact: id, plan_version: 1, route, by });
    scene.pass(Duration::from_mins(10));

    assert_eq!(*scene.state("owed-1"), ContactState::Queued);
    scene.pass(Duration::from_hours(1));
    assert_eq!(*scene.state("owed-1"), ended(EndReason::WindowClosed));
}

#[test]
fn a_call_is_owed_to_somebody_else_on_a_number_that_is_being_talked_to() {
    let mut scene = Scene::new();
    let offer = ben_dials(&mut scene);
    let report = scene.report("owed-1");
    scene.apply(Command::ReportBridged { report, offer });
    scene.caller_arrives("call-2", CALLER, Channel::Voice);
    scene.caller_routes("call-2", route("sales"), 0);

    scene.apply(book("call-2", "back-2"));

    assert_eq!(*scene.state("call-2"), ended(EndReason::CallbackBooked));
    assert_eq!(*scene.state("back-2"), ContactState::Queued);
}

#[test]
fn a_call_is_not_owed_twice_where_it_is_moved_to() {
    let mut scene = Scene::new();
    scene.apply(owe("owed-1", CALLER));
    let mut elsewhere = owe("owed-2", CALLER);
    if let Command::StartCallback { route, .. } = &mut elsewhere {
        route.queue = queue("service");
    }
    scene.apply(elsewhere);

    let (id, by) = (contact("owed-2"), "chief".to_owned());
    let route = route_by("sales", vec![class_for(Channel::Callback, "sales")]);
    scene.apply(Command::MoveContact { contact: id, plan_version: 1, route, by });

    assert_eq!(*scene.state("owed-1"), ContactState::Queued);
    assert_eq!(*scene.state("owed-2"), ended(EndReason::Superseded));
}

#[test]
fn a_call_lost_at_its_last_attempt_is_found_again_on_the_line() {
    let mut scene = Scene::with_rules(|rules| rules.callback_attempts = 1);
    ben_dials(&mut scene);
    let desk = scene.desk("ben");
    scene.apply(Command::RenewAgent { desk, lease: MOMENT });
    lose_gateway(&mut scene);
    scene.pass(GATEWAY_GRACE);
    assert_eq!(*scene.state("owed-1"), ended(EndReason::GatewayLost));

    scene.join();
    scene.sign_in("ben");
    let leg = Leg {
        contact: contact("owed-1"),
        age: Duration::from_mins(1),
        bridged_to: Some(agent("ben")),
        over: false,
        call_sequence: 9,
        fallback: None,
        channel: Channel::Callback,
        caller: CALLER.to_owned(),
        details: String::new(),
    };
    let token = scene.token;
    let reply = scene.apply(Command::ReconcileLeg { gateway: gateway(), token, leg });

    assert!(matches!(reply, Reply::Done { .. }), "{reply:?}");
    assert_eq!(*scene.state("owed-1"), ContactState::Connected { agent: agent("ben") });
}

#[test]
fn who_leaves_a_call_whose_gateway_is_gone_leaves_it_owed() {
    let mut scene = Scene::new();
    ben_dials(&mut scene);
    scene.set_want("ben", Want::NotReady);
    lose_gateway(&mut scene);

    scene.finish_wrap_up("ben", "owed-1");

    assert_eq!(*scene.state("owed-1"), ContactState::Queued);
    assert_eq!(scene.floor.callbacks.len(), 1);
    assert!(scene.floor.callbacks.contains_key(&format!("{} {CALLER}", queue("sales"))));
}

#[test]
fn a_call_that_is_owed_waits_for_its_time_and_rings_nobody_it_spares() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.apply(owe("owed-1", CALLER));
    assert_eq!(scene.apply(owe("owed-1", CALLER)), Reply::Duplicate);

    scene.pass(Duration::from_mins(10));
    assert_eq!(*scene.state("owed-1"), ContactState::Queued, "Amy is free and is not rung");
    scene.sign_in("ben");

    assert_eq!(scene.rung_for("ben"), Some("owed-1"));
    scene.decline("ben");
    scene.pass(Duration::from_mins(10));
    assert_ne!(scene.rung_for("amy"), Some("owed-1"));
}

/// Lets a gateway join that has no calls.
fn join_idle(scene: &mut Scene, gateway: &GatewayId) {
    let lease = Duration::from_hours(1);
    let joined = scene.apply(Command::JoinGateway { gateway: gateway.clone(), lease });
    let Reply::Joined { token } = joined else { unreachable!("{joined:?}") };
    scene.apply(Command::FinishInventory { gateway: gateway.clone(), token });
}

#[test]
fn the_gateway_for_tickets_is_never_asked_to_dial() {
    let mut scene = Scene::new();
    scene.apply(owe("owed-1", CALLER));
    scene.pass(Duration::from_mins(1));
    scene.sign_in("ben");
    // Its own gateway has come back, and has not said yet what it holds.
    scene.join();
    join_idle(&mut scene, &GatewayId::TICKETS);
    let offer = scene.offer_of("ben").expect("he is rung");
    let accept = Command::AcceptOffer { desk: scene.desk("ben"), offer };

    let refused = scene.refuse(&accept);
    let west = GatewayId::parse("west").expect("an id");
    join_idle(&mut scene, &west);
    scene.apply(&accept);

    assert_eq!(refused, Rejection::GatewayNotFresh);
    assert_eq!(scene.floor.contacts[&contact("owed-1")].gateway, west);
}

#[test]
fn a_call_that_is_owed_is_not_made_any_more_once_its_own_time_is_over() {
    let lifetime = Duration::from_hours(24);
    let mut scene = Scene::with_rules(|rules| rules.callback_lifetime = lifetime);
    scene.apply(owe("owed-1", CALLER));

    scene.pass(Duration::from_hours(1));

    assert_eq!(*scene.state("owed-1"), ended(EndReason::WindowClosed));
}

#[test]
fn a_call_is_not_owed_twice_to_one_caller_nor_where_a_queue_does_not_dial() {
    let mut scene = Scene::new();
    scene.apply(owe("owed-1", CALLER));
    let no_callback = |why: &str| Rejection::NoCallback { why: why.to_owned() };

    assert_eq!(scene.refuse(&owe("owed-2", CALLER)), no_callback("open"));
    assert_eq!(scene.refuse(&owe("owed-2", "")), no_callback("caller"));
    let mut mute = Scene::with_rules(|rules| rules.callback_attempts = 0);
    assert_eq!(mute.refuse(&owe("owed-1", CALLER)), no_callback("queue"));
}
