//! What agents note as the result of a talk.

use std::collections::BTreeMap;

use switchboard_domain::center::{Center, DispositionFault};
use switchboard_domain::ids::{DispositionId, QueueId};

use super::demo;
use crate::parse;

const CODES: &str = "
sold: {display_name: Sold}
lost: {display_name: Lost}
price: {display_name: Too dear, under: lost}
time: {display_name: Too late, under: lost}
";

/// The demo, with other codes and with what its booking queue asks for.
fn with(codes: &str, booking: &str) -> BTreeMap<String, String> {
    let mut files = demo();
    files.insert("dispositions.yaml".into(), codes.into());
    let queues = files.get_mut("queues.yaml").expect("queues");
    let refund =
        "  dispositions: {codes: [changed, informed, done], required: true, default: done}\n";
    let asked = format!("  dispositions: {booking}\n");
    *queues = queues.replace(refund, "").replace("  dispositions: {default: done}\n", &asked);
    files
}

fn center(booking: &str) -> Center {
    parse(&with(CODES, booking)).expect("a sound center")
}

fn complaint(codes: &str, booking: &str) -> String {
    let problems = parse(&with(codes, booking)).expect_err("a refusal");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn choices(center: &Center, queue: Option<&str>) -> Vec<String> {
    let queue = queue.map(|name| QueueId::parse(name).expect("an id"));
    let rules = center.dispositions_of(queue.as_ref());
    center.choices(&rules).into_iter().map(DispositionId::to_string).collect()
}

fn fault(center: &Center, noted: &str) -> Option<DispositionFault> {
    let booking = QueueId::parse("booking").expect("an id");
    center.check_disposition(&center.dispositions_of(Some(&booking)), noted).err()
}

#[test]
fn a_queue_chooses_from_what_it_names_and_groups_are_no_choice() {
    let center = center("{codes: [lost]}");

    assert_eq!(choices(&center, Some("booking")), ["price", "time"]);
    assert_eq!(choices(&center, Some("timetable")), ["price", "sold", "time"]);
    assert_eq!(choices(&center, None), ["price", "sold", "time"]);
}

#[test]
fn what_is_no_choice_of_the_queue_is_refused_and_nothing_only_where_one_is_asked_for() {
    let (strict, lax) = (center("{codes: [lost], required: true}"), center("{}"));
    let unknown = Some(DispositionFault::Unknown);

    let told: Vec<_> =
        ["price", "sold", "lost", "nonsense", ""].map(|it| fault(&strict, it)).into();
    assert_eq!(told, [None, unknown, unknown, unknown, Some(DispositionFault::Missing)]);
    assert_eq!(["sold", "price", ""].map(|noted| fault(&lax, noted)), [None; 3]);
}

#[test]
fn a_center_without_codes_takes_any_word() {
    let mut files = with("", "{}");
    files.remove("dispositions.yaml");
    let center = parse(&files).expect("a sound center");

    assert_eq!(["anything", ""].map(|noted| fault(&center, noted)), [None; 2]);
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_place() {
    let cases = [
        (CODES, "{codes: [pirce]}", "unknown disposition \"pirce\"; did you mean \"price\"?"),
        (CODES, "{default: lost}", "the default lost cannot be noted; give one of"),
        (CODES, "{codes: [lost], default: sold}", "give one of [\"price\", \"time\"]"),
        ("", "{required: true}", "asks for a disposition, and dispositions.yaml has none"),
        ("a: {display_name: A, under: b}\nb: {display_name: B, under: a}\n", "{}", "is in itself"),
        ("a: {display_name: A, under: c}\n", "{}", "unknown disposition \"c\""),
    ];
    for (codes, booking, expected) in cases {
        let told = complaint(codes, booking);
        assert!(told.contains(expected), "{told}");
    }
}
