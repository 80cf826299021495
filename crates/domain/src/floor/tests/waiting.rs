//! How contacts wait: rings, empty and closed queues, what supervisors decide.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::GATEWAY_GRACE;
use crate::floor::command::Command;
use crate::floor::event::EventKind;
use crate::floor::plan::{MissCause, WrapUpMode};
use crate::floor::state::{ContactState, EndReason, Want};

use super::scene::{
    Scene, agent, class, contact, ended, personal, queue, route, route_by, sign_in,
};

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
fn who_is_moved_or_transferred_to_a_closed_queue_goes_where_that_sends_callers() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    for (id, by_agent) in [("call-1", false), ("call-2", true)] {
        scene.caller_waits(id, "sales", 0);
        let mut route = route("service");
        route.closes_in = Some(Duration::ZERO);
        let (plan_version, contact) = (1, contact(id));
        let command = if by_agent {
            scene.connect("amy", id);
            Command::TransferContact { desk: scene.desk("amy"), contact, plan_version, route }
        } else {
            Command::MoveContact { contact, plan_version, route, by: "chief".to_owned() }
        };

        let (_, told) = scene.try_apply(&command).unwrap();

        assert_eq!(*scene.state(id), ended(EndReason::Overflow));
        let end = told.iter().find(|event| event.kind == EventKind::ContactEnded).unwrap();
        assert_eq!(end.fields.get("action"), Some("busy"), "{id}");
    }
    assert_eq!(scene.agent("amy"), "wrap_up");
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
