//! How contacts wait: rings, empty and closed queues, callbacks, places kept, after-call work.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::GATEWAY_GRACE;
use crate::floor::command::{Agreed, Command, Reply};
use crate::floor::plan::{MissCause, WrapUpMode};
use crate::floor::rejection::Rejection;
use crate::floor::state::{ContactState, EndReason, Want};
use crate::ids::GatewayId;

use super::owed_calls::{CALLER, owe};
use super::scene::{
    Scene, agent, book, book_as, class, contact, ended, personal, queue, route, route_by, sign_in,
};

fn known_caller_waits(scene: &mut Scene, id: &str) {
    scene.caller_arrives(id, CALLER, Channel::Voice);
    scene.caller_routes(id, route("sales"), 0);
}

#[test]
fn a_ring_is_taken_at_its_exact_time_without_any_other_event() {
    let mut scene = Scene::new();
    scene.apply(sign_in("sal", "sales-only"));
    scene.caller_arrives("call-1", "", Channel::Voice);
    let mut way = route_by("service", vec![class("service"), class("sales")]);
    way.steps[1].when_empty = false;
    scene.caller_routes("call-1", way, 0);

    scene.pass(Duration::from_millis(9_999));
    assert_eq!(scene.rung_for("sal"), None);
    scene.pass(Duration::from_millis(1));

    assert_eq!(scene.rung_for("sal"), Some("call-1"));
}

#[test]
fn a_ring_by_condition_is_taken_when_the_last_eligible_agent_stops_working() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.apply(sign_in("sal", "sales-only"));
    scene.pass(GATEWAY_GRACE);
    scene.caller_waits("call-0", "sales", 0);
    scene.connect("amy", "call-0");
    scene.caller_arrives("call-1", "", Channel::Voice);
    let mut way = route_by("service", vec![class("service"), class("sales")]);
    way.steps[1].after = Duration::from_mins(5);
    scene.caller_routes("call-1", way, 0);
    assert_eq!(scene.rung_for("sal"), None, "amy works, though she is busy");

    scene.set_want("amy", Want::SignedOut);
    scene.pass(Duration::from_millis(1));

    assert_eq!(scene.rung_for("sal"), Some("call-1"));
}

#[test]
fn rings_go_on_from_where_they_were_after_a_declined_offer() {
    let mut scene = Scene::new();
    scene.sign_in("bob");
    scene.caller_arrives("call-1", "", Channel::Voice);
    let mut way = route_by("sales", vec![personal("bob"), class("sales")]);
    way.steps[1].when_empty = false;
    scene.caller_routes("call-1", way, 0);
    scene.decline("bob");
    scene.sign_in("amy");
    assert_eq!(scene.rung_for("amy"), None, "still held for bob");

    scene.pass(Duration::from_secs(10));

    assert!(scene.rung_for("amy").is_some() || scene.rung_for("bob").is_some());
}

#[test]
fn nobody_joins_a_queue_in_which_nobody_works_if_it_says_so() {
    let mut scene = Scene::with_rules(|rules| rules.join_when_empty = false);
    scene.pass(GATEWAY_GRACE);

    scene.caller_waits("call-1", "sales", 0);

    assert_eq!(*scene.state("call-1"), ended(EndReason::Overflow));
}

#[test]
fn emptiness_is_judged_by_the_contacts_own_eligible_agents() {
    let mut scene = Scene::with_rules(|rules| rules.join_when_empty = false);
    scene.apply(sign_in("sal", "sales-only"));
    scene.pass(GATEWAY_GRACE);

    scene.caller_waits("sales-call", "sales", 0);
    scene.caller_waits("service-call", "service", 0);

    assert_eq!(scene.rung_for("sal"), Some("sales-call"));
    assert_eq!(*scene.state("service-call"), ended(EndReason::Overflow));
}

#[test]
fn callers_leave_an_empty_queue_after_its_patience_and_wrap_up_counts_as_staffed() {
    let patience = Duration::from_secs(20);
    let mut scene = Scene::with_rules(|rules| rules.leave_when_empty = Some(patience));
    scene.sign_in("amy");
    scene.pass(GATEWAY_GRACE);
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.hang_up("call-1");
    scene.caller_waits("call-2", "sales", 0);
    scene.set_want("amy", Want::NotReady);

    scene.pass(Duration::from_millis(19_999));
    assert_eq!(*scene.state("call-2"), ContactState::Queued);
    scene.pass(Duration::from_secs(1));

    assert_eq!(*scene.state("call-2"), ended(EndReason::Overflow));
}

