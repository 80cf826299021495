//! What a graph must not be, one fault at a time.

use super::samples::{a_hotline, key, node, parts};
use crate::flow::*;

#[test]
fn a_sound_flow_keeps_its_parts() {
    let flow = a_hotline();

    assert_eq!(flow.start().as_str(), "menu");
    assert_eq!(flow.human().as_str(), "desk");
    assert_eq!(flow.nodes().len(), 8);
}

#[test]
fn start_and_human_must_exist_and_the_human_must_be_a_queue() {
    let start = faults(|parts| parts.start = node("nowhere"));
    let human = faults(|parts| parts.human = node("bye"));

    assert!(start.contains("`start` names the node `nowhere`, which does not exist"), "{start}");
    assert!(human.contains("the human node `bye` is not a queue node"), "{human}");
}

#[test]
fn every_way_must_lead_somewhere() {
    let said = faults(|parts| {
        parts.nodes.remove(&node("booking"));
    });

    assert!(said.starts_with("node `trip` leads to `booking`, which does not exist"), "{said}");
}

#[test]
fn every_node_must_be_reachable() {
    let said = faults(|parts| menu(parts).options = [(key('3'), node("english"))].into());

    assert!(said.contains("node `trip` cannot be reached"), "{said}");
    assert!(said.contains("node `booking` cannot be reached"), "{said}");
}

#[test]
fn no_loop_may_pass_the_caller_by() {
    let said = faults(|parts| {
        let next = node("best");
        let round = Node::Play(Play { prompts: Vec::new(), next });
        parts.nodes.insert(node("greet"), round);
    });

    assert!(said.contains("is part of a loop that never waits for the caller"), "{said}");
}

#[test]
fn a_menu_has_options_and_leaves_the_human_key_alone() {
    let empty = faults(|parts| menu(parts).options.clear());
    let taken = faults(|parts| {
        menu(parts).options.insert(Key::ZERO, node("trip"));
    });
    let same = build(|parts| {
        menu(parts).options.insert(Key::ZERO, node("desk"));
    });

    assert!(empty.contains("menu `menu` has no options"), "{empty}");
    assert_eq!(taken, "node `menu`: key `0` is an option and the key for a human");
    assert!(same.is_ok());
}

#[test]
fn every_key_of_an_entry_has_one_meaning() {
    let same = faults(|parts| trip(parts).separator = Some(Key::POUND));
    let digit = faults(|parts| trip(parts).terminator = Some(key('5')));
    let human = faults(|parts| parts.human_key = Key::STAR);

    assert_eq!(same, "node `trip`: key `#` is the separator and the terminator");
    assert_eq!(digit, "node `trip`: key `5` is the terminator and a digit of the entry");
    assert_eq!(human, "node `trip`: key `*` is the separator and the key for a human");
}

#[test]
fn the_fields_of_an_entry_can_be_told_apart() {
    let none = faults(|parts| trip(parts).fields.clear());
    let separator = faults(|parts| trip(parts).separator = None);
    let first = faults(|parts| trip(parts).fields[0].optional = true);
    let twice = faults(|parts| trip(parts).fields[1].name = "origin".into());
    let length = faults(|parts| trip(parts).fields[0].kind = FieldKind::Digits { min: 0, max: 1 });

    assert_eq!(none, "node `trip` asks for nothing");
    assert_eq!(separator, "collect `trip` has several fields and no separator");
    assert!(first.contains("`origin` comes first and cannot be optional"), "{first}");
    assert!(first.contains("`destination` is required but comes after an optional"), "{first}");
    assert_eq!(twice, "collect `trip`: field `origin` is there twice");
    assert!(length.contains("needs `min` of at least 1 and at most `max`"), "{length}");
}

#[test]
fn a_flow_may_enter_at_least_one_node() {
    assert_eq!(faults(|parts| parts.max_steps = 0), "`max_steps` is 0");
}

fn faults(spoil: impl FnOnce(&mut FlowParts)) -> String {
    let faults = build(spoil).expect_err("a spoilt flow");
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn build(change: impl FnOnce(&mut FlowParts)) -> Result<Flow, Vec<FlowFault>> {
    let mut parts = parts();
    change(&mut parts);
    Flow::build(parts)
}

fn menu(parts: &mut FlowParts) -> &mut Menu {
    match parts.nodes.get_mut(&node("menu")) {
        Some(Node::Menu(menu)) => menu,
        other => panic!("the sample's menu is {other:?}"),
    }
}

fn trip(parts: &mut FlowParts) -> &mut Collect {
    match parts.nodes.get_mut(&node("trip")) {
        Some(Node::Collect(collect)) => collect,
        other => panic!("the sample's trip is {other:?}"),
    }
}
