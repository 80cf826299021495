//! What users rely on, each as a claim.

use std::time::Duration;

use crate::floor::command::{Command, Reply};
use crate::floor::event::EventKind;
use crate::floor::rejection::Rejection;
use crate::floor::state::{ContactState, EndReason, OfferOutcome, Want};

use super::scene::{LEASE, RING, Scene, WRAP_UP, agent, contact, gateway, route, sign_in};

#[test]
fn a_waiting_caller_rings_the_agent_who_becomes_ready() {
    let mut scene = Scene::new();
    scene.caller_waits("call-1", "sales", 0);

    scene.sign_in("amy");

    assert_eq!(scene.rung_for("amy"), Some("call-1"));
}

#[test]
fn the_agent_idle_longest_is_rung() {
    let mut scene = Scene::new();
    scene.sign_in("zoe");
    scene.pass(Duration::from_secs(2));
    scene.sign_in("amy");

    scene.caller_waits("call-1", "sales", 0);

    assert_eq!(scene.rung_for("zoe"), Some("call-1"));
    assert_eq!(scene.agent("amy"), "ready");
}

#[test]
fn priority_moves_a_caller_ahead_by_its_credit() {
    let mut scene = Scene::new();
    scene.caller_waits("early", "sales", 0);
    scene.pass(Duration::from_secs(5));
    scene.caller_waits("urgent", "sales", 1);

    scene.sign_in("amy");

    assert_eq!(scene.rung_for("amy"), Some("urgent"));
}

#[test]
fn the_queue_an_agent_ranks_first_goes_first() {
    let mut scene = Scene::new();
    scene.caller_waits("service-call", "service", 0);
    scene.pass(Duration::from_mins(1));
    scene.caller_waits("sales-call", "sales", 0);

    scene.sign_in("amy");

    assert_eq!(scene.rung_for("amy"), Some("sales-call"));
}

#[test]
fn an_ineligible_head_does_not_block() {
    let mut scene = Scene::new();
    scene.caller_waits("service-call", "service", 0);
    scene.caller_waits("sales-call", "sales", 0);

    scene.apply(sign_in("sal", "sales-only"));

    assert_eq!(scene.rung_for("sal"), Some("sales-call"));
    assert_eq!(scene.floor.position(&contact("service-call")), Some(1));
}

#[test]
fn a_declined_caller_keeps_the_place_and_cools_down() {
    let mut scene = Scene::new();
    scene.caller_waits("first", "sales", 0);
    scene.caller_waits("second", "sales", 0);
    scene.sign_in("amy");

    scene.decline("amy");

    assert_eq!(scene.rung_for("amy"), Some("second"));
    assert_eq!(scene.floor.position(&contact("first")), Some(1));
}

#[test]
fn the_only_agent_is_not_rung_in_a_tight_loop() {
    let mut scene = Scene::new();
    scene.caller_waits("call-1", "sales", 0);
    scene.sign_in("amy");
    scene.decline("amy");

    assert_eq!(scene.agent("amy"), "ready");
    scene.pass(Duration::from_secs(9));
    assert_eq!(scene.agent("amy"), "ready");
    scene.pass(Duration::from_secs(1));

    assert_eq!(scene.rung_for("amy"), Some("call-1"));
}

#[test]
fn an_agent_who_does_not_answer_becomes_not_ready_and_the_next_is_rung() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.sign_in("bob");
    scene.caller_waits("call-1", "sales", 0);

    scene.pass(RING);

    assert_eq!(scene.agent("amy"), "not_ready");
    assert_eq!(scene.rung_for("bob"), Some("call-1"));
}

#[test]
fn a_caller_who_hangs_up_while_ringing_costs_the_agent_nothing() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    let idle_since = scene.floor.agents[&agent("amy")].idle_since;
    scene.pass(Duration::from_secs(3));
    scene.caller_waits("call-1", "sales", 0);
    let offer = scene.offer_of("amy").expect("amy is rung");

    scene.hang_up("call-1");

    assert_eq!(scene.agent("amy"), "ready");
    assert_eq!(scene.floor.agents[&agent("amy")].idle_since, idle_since);
    assert!(scene.floor.agents[&agent("amy")].misses.is_empty());
    let late = Command::AcceptOffer { desk: scene.desk("amy"), offer };
    let outcome = OfferOutcome::CallerGone;
    assert_eq!(scene.refuse(&late), Rejection::OfferClosed { outcome });
}

