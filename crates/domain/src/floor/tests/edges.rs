//! Where two rules meet: offers and the longest wait, sign-in and a break, callbacks and transfers.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::command::Command;
use crate::floor::state::{ContactState, EndReason, Want};
use crate::floor::{MAX_HOPS, MENU_LIMIT};

use super::scene::{
    RING, Scene, WRAP_UP, book_as, class_for, contact, personal, route, route_by, sign_in,
};

const CALLER: &str = "+8613800000001";

fn ended(reason: EndReason) -> ContactState {
    ContactState::Ended { reason }
}

fn rank(scene: &Scene, id: &str) -> Option<i64> {
    scene.floor.contacts[&contact(id)].place.as_ref().map(|place| place.rank)
}

/// A caller who asked to be called back from some time on.
fn callback_waits(scene: &mut Scene, callback: &str, opens_in: Duration) {
    scene.caller_arrives("call-1", CALLER, Channel::Voice);
    scene.caller_routes("call-1", route("sales"), 0);
    scene.apply(book_as("call-1", callback, opens_in, None));
}

#[test]
fn an_offer_that_rings_outlasts_the_longest_wait_and_none_follows_it() {
    let mut scene = Scene::with_rules(|rules| rules.max_wait = RING / 2);
    scene.sign_in("amy");
    scene.sign_in("bob");
    scene.caller_waits("call-1", "sales", 0);

    scene.pass(RING / 2);
    assert_eq!(scene.rung_for("amy"), Some("call-1"), "the agent who is rung may still answer");
    scene.decline("amy");

    assert_eq!(*scene.state("call-1"), ended(EndReason::Overflow));
    assert_eq!(scene.agent("bob"), "ready", "nobody else is rung for it");
}

#[test]
fn an_agent_who_signs_in_for_a_break_is_not_rung_for_an_instant() {
    let mut scene = Scene::new();
    scene.caller_waits("call-1", "sales", 0);
    let mut paused = sign_in("amy", "both");
    if let Command::SignIn { want, .. } = &mut paused {
        *want = Want::NotReady;
    }

    scene.apply(paused);

    assert_eq!(scene.agent("amy"), "not_ready");
    assert!(scene.floor.offers.is_empty(), "not even an offer that was taken back");
    scene.set_want("amy", Want::Ready);
    assert_eq!(scene.rung_for("amy"), Some("call-1"));
}

#[test]
fn wrap_up_keeps_every_queue_away_until_its_end() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.caller_waits("call-2", "service", 0);

    scene.hang_up("call-1");
    scene.pass(WRAP_UP.saturating_sub(Duration::from_millis(1)));
    assert_eq!(scene.agent("amy"), "wrap_up");
    scene.pass(Duration::from_millis(1));

    assert_eq!(scene.rung_for("amy"), Some("call-2"));
}

#[test]
fn a_place_gets_worse_only_for_somebody_more_urgent() {
    let mut scene = Scene::new();
    for id in ["call-1", "call-2", "call-3"] {
        scene.caller_waits(id, "sales", 0);
    }
    let place = |at: &Scene| at.floor.position(&contact("call-3"));
    let mut places = vec![place(&scene)];

    scene.sign_in("amy");
    scene.decline("amy");
    places.push(place(&scene));
    scene.hang_up("call-1");
    places.push(place(&scene));
    scene.caller_waits("late", "sales", 0);
    places.push(place(&scene));

    assert!(places.is_sorted_by(|earlier, later| earlier >= later), "{places:?}");
    scene.caller_waits("urgent", "sales", 1);
    assert!(place(&scene) > *places.last().expect("some"));
}

#[test]
fn a_callback_is_made_from_the_beginning_of_its_window_and_holds_up_nobody_before() {
    let opens_in = Duration::from_mins(5);
    let mut scene = Scene::new();
    callback_waits(&mut scene, "back-1", opens_in);
    scene.caller_waits("call-2", "sales", 0);

    scene.sign_in("amy");
    assert_eq!(scene.rung_for("amy"), Some("call-2"));
    scene.hang_up("call-2");
    scene.pass(opens_in.saturating_sub(Duration::from_millis(1)));
    assert_eq!(scene.rung_for("amy"), None);
    scene.pass(Duration::from_millis(1));

    assert_eq!(scene.rung_for("amy"), Some("back-1"));
}

