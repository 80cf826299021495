//! Callbacks: booked, dialled, tried again and given up.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::command::{Agreed, Command, Reply};
use crate::floor::rejection::Rejection;
use crate::floor::state::{ContactState, EndReason};

use super::owed_calls::CALLER;
use super::places::known_caller_waits;
use super::scene::{Scene, book, book_as, contact, ended, route};

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
