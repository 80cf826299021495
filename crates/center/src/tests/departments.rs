//! Who answers for tickets, and who names them.

use super::demo;
use crate::{check, parse};

const FLOW: &str = "
title: Tickets
start: note
human: {key: \"0\", node: desk}
nodes:
  note: {type: ticket, subject: A call, department: boking, next: desk, fallback: desk}
  desk: {type: queue, queue: booking}
";

fn complaints(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = demo();
    all.extend(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    check(&all).problems.iter().map(ToString::to_string).collect()
}

#[test]
fn whoever_names_a_department_names_one_of_the_list() {
    let cases = [
        ("tickets.yaml", "a: {on: abandoned, subject: Call back, department: boking}"),
        ("dispatch.yaml", "a: {when: 'true', department: boking}"),
        ("sla.yaml", "a: {departments: [boking], acceptance: 1h}"),
        ("sla.yaml", "a: {acceptance: 1h, escalations: [{after: 1h, department: boking}]}"),
        ("macros.yaml", "a: {display_name: A, departments: [boking], steps: [{move: accept}]}"),
        ("macros.yaml", "a: {display_name: A, steps: [{move: dispatch, department: boking}]}"),
        (
            "clusters.yaml",
            "a: {tickets: 5, within: 1h, department: boking, incident: {subject: Many}}",
        ),
        (
            "clusters.yaml",
            "a: {tickets: 5, within: 1h, incident: {subject: Many, department: boking}}",
        ),
        (
            "touchpoints.yaml",
            "a: {anchor: sale, yearly: true, ticket: {subject: Card, department: boking}}",
        ),
        (
            "surveys.yaml",
            "a: {questions: {q: {type: csat, ask: {zh-CN: 好吗, en: Well}}}, \
             recovery: {subject: Sorry, department: boking}}",
        ),
        ("flows/hotline.yaml", FLOW),
        ("targets.yaml", "departments: {boking: {own: {kept: 90}}}"),
    ];
    for (file, text) in cases {
        let said = complaints(&[(file, text)]);

        let complaint = "unknown department \"boking\"; did you mean \"booking\"?";
        let told = said.iter().any(|line| line.starts_with(file) && line.contains(complaint));
        assert!(told, "{file}: {text}: {said:#?}");
    }
}

#[test]
fn a_center_without_the_file_takes_every_word() {
    let mut files = demo();
    files.remove("departments.yaml");
    files.insert("dispatch.yaml".into(), "a: {when: 'true', department: anybody}".into());

    let center = parse(&files).expect("a sound center");

    assert!(center.departments.has("anybody"));
}