#[test]
fn a_callback_that_was_answered_is_a_call_like_any_other() {
    let mut scene = Scene::new();
    callback_waits(&mut scene, "back-1", Duration::ZERO);
    scene.sign_in("amy");
    scene.connect("amy", "back-1");
    scene.sign_in("bob");
    let route = route_by("sales", vec![personal("bob"), class_for(Channel::Callback, "sales")]);
    let (desk, id) = (scene.desk("amy"), contact("back-1"));
    scene.apply(Command::TransferContact { desk, contact: id, plan_version: 1, route });
    scene.accept("bob");

    // The customer is on the line, so there is nobody to be called once more.
    scene.hang_up("back-1");

    assert_eq!(*scene.state("back-1"), ended(EndReason::Abandoned));
    assert_eq!(scene.agent("bob"), "ready");
}

#[test]
fn a_customer_on_the_line_who_waits_too_long_overflows_like_any_other() {
    let max_wait = Duration::from_secs(5);
    let mut scene = Scene::with_rules(|rules| rules.max_wait = max_wait);
    callback_waits(&mut scene, "back-1", Duration::ZERO);
    scene.sign_in("amy");
    scene.connect("amy", "back-1");
    let route = route_by("service", vec![class_for(Channel::Callback, "service")]);
    let (desk, id) = (scene.desk("amy"), contact("back-1"));
    scene.apply(Command::TransferContact { desk, contact: id, plan_version: 1, route });

    scene.pass(max_wait);

    assert_eq!(*scene.state("back-1"), ended(EndReason::Overflow));
}

#[test]
fn overflow_to_a_flow_has_the_caller_asked_again_and_keeps_the_age() {
    let mut scene = Scene::with_rules(|rules| {
        rules.max_wait = Duration::from_secs(5);
        rules.overflow = "flow:night".to_owned();
    });
    scene.caller_waits("call-1", "sales", 0);
    let before = rank(&scene, "call-1");

    scene.pass(Duration::from_secs(5));
    assert_eq!(*scene.state("call-1"), ContactState::InMenu);
    assert_eq!(scene.floor.contacts[&contact("call-1")].menu, "flow:night");
    scene.caller_routes("call-1", route("service"), 0);

    assert_eq!(*scene.state("call-1"), ContactState::Queued);
    assert_eq!(rank(&scene, "call-1"), before);
}

#[test]
fn a_caller_leaves_the_menu_when_no_step_was_taken_for_long_however_long_the_flow() {
    let mut scene = Scene::new();
    let almost = MENU_LIMIT.saturating_sub(Duration::from_secs(1));
    scene.caller_arrives("call-1", CALLER, Channel::Voice);
    for _ in 0..3 {
        scene.pass(almost);
        let report = scene.report("call-1");
        let (menu, trail) = ("position".to_owned(), String::new());
        scene.apply(Command::StepMenu { report, menu, trail });
    }
    scene.pass(almost);
    assert_eq!(*scene.state("call-1"), ContactState::InMenu);

    scene.pass(Duration::from_secs(1));

    assert_eq!(*scene.state("call-1"), ended(EndReason::LeftMenu));
}

#[test]
fn a_caller_whom_flow_and_queue_pass_to_and_fro_is_let_go_at_last() {
    let mut scene = Scene::with_rules(|rules| {
        rules.max_waiting = 0;
        rules.overflow = "flow:night".to_owned();
    });
    scene.caller_waits("call-1", "sales", 0);

    for _ in 0..MAX_HOPS {
        assert_eq!(*scene.state("call-1"), ContactState::InMenu);
        scene.caller_routes("call-1", route("sales"), 0);
    }

    assert_eq!(*scene.state("call-1"), ended(EndReason::Overflow));
}

#[test]
fn nobody_is_on_the_line_of_a_callback_whom_a_flow_could_ask() {
    let mut scene = Scene::with_rules(|rules| {
        rules.callback_lifetime = Duration::from_mins(2);
        rules.overflow = "flow:night".to_owned();
    });
    callback_waits(&mut scene, "back-1", Duration::ZERO);

    scene.pass(Duration::from_mins(2));

    assert_eq!(*scene.state("back-1"), ended(EndReason::WindowClosed));
}