#[test]
fn an_offer_cannot_be_accepted_after_its_time_even_before_it_fires() {
    let mut scene = Scene::with_rules(|rules| rules.ring_timeout = Duration::ZERO);
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    let offer = scene.offer_of("amy").expect("amy is rung");

    let late = Command::AcceptOffer { desk: scene.desk("amy"), offer };

    let outcome = OfferOutcome::Expired;
    assert_eq!(scene.refuse(&late), Rejection::OfferClosed { outcome });
}

#[test]
fn accepting_twice_is_the_same_as_once() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    let offer = scene.accept("amy");

    let again = Command::AcceptOffer { desk: scene.desk("amy"), offer };

    assert_eq!(scene.apply(again), Reply::Duplicate);
}

#[test]
fn wrap_up_ends_at_its_deadline_and_the_next_caller_rings() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.caller_waits("call-2", "sales", 0);

    scene.hang_up("call-1");
    assert_eq!(scene.agent("amy"), "wrap_up");
    scene.pass(WRAP_UP);

    assert_eq!(scene.rung_for("amy"), Some("call-2"));
}

#[test]
fn what_nobody_noted_in_time_is_what_the_queue_takes_for_granted() {
    for (default, told) in [("done", Some("done")), ("", None)] {
        let mut scene = Scene::with_rules(|rules| rules.default_disposition = default.to_owned());
        scene.sign_in("amy");
        scene.caller_waits("call-1", "sales", 0);
        scene.connect("amy", "call-1");
        scene.hang_up("call-1");

        let events = scene.pass(WRAP_UP);

        let finished = events.iter().find(|event| event.kind == EventKind::WrapUpFinished);
        let fields = &finished.expect("after-call work ends by itself").fields;
        assert_eq!(fields.get("default_disposition"), told);
    }
}

#[test]
fn a_break_asked_for_during_a_call_begins_after_wrap_up() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");

    scene.set_want("amy", Want::NotReady);
    assert_eq!(scene.agent("amy"), "busy");
    scene.hang_up("call-1");
    scene.pass(WRAP_UP);

    assert_eq!(scene.agent("amy"), "not_ready");
}

#[test]
fn a_full_queue_overflows_exactly_at_its_limit() {
    let mut scene = Scene::with_rules(|rules| rules.max_waiting = 2);
    scene.caller_waits("call-1", "sales", 0);
    scene.caller_waits("call-2", "sales", 0);

    scene.caller_waits("call-3", "sales", 0);

    let reason = EndReason::Overflow;
    assert_eq!(scene.state("call-2"), &ContactState::Queued);
    assert_eq!(scene.state("call-3"), &ContactState::Ended { reason });
}

#[test]
fn overflow_to_another_queue_keeps_the_age() {
    let mut scene = Scene::with_rules(|rules| {
        rules.max_wait = Duration::from_secs(5);
        rules.overflow = "queue:service:".to_owned();
    });
    scene.caller_waits("call-1", "sales", 0);
    let rank =
        |at: &Scene| at.floor.contacts[&contact("call-1")].place.as_ref().map(|place| place.rank);
    let before = rank(&scene);

    scene.pass(Duration::from_secs(5));

    let place = scene.floor.contacts[&contact("call-1")].place.clone().expect("still placed");
    assert_eq!(place.queue.as_str(), "service");
    assert_eq!(rank(&scene), before);
    scene.pass(Duration::from_mins(1));
    let reason = EndReason::Overflow;
    assert_eq!(scene.state("call-1"), &ContactState::Ended { reason });
}

#[test]
fn a_transferred_caller_keeps_the_age_and_the_agent_wraps_up() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    let enqueued_at = scene.floor.now;
    scene.connect("amy", "call-1");
    scene.pass(Duration::from_secs(30));

    let desk = scene.desk("amy");
    let transfer = Command::TransferContact {
        desk,
        contact: contact("call-1"),
        plan_version: 1,
        route: route("service"),
    };
    scene.apply(transfer);

    assert_eq!(scene.agent("amy"), "wrap_up");
    assert_eq!(scene.state("call-1"), &ContactState::Queued);
    let place = scene.floor.contacts[&contact("call-1")].place.clone().expect("placed");
    assert_eq!((place.queue.as_str(), place.enqueued_at), ("service", enqueued_at));
}