#[test]
fn a_closed_queue_turns_callers_away_by_its_own_action() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_arrives("call-1", "", Channel::Voice);
    let mut way = route("sales");
    way.closes_in = Some(Duration::ZERO);

    scene.caller_routes("call-1", way, 0);

    assert_eq!(*scene.state("call-1"), ended(EndReason::Overflow));
    assert_eq!(scene.agent("amy"), "ready");
}

#[test]
fn a_draining_queue_serves_those_who_wait_and_takes_nobody_new() {
    let mut scene = Scene::new();
    scene.caller_waits("early", "sales", 0);
    let mut plan = scene.plan();
    plan.version = 2;
    plan.queues.values_mut().for_each(|rules| rules.draining = true);
    scene.apply(Command::LoadPlan { plan });
    scene.plan_version = 2;

    scene.caller_waits("late", "sales", 0);
    scene.sign_in("amy");

    assert_eq!(*scene.state("late"), ended(EndReason::Overflow));
    assert_eq!(scene.rung_for("amy"), Some("early"));
}

#[test]
fn a_callback_keeps_the_place_of_its_caller_and_is_dialled_when_its_turn_comes() {
    let mut scene = Scene::new();
    known_caller_waits(&mut scene, "call-1");
    scene.pass(Duration::from_secs(5));
    scene.caller_waits("call-2", "sales", 0);

    scene.apply(book("call-1", "back-1"));
    assert_eq!(*scene.state("call-1"), ended(EndReason::CallbackBooked));
    assert_eq!(scene.floor.position(&contact("back-1")), Some(1));
    assert_eq!(scene.apply(book("call-1", "back-1")), Reply::Duplicate);
    scene.sign_in("amy");
    scene.connect("amy", "back-1");

    assert!(matches!(scene.state("back-1"), ContactState::Connected { .. }));
    assert!(scene.floor.callbacks.is_empty(), "the caller is on the line");
}

#[test]
fn a_callback_that_reaches_nobody_is_tried_again_later_and_then_given_up() {
    let mut scene = Scene::new();
    known_caller_waits(&mut scene, "call-1");
    scene.apply(book("call-1", "back-1"));
    scene.sign_in("amy");
    for attempt in 0..2 {
        let offer = scene.accept("amy");
        let report = scene.report("back-1");
        let outcome = "no_answer".to_owned();
        scene.apply(Command::ReportDialFailed { report, offer, outcome });
        assert_eq!(scene.agent("amy"), "ready", "no after-call work for a call nobody answered");
        if attempt == 0 {
            scene.pass(Duration::from_secs(59));
            assert_eq!(*scene.state("back-1"), ContactState::Queued);
            scene.pass(Duration::from_secs(1));
        }
    }

    assert_eq!(*scene.state("back-1"), ended(EndReason::Unreached));
    assert!(scene.floor.callbacks.is_empty());
}

#[test]
fn a_caller_with_a_callback_who_rings_in_takes_its_place() {
    let mut scene = Scene::new();
    known_caller_waits(&mut scene, "call-1");
    scene.apply(book("call-1", "back-1"));
    scene.pass(Duration::from_secs(5));
    scene.caller_waits("other", "sales", 0);

    known_caller_waits(&mut scene, "call-2");

    assert_eq!(*scene.state("back-1"), ended(EndReason::Superseded));
    assert_eq!(scene.floor.position(&contact("call-2")), Some(1));
}

#[test]
fn who_was_called_back_and_takes_the_place_of_another_callback_leaves_nothing_behind() {
    let mut scene = Scene::with_rules(|rules| rules.overflow = "flow:night".to_owned());
    known_caller_waits(&mut scene, "call-1");
    scene.apply(book("call-1", "back-1"));
    scene.sign_in("amy");
    scene.connect("amy", "back-1");
    scene.set_want("amy", Want::NotReady);
    let report = scene.report("back-1");
    scene.apply(Command::ReportAgentGone { report });
    scene.pass(Duration::from_mins(10));
    assert_eq!(*scene.state("back-1"), ContactState::InMenu, "he has waited too long");
    let mut owed = owe("owed-1", CALLER);
    if let Command::StartCallback { route, .. } = &mut owed {
        route.queue = queue("service");
    }
    scene.apply(owed);

    scene.caller_routes("back-1", route("service"), 0);

    assert_eq!(*scene.state("owed-1"), ended(EndReason::Superseded));
    scene.hang_up("back-1");
    assert!(scene.floor.callbacks.is_empty(), "he can be called back again");
}

