//! What is said about files that are no center: the place, the key and the nearest remedy.

mod slips;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{demo, demo_with};
use crate::parse;

#[test]
fn every_slip_in_settings_is_named_with_its_place() {
    check(slips::SETTINGS);
}

#[test]
fn every_slip_in_queues_is_named_with_its_place() {
    check(slips::QUEUES);
}

#[test]
fn every_slip_in_agents_and_numbers_is_named_with_its_place() {
    check(slips::AGENTS_AND_NUMBERS);
}

#[test]
fn every_slip_in_flows_is_named_with_its_place() {
    check(slips::FLOWS);
}

#[test]
fn what_is_no_yaml_we_take_is_named_with_its_place() {
    check(slips::NO_YAML);
}

#[test]
fn missing_and_strange_files_are_named() {
    let mut files = demo();
    files.remove("queues.yaml");
    files.insert("queue.yaml".into(), String::new());

    let said = complaints(&files);

    let expected = [
        "queue.yaml: a center has no file of this name; did you mean \"queues.yaml\"?",
        "queues.yaml: the file is missing",
    ];
    for complaint in expected {
        assert!(said.iter().any(|line| line == complaint), "{said:#?}");
    }
}

#[test]
fn several_problems_are_told_at_once_in_order() {
    let mut files = demo_with("queues.yaml", "ring_timeout: 15s", "ring_timeout: soon");
    let agents = files.get_mut("agents.yaml").expect("a file");
    *agents = agents.replace("endpoint: sip:", "endpoint: ");

    let said = complaints(&files);

    assert_eq!(said.len(), 7, "{said:#?}");
    assert!(said[0].starts_with("agents.yaml:"), "{said:#?}");
    assert!(said[6].starts_with("queues.yaml:"), "{said:#?}");
}

#[test]
fn deep_and_large_files_are_refused_without_harm() {
    let deep = "- ".repeat(200_000);
    let wide = "a".repeat(2_000_000);
    for text in [deep, wide, "[".repeat(100_000), "{a: ".repeat(100_000)] {
        let mut files = demo();
        files.insert("tiers.yaml".into(), text);

        assert!(!complaints(&files).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_a_center_or_a_list_of_problems(text in "\\PC{0,80}(\n\\PC{0,40}){0,6}") {
        for name in ["center.yaml", "queues.yaml", "flows/hotline.yaml"] {
            let mut files = demo();
            files.insert(name.into(), text.clone());
            let _ = parse(&files);
        }
    }

    #[test]
    fn a_damaged_center_is_read_or_refused(at in 0..4_000_usize, with in "[a-z0-9:{}\\[\\],#*'\" \n-]{1,3}") {
        for name in demo().keys() {
            let mut files = demo();
            let text = files.get_mut(name).expect("a file of the demo");
            let place = (at % text.len()..text.len()).find(|at| text.is_char_boundary(*at));
            text.insert_str(place.unwrap_or(0), &with);
            if let Err(problems) = parse(&files) {
                prop_assert!(!problems.is_empty());
            }
        }
    }
}

fn check(cases: &[slips::Slip]) {
    for (file, old, new, complaint) in cases {
        let said = complaints(&demo_with(file, old, new));

        assert!(said.iter().any(|line| line.contains(complaint)), "{complaint}\n{said:#?}");
        assert!(said.iter().any(|line| line.starts_with(file)), "{said:#?}");
    }
}

fn complaints(files: &BTreeMap<String, String>) -> Vec<String> {
    match parse(files) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}