#[test]
fn an_agent_whose_desktop_is_lost_keeps_talking_and_then_is_gone() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    let desk = scene.desk("amy");
    scene.apply(Command::RenewAgent { desk, lease: Duration::from_secs(1) });

    scene.pass(Duration::from_secs(2));
    assert_eq!(scene.agent("amy"), "busy");
    scene.hang_up("call-1");
    scene.pass(WRAP_UP);

    assert_eq!(scene.agent("amy"), "offline");
}

#[test]
fn a_newer_desktop_replaces_the_older_one_without_touching_the_offer() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    let old = scene.desk("amy");

    scene.sign_in("amy");

    assert_eq!(scene.rung_for("amy"), Some("call-1"));
    let offer = scene.offer_of("amy").expect("still rung");
    let stale = Command::AcceptOffer { desk: old, offer };
    assert_eq!(scene.refuse(&stale), Rejection::StaleSession);
}

#[test]
fn nothing_is_offered_in_a_new_epoch_before_the_gateway_has_told_its_legs() {
    let mut scene = Scene::new();
    scene.caller_waits("call-1", "sales", 0);
    scene.open_epoch(2);

    scene.sign_in("amy");
    assert_eq!(scene.agent("amy"), "ready");
    scene.join();
    scene.reconcile("call-1", None);
    assert_eq!(scene.agent("amy"), "ready");
    scene.finish_inventory();

    assert_eq!(scene.rung_for("amy"), Some("call-1"));
}

#[test]
fn a_gateway_that_never_tells_its_legs_does_not_shut_the_center_for_ever() {
    let mut scene = Scene::new();
    scene.caller_waits("call-1", "sales", 0);
    scene.open_epoch(2);
    scene.join();
    scene.reconcile("call-1", None);
    scene.sign_in("amy");
    let token = scene.token;
    let lease = LEASE * 9;
    scene.apply(Command::RenewGateway { gateway: gateway(), token, lease });
    assert!(!scene.floor.barrier_open);

    scene.pass(LEASE * 3);

    assert!(scene.floor.barrier_open);
}

#[test]
fn after_an_epoch_change_the_gateway_says_who_talks_to_whom() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.open_epoch(2);

    scene.join();
    scene.reconcile("call-1", Some("bob"));
    scene.finish_inventory();

    assert_eq!(scene.state("call-1"), &ContactState::Connected { agent: agent("bob") });
    assert_eq!(scene.agent("bob"), "busy");
    assert_ne!(scene.agent("amy"), "busy");
}

#[test]
fn a_call_the_gateway_no_longer_has_ends() {
    let mut scene = Scene::new();
    scene.caller_waits("call-1", "sales", 0);

    scene.join();
    scene.finish_inventory();

    let reason = EndReason::GoneDuringOutage;
    assert_eq!(scene.state("call-1"), &ContactState::Ended { reason });
}

#[test]
fn a_call_outlives_its_gateway_for_the_grace_time_and_can_come_back() {
    let mut scene = Scene::new();
    scene.caller_waits("call-1", "sales", 0);
    let token = scene.token;
    let lease = Duration::from_secs(1);
    scene.apply(Command::RenewGateway { gateway: gateway(), token, lease });

    scene.pass(Duration::from_secs(2));
    assert!(scene.floor.contacts[&contact("call-1")].orphaned);
    scene.pass(Duration::from_secs(31));
    let reason = EndReason::GatewayLost;
    assert_eq!(scene.state("call-1"), &ContactState::Ended { reason });
    scene.join();
    scene.reconcile("call-1", None);
    scene.finish_inventory();

    assert_eq!(scene.state("call-1"), &ContactState::Queued);
}

#[test]
fn a_late_session_of_a_gateway_is_refused() {
    let mut scene = Scene::new();
    let old = scene.token;
    scene.join();

    let stale = Command::RenewGateway { gateway: gateway(), token: old, lease: LEASE };

    assert_eq!(scene.refuse(&stale), Rejection::StaleSession);
}

#[test]
fn a_command_prepared_from_another_plan_is_refused() {
    let mut scene = Scene::new();
    let mut stale = sign_in("amy", "both");
    if let Command::SignIn { plan_version, .. } = &mut stale {
        *plan_version = 9;
    }

    assert_eq!(scene.refuse(&stale), Rejection::StalePlan { current: 1 });
}

#[test]
fn a_jump_of_the_wall_clock_expires_nothing_early() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);

    scene.jump(Duration::from_hours(1));

    assert_eq!(scene.rung_for("amy"), Some("call-1"));
}