#[test]
fn one_caller_has_one_open_callback_in_a_queue() {
    let mut scene = Scene::new();
    known_caller_waits(&mut scene, "call-1");
    scene.caller_arrives("call-2", CALLER, Channel::Voice);
    scene.caller_routes("call-2", route("sales"), 0);
    scene.apply(book("call-1", "back-1"));

    scene.apply(book("call-2", "back-2"));

    assert_eq!(*scene.state("call-2"), ended(EndReason::CallbackBooked));
    assert!(!scene.floor.contacts.contains_key(&contact("back-2")));
}

#[test]
fn a_caller_in_the_menu_stays_there_and_the_callback_waits_as_was_agreed() {
    let mut scene = Scene::new();
    scene.caller_waits("early", "sales", 0);
    scene.pass(Duration::from_secs(5));
    scene.caller_arrives("call-1", "", Channel::Voice);
    let agreed = Agreed {
        caller: CALLER.to_owned(),
        priority: 1,
        credit: Duration::from_secs(10),
        details: "calling_number=2".to_owned(),
    };
    let booking = book_as("call-1", "back-1", Duration::ZERO, Some(agreed));

    scene.apply(&booking);
    assert_eq!(scene.apply(booking), Reply::Duplicate);

    assert_eq!(*scene.state("call-1"), ContactState::InMenu);
    assert_eq!(scene.floor.position(&contact("back-1")), Some(1), "ahead by its priority");
    assert_eq!(scene.floor.contacts[&contact("back-1")].details, "calling_number=2");
    assert_eq!(scene.floor.callbacks.len(), 1);
}

#[test]
fn no_callback_without_a_number_or_where_the_queue_takes_none() {
    let mut scene = Scene::with_rules(|rules| rules.callback_attempts = 0);
    known_caller_waits(&mut scene, "call-1");
    let why = "queue".to_owned();
    assert_eq!(scene.refuse(&book("call-1", "back-1")), Rejection::NoCallback { why });

    let mut nameless = Scene::new();
    nameless.caller_waits("call-1", "sales", 0);
    let unknown = Rejection::NoCallback { why: "caller".to_owned() };
    assert_eq!(nameless.refuse(&book("call-1", "back-1")), unknown);
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

#[test]
fn a_caller_who_dials_again_in_time_has_the_old_place() {
    let window = Duration::from_mins(1);
    for (late, position) in [(59, 1), (61, 2)] {
        let mut scene = Scene::with_rules(|rules| rules.redial_window = window);
        known_caller_waits(&mut scene, "call-1");
        scene.pass(Duration::from_secs(1));
        scene.caller_waits("other", "sales", 0);
        scene.hang_up("call-1");
        scene.pass(Duration::from_secs(late));

        known_caller_waits(&mut scene, "call-2");

        assert_eq!(scene.floor.position(&contact("call-2")), Some(position), "after {late} s");
        assert!(scene.floor.kept.is_empty());
    }
}

#[test]
fn without_after_call_work_the_agent_is_free_at_once() {
    let mut scene = Scene::with_rules(|rules| rules.wrap_up_mode = WrapUpMode::None);
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");

    scene.hang_up("call-1");

    assert_eq!(scene.agent("amy"), "ready");
}

#[test]
fn optional_after_call_work_is_for_those_who_ask_for_it_while_they_talk() {
    let mut scene = Scene::with_rules(|rules| rules.wrap_up_mode = WrapUpMode::Optional);
    scene.sign_in("amy");
    for (id, asks, then) in [("call-1", false, "ready"), ("call-2", true, "wrap_up")] {
        scene.caller_waits(id, "sales", 0);
        scene.connect("amy", id);
        if asks {
            scene.extend_wrap_up("amy", id, 0);
        }
        scene.hang_up(id);

        assert_eq!(scene.agent("amy"), then);
    }
}

#[test]
fn fixed_after_call_work_takes_the_notes_and_lasts_to_its_end() {
    let mut scene = Scene::with_rules(|rules| rules.wrap_up_mode = WrapUpMode::TimedFixed);
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.hang_up("call-1");

    scene.finish_wrap_up("amy", "call-1");
    assert_eq!(scene.agent("amy"), "wrap_up");
    scene.pass(super::scene::WRAP_UP);

    assert_eq!(scene.agent("amy"), "ready");
}

#[test]
fn after_call_work_until_done_ends_when_the_agent_says_so_and_not_before() {
    let mut scene = Scene::with_rules(|rules| rules.wrap_up_mode = WrapUpMode::UntilDone);
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.hang_up("call-1");

    scene.pass(Duration::from_mins(10));
    assert_eq!(scene.agent("amy"), "wrap_up");
    scene.finish_wrap_up("amy", "call-1");

    assert_eq!(scene.agent("amy"), "ready");
}

#[test]
fn after_call_work_is_extended_once_for_the_same_wish_and_never_beyond_the_limit() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.hang_up("call-1");
    let wish = |at: &Scene, seconds| Command::ExtendWrapUp {
        desk: at.desk("amy"),
        contact: contact("call-1"),
        extension: Duration::from_secs(seconds),
    };
    let too_long = wish(&scene, 61);
    assert_eq!(scene.refuse(&too_long), Rejection::ExtensionTooLong { limit: 60_000 });

    scene.apply(wish(&scene, 20));
    let again = wish(&scene, 20);
    assert_eq!(scene.apply(again), Reply::Duplicate);
    scene.pass(Duration::from_secs(49));
    assert_eq!(scene.agent("amy"), "wrap_up");
    scene.pass(Duration::from_secs(1));

    assert_eq!(scene.agent("amy"), "ready");
}

