//! What is told about the difference between two versions.

use std::collections::BTreeMap;

use super::{demo, demo_with};
use crate::{Change, ChangeKind, changes};

#[test]
fn a_value_that_changes_is_told_with_before_and_after() {
    let after = demo_with("queues.yaml", "ring_timeout: 15s", "ring_timeout: 10s");

    let [change] = &changes(&demo(), &after)[..] else { panic!("one change") };

    assert_eq!(change.kind, ChangeKind::Changed);
    assert_eq!(
        (change.object.as_str(), change.key.as_deref()),
        ("queue booking", Some("ring_timeout"))
    );
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("15s"), Some("10s")));
}

#[test]
fn nested_keys_and_lists_are_told_by_their_path() {
    let deep = demo_with("queues.yaml", "after: 45s", "after: 50s");
    let flow = demo_with("flows/hotline.yaml", "\"2\": booking-trip", "\"2\": to-booking");
    let list = demo_with("flows/hotline.yaml", "[A1, A2, A3]", "[A1]");

    assert_eq!(told(&deep), ["changed queue rebooking rings[1].after"]);
    assert_eq!(told(&flow), ["changed flow hotline nodes.main-menu.options.2"]);
    assert_eq!(told(&list), ["changed flow hotline nodes.greet.cases[1].when.tier"]);
}

#[test]
fn keys_and_objects_come_and_go() {
    let key = demo_with("queues.yaml", "  ring_timeout: 15s\n", "");
    let mut files = demo();
    let prompts = files.get_mut("prompts.yaml").expect("a file");
    *prompts = prompts.replace("bad-order:", "worse-order:");

    assert_eq!(told(&key), ["removed queue booking ring_timeout"]);
    assert_eq!(told(&files), ["removed prompt bad-order", "added prompt worse-order"]);
}

#[test]
fn a_file_that_comes_or_goes_takes_its_objects_with_it() {
    let mut files = demo();
    files.remove("tiers.yaml");

    let gone = changes(&demo(), &files);
    let back = changes(&files, &demo());

    assert_eq!(gone.len(), 7);
    assert!(gone.iter().all(|change| change.kind == ChangeKind::Removed));
    assert!(back.iter().all(|change| change.kind == ChangeKind::Added));
}

#[test]
fn a_scheme_of_segments_is_told_by_its_name() {
    let mut files = demo();
    let scheme = files.get_mut("segments.yaml").expect("a file");
    scheme.push_str("\ncare: [{segment: anybody, when: 'true'}]\n");

    assert_eq!(told(&files), ["added segment scheme care"]);
}

#[test]
fn comments_and_the_order_of_keys_are_no_change() {
    let comment = demo_with("queues.yaml", "timetable:", "# the first\ntimetable:");
    let order = demo_with(
        "queues.yaml",
        "  max_wait: 10m\n  max_waiting: 200\n",
        "  max_waiting: 200\n  max_wait: 10m\n",
    );

    assert_eq!(changes(&demo(), &comment), []);
    assert_eq!(changes(&demo(), &order), []);
}

#[test]
fn the_order_of_agents_and_of_ticket_rules_is_a_change() {
    let mut files = demo();
    let agents = files.get_mut("agents.yaml").expect("a file");
    let start = agents.find("li-wei:").expect("the first agent");
    let end = agents.find("zhang-min:").expect("the second agent");
    let first = agents[start..end].to_owned();
    agents.replace_range(start..end, "");
    agents.push('\n');
    agents.push_str(&first);

    assert_eq!(told(&files), ["changed agents.yaml order"]);
}

fn told(after: &BTreeMap<String, String>) -> Vec<String> {
    let line = |change: Change| {
        let key = change.key.map(|key| format!(" {key}")).unwrap_or_default();
        format!("{} {}{key}", change.kind, change.object)
    };
    changes(&demo(), after).into_iter().map(line).collect()
}
