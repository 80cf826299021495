//! By what work is judged.

use switchboard_domain::center::Center;
use switchboard_domain::ids::{ScorecardId, TicketKindId};
use switchboard_domain::quality::{Scorecard, Subject};

use super::demo;
use crate::{Problem, parse};

fn read(scorecards: &str) -> Result<Center, Vec<Problem>> {
    let mut files = demo();
    files.insert("scorecards.yaml".into(), scorecards.into());
    parse(&files)
}

fn card(center: &Center, id: &str) -> Scorecard {
    center.scorecards[&ScorecardId::parse(id).expect("an id")].clone()
}

fn complaint(scorecards: &str) -> String {
    let problems = read(scorecards).expect_err("a refusal");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_not_said_is_a_criterion_that_is_met_or_not_and_counts_once() {
    let text = "calls: {subject: call, criteria: {greeting: {text: Greets}}}\n";
    let calls = card(&read(text).expect("a sound center"), "calls");

    assert_eq!((calls.subject, calls.pass), (Subject::Call, 80));
    assert!(calls.queues.is_empty() && calls.kinds.is_empty());
    let greeting = &calls.criteria[0];
    assert_eq!((greeting.points, greeting.weight), (1, 1));
    assert!(!greeting.is_critical && !greeting.is_optional);
    assert_eq!(greeting.text.get("en"), Some("Greets"));
}

#[test]
fn the_demo_judges_calls_and_complaints() {
    let center = parse(&demo()).expect("the demo");
    let (calls, complaints) = (card(&center, "calls"), card(&center, "complaints"));

    assert_eq!(calls.criteria.iter().filter(|criterion| criterion.is_critical).count(), 1);
    assert_eq!(complaints.subject, Subject::Ticket);
    assert_eq!(
        complaints.kinds.iter().map(TicketKindId::as_str).collect::<Vec<_>>(),
        ["complaint"]
    );
}

#[test]
fn what_cannot_be_judged_is_refused_by_name() {
    let of = |rest: &str| complaint(&format!("calls: {{subject: call, {rest}}}\n"));
    let criteria = "criteria: {greeting: {text: Greets}}";

    for (rest, told) in [
        ("criteria: {}".to_owned(), "must have 1 to 50 criteria"),
        ("criteria: {greeting: {text: Greets, points: 11}}".to_owned(), "from 1 to 10"),
        ("criteria: {greeting: {text: Greets, weight: 0}}".to_owned(), "from 1 to 100"),
        (format!("pass: 101, {criteria}"), "from 0 to 100"),
        (format!("kinds: [complaint], {criteria}"), "a call has no kind"),
        (format!("queues: [bookings], {criteria}"), "did you mean \"booking\""),
    ] {
        let problems = of(&rest);
        assert!(problems.contains(told) && problems.starts_with("scorecards.yaml:1"), "{problems}");
    }
    let unknown = complaint("calls: {subject: chat, criteria: {greeting: {text: Greets}}}\n");
    assert!(unknown.contains("\"chat\" is none of call, ticket"), "{unknown}");
}
