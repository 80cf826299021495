//! Files of test cases: what they say, and what is said of those that are wrong.

use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::customer::Verification;
use switchboard_domain::flow::{Answer, NodeId};

use super::{demo, demo_cases, read_cases};
use crate::{CallerInput, parse_answer, parse_cases, parse_input};

#[test]
fn a_case_has_what_is_given_for_all_unless_it_says_otherwise() {
    let text = "given: {caller: \"1\", verification: failed, channel: chat, \
                answers: {a: done, b: done}}\n\
                cases:\n  x: {channel: voice, answers: {b: late}, inputs: 12, expect: {end: queue}}\n";

    let cases = parse_cases("tests/main.yaml", text).expect("cases");

    let [case] = cases.as_slice() else { panic!("one case: {cases:?}") };
    let node = |name| NodeId::parse(name).expect("a node");
    assert_eq!((case.name.as_str(), case.flow.as_str(), case.place.line), ("x", "main", 3));
    assert_eq!((case.given.caller.as_deref(), case.given.channel()), (Some("1"), Channel::Voice));
    assert_eq!(case.given.verification, Some(Verification::Failed));
    assert_eq!(case.given.answers[&node("a")], [Answer::Done]);
    assert_eq!(case.given.answers[&node("b")], [Answer::Late]);
    let (after, every) = (Duration::from_secs(1), Duration::from_millis(500));
    assert_eq!(case.inputs, [CallerInput::Keys { keys: "12".into(), after, every }]);
}

#[test]
fn every_slip_in_a_case_is_named_with_its_place() {
    let slips = [
        ("at: tomorrow", "\"tomorrow\" is no day and time such as 2026-12-25 09:30"),
        ("at: 2026-02-30 10:00", "is no day and time"),
        ("at: 2026-02-03 24:00", "is no day and time"),
        ("answers: {a: {}}", "must have exactly one of staffing, customer, fetched and ticket"),
        ("answers: {a: {ticket: 1, fetched: {}}}", "must have exactly one of"),
        ("answers: {a: yes}", "\"yes\" is none of done, refused, not_found, failed, late"),
        ("answers: {a b: done}", "an id has only letters"),
        ("inputs: [hangup]", "\"hangup\" is neither keys"),
        ("inputs: [{keys: silence}]", "\"keys\" are keys"),
        ("channel: fax", "\"fax\" is none of voice, chat, message"),
        ("verification: A", "\"A\" is none of not_verified, full, partial, gateway, failed"),
    ];
    for (slip, complaint) in slips {
        let text = format!("cases:\n  x:\n    {slip}\n    expect: {{end: queue}}\n");

        let said = parse_cases("tests/main.yaml", &text).expect_err(slip);

        assert!(said.iter().any(|problem| problem.to_string().contains(complaint)), "{said:#?}");
        assert!(said.iter().all(|problem| problem.place.is_some()), "{said:#?}");
    }
}

#[test]
fn a_case_that_expects_nothing_tests_nothing() {
    let said = parse_cases("tests/main.yaml", "cases: {x: {expect: {}}}").expect_err("a refusal");

    assert!(said[0].message.contains("nothing is tested"), "{said:?}");
}

#[test]
fn a_file_says_which_flow_it_tests_by_its_name_or_itself() {
    let text = "cases: {x: {expect: {end: queue}}}";
    let flow = |file: &str, whole: &str| {
        parse_cases(file, whole).map(|cases| cases[0].flow.as_str().to_owned()).ok()
    };

    assert_eq!(flow("tests/main.yaml", text).as_deref(), Some("main"));
    assert_eq!(flow("tests/main.yaml", &format!("flow: other\n{text}")).as_deref(), Some("other"));
    assert_eq!(flow("tests/the main one.yaml", text), None);
}

#[test]
fn answers_and_inputs_are_read_by_themselves() {
    assert_eq!(parse_answer("{ticket: 7}"), Ok(Answer::Ticket(7)));
    assert!(parse_answer("{ticket: seven}").is_err());
    assert!(parse_answer("").is_err());
    assert_eq!(parse_input("hang_up", Channel::Chat), Ok(CallerInput::HangUp));
    assert_eq!(parse_input("hello", Channel::Chat), Ok(CallerInput::Text("hello".into())));
    assert!(parse_input("hello", Channel::Voice).is_err());
}

#[test]
fn the_program_carries_every_file_of_the_demo_s_cases_and_they_are_no_part_of_the_center() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/demo/center");

    let on_disk = read_cases(std::path::Path::new(folder)).expect("the folder is there");

    assert_eq!(on_disk, demo_cases());
    assert!(demo().keys().all(|file| !file.starts_with("tests/")));
}
