//! Who waits for one agent alone is rung for him, wherever he stands among those who are idle.

use std::time::Duration;

use crate::floor::command::{Command, Reply};

use super::scene::{Scene, class, contact, personal, route_by};

/// Signs in agents of one profile, the first idle longest.
fn sign_in_many(scene: &mut Scene, count: u32) {
    for number in 0..count {
        scene.sign_in(&format!("amy-{number:02}"));
        scene.pass(Duration::from_secs(1));
    }
}

/// Has a caller wait for one agent alone.
fn wait_for(scene: &mut Scene, id: &str, name: &str) {
    scene.caller_arrives(id, "", crate::channel::Channel::Voice);
    scene.caller_routes(id, route_by("sales", vec![personal(name)]), 0);
}

#[test]
fn after_a_restart_who_is_held_for_an_agent_is_rung_for_him_however_many_are_idle_longer() {
    let mut scene = Scene::new();
    let held: Vec<(String, String)> =
        (20..30).map(|number| (format!("call-{number}"), format!("amy-{number}"))).collect();
    for (id, name) in &held {
        wait_for(&mut scene, id, name);
    }
    scene.open_epoch(2);
    scene.join();
    for (id, _) in &held {
        scene.reconcile(id, None);
    }
    sign_in_many(&mut scene, 40);

    scene.finish_inventory();
    while scene.apply(Command::FireDeadlines) == Reply::More {}

    for (id, name) in &held {
        assert_eq!(scene.rung_for(name), Some(id.as_str()), "{name}");
    }
}

#[test]
fn who_is_held_for_somebody_nobody_has_seen_keeps_nobody_from_being_served() {
    let mut scene = Scene::new();
    wait_for(&mut scene, "call-1", "nobody");
    wait_for(&mut scene, "call-2", "amy-01");
    scene.open_epoch(2);
    scene.join();
    scene.reconcile("call-1", None);
    scene.reconcile("call-2", None);
    sign_in_many(&mut scene, 2);

    scene.finish_inventory();

    assert_eq!(scene.rung_for("amy-01"), Some("call-2"));
    assert!(scene.floor.settled && scene.floor.own_after.is_none());
}

#[test]
fn who_is_moved_out_of_a_full_queue_is_rung_for_whom_he_is_held_for() {
    let mut scene = Scene::with_rules(|rules| rules.max_active = 1);
    sign_in_many(&mut scene, 20);
    scene.caller_waits("call-1", "sales", 0);
    assert_eq!(scene.rung_for("amy-00"), Some("call-1"));

    let route = route_by("service", vec![personal("amy-19"), class("service")]);
    let by = "chief".to_owned();
    scene.apply(Command::MoveContact { contact: contact("call-1"), plan_version: 1, route, by });

    assert_eq!(scene.rung_for("amy-19"), Some("call-1"));
    assert_eq!(scene.rung_for("amy-00"), None);
}
