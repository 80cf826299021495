//! The place of a caller who rings in again.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::command::Command;
use crate::floor::state::{ContactState, EndReason, Want};

use super::owed_calls::{CALLER, owe};
use super::scene::{Scene, book, contact, ended, queue, route};

/// Has a caller wait whose number is known.
pub(super) fn known_caller_waits(scene: &mut Scene, id: &str) {
    scene.caller_arrives(id, CALLER, Channel::Voice);
    scene.caller_routes(id, route("sales"), 0);
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
fn who_is_further_ahead_than_the_place_kept_for_him_stays_there() {
    let window = Duration::from_mins(5);
    let mut scene = Scene::with_rules(|rules| {
        rules.redial_window = window;
        rules.overflow = "flow:later".to_owned();
        rules.max_wait = Duration::from_mins(1);
    });
    known_caller_waits(&mut scene, "call-1");
    scene.pass(Duration::from_mins(1));
    assert_eq!(*scene.state("call-1"), ContactState::InMenu, "nobody came, so the flow asks");
    scene.caller_waits("other", "sales", 0);
    known_caller_waits(&mut scene, "call-2");
    scene.hang_up("call-2");

    scene.caller_routes("call-1", route("sales"), 0);

    assert_eq!(scene.floor.position(&contact("call-1")), Some(1));
    assert!(scene.floor.kept.is_empty(), "one place is enough");
}
