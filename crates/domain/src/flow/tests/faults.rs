//! What a graph must not be, one fault at a time.

use super::samples::{a_hotline, key, node, parts};
use crate::flow::*;
use crate::ids::EndpointId;

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
    assert_eq!(twice, "node `trip`: field `origin` is there twice");
    assert!(length.contains("needs `min` of at least 1 and at most `max`"), "{length}");
}

#[test]
fn what_nobody_may_see_goes_straight_into_a_request() {
    let kept = faults(|parts| trip(parts).fields[0].sensitive = true);

    assert!(kept.contains("`origin` is not taken by a fetch node that comes next"), "{kept}");
}

#[test]
fn every_way_to_a_request_with_a_secret_asks_for_it() {
    let said = faults(|parts| {
        let secret = FetchValue::Secret("origin".into());
        let fetch = Fetch {
            endpoint: EndpointId::parse("bank").expect("an id"),
            values: [("origin".into(), secret)].into(),
            fields: Vec::new(),
            deadline: Duration::from_secs(1),
            retries: 0,
            prompts: Vec::new(),
            next: node("booking"),
            refused: None,
            fallback: node("desk"),
        };
        parts.nodes.insert(node("ask-bank"), Node::Fetch(fetch));
        trip(parts).fields[0].sensitive = true;
        trip(parts).next = node("ask-bank");
        menu(parts).options.insert(key('5'), node("ask-bank"));
    });

    assert_eq!(
        said,
        "node `ask-bank`: the sensitive field `origin` is not collected on every way right before \
         it is used"
    );
}

#[test]
fn a_node_without_a_way_to_an_end_is_named() {
    let said = faults(|parts| {
        let stuck = menu(parts).clone();
        let options = [(key('1'), node("stuck"))].into();
        let mut asking = stuck.asking;
        asking.attempts.on_no_input = Some(node("stuck"));
        asking.attempts.on_no_match = Some(node("stuck"));
        parts.nodes.insert(node("stuck"), Node::Menu(Menu { asking, options }));
        menu(parts).options.insert(key('6'), node("stuck"));
    });

    assert_eq!(said, "from node `stuck` no way leads to an end");
}

#[test]
fn one_digit_alone_is_an_entry_or_the_key_for_a_human() {
    let said = faults(|parts| {
        trip(parts).fields.truncate(1);
        trip(parts).fields[0].kind = FieldKind::Number { least: 0, most: 99 };
    });

    let clash = "key `0` is an entry of one digit and the key for a human";
    assert_eq!(said, format!("node `trip`: {clash}"));
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