#[test]
fn a_caller_who_loses_the_agent_does_not_overtake_those_who_waited_longer() {
    let mut scene = Scene::with_rules(|rules| rules.wrap_up_mode = WrapUpMode::None);
    scene.caller_waits("ahead", "sales", 0);
    scene.pass(Duration::from_secs(9));
    scene.sign_in("amy");
    scene.decline("amy");
    scene.caller_waits("talks", "sales", 0);
    scene.connect("amy", "talks");
    scene.pass(Duration::from_secs(11));

    let report = scene.report("talks");
    scene.apply(Command::ReportAgentGone { report });

    assert_eq!(scene.rung_for("amy"), Some("ahead"));
}

#[test]
fn a_break_during_an_offer_takes_the_offer_back_and_counts_no_miss() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);

    scene.set_want("amy", Want::NotReady);

    assert_eq!(scene.agent("amy"), "not_ready");
    assert_eq!(*scene.state("call-1"), ContactState::Queued);
    assert!(scene.floor.agents[&agent("amy")].misses.is_empty());
    scene.set_want("amy", Want::Ready);
    assert_eq!(scene.rung_for("amy"), Some("call-1"), "it was not hers to miss");
}

#[test]
fn each_cause_of_a_failed_bridge_has_its_own_threshold() {
    let mut scene = Scene::with_rules(|rules| rules.misses[2].threshold = 2);
    scene.sign_in("amy");
    for (id, then) in [("call-1", "ready"), ("call-2", "not_ready")] {
        scene.caller_waits(id, "sales", 0);
        let offer = scene.accept("amy");
        let report = scene.report(id);
        scene.apply(Command::ReportBridgeFailed { report, offer, cause: MissCause::Busy });
        assert_eq!(scene.agent("amy"), then);
        scene.hang_up(id);
    }
}

#[test]
fn a_caller_sent_to_an_agent_waits_for_him_and_then_for_his_queue() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.sign_in("bob");
    scene.sign_in("cat");
    let (desk, contact) = (scene.desk("amy"), contact("call-1"));
    let mut route = route_by("sales", vec![personal("cat"), class("sales")]);
    route.queue = queue("sales");

    scene.apply(Command::TransferContact { desk, contact, plan_version: 1, route });
    assert_eq!(scene.rung_for("cat"), Some("call-1"));
    scene.decline("cat");
    scene.pass(Duration::from_secs(10));

    assert_eq!(scene.rung_for("bob"), Some("call-1"));
}

#[test]
fn a_supervisor_who_forces_presence_is_obeyed_after_the_call() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    let (agent, want, by) = (agent("amy"), Want::NotReady, "chief".to_owned());

    scene.apply(Command::ForcePresence { agent, want, reason: "training".to_owned(), by });
    assert_eq!(scene.agent("amy"), "busy");
    scene.hang_up("call-1");
    scene.finish_wrap_up("amy", "call-1");

    assert_eq!(scene.agent("amy"), "not_ready");
}
