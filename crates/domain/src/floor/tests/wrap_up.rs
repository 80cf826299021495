//! After-call work: none, timed, fixed, optional, until done, and longer.

use std::time::Duration;

use crate::floor::command::{Command, Reply};
use crate::floor::plan::WrapUpMode;
use crate::floor::rejection::Rejection;

use super::scene::{Scene, contact};

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
