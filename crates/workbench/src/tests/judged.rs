//! What a test case complains of.

use super::{case, center, played};
use crate::judge;

#[tokio::test]
async fn whatever_comes_out_otherwise_is_told_with_both_sides() {
    let center = center("demo/center");
    let slips = [
        ("path: [greet, main-menu]", "path:\n   greet\n  +welcome\n   main-menu\n"),
        ("through: [to-booking, main-menu]", "`main-menu` does not come in this order"),
        ("prompts: [no-input]", "`no-input` does not come in this order"),
        ("texts: [nowhere]", "“nowhere” is in nothing that was heard"),
        ("fields: {origin: \"022\"}", "origin: expected 022, found 021"),
        ("fields: {date: \"2026-12-25\"}", "date: expected 2026-12-25, found nothing"),
        ("no_fields: [origin]", "origin: expected nothing, found 021"),
        ("end: hung_up", "end: expected hung_up, found queue"),
        ("queue: refund", "queue: expected refund, found booking"),
        ("reason: human_key", "reason: expected human_key, found chosen"),
        ("priority: 5", "priority: expected 5, found 0"),
        ("skills: {english: 3}", "skills: expected english 3, found none"),
        ("answered: [safety]", "answered: expected safety, found none"),
        ("ends_in: en", "ends_in: expected en, found zh-CN"),
    ];
    for (expectation, complaint) in slips {
        let text = format!("inputs: [\"2\", \"021*010#\"]\nexpect: {{{expectation}}}");
        let case = case("hotline", &text);

        let said = complaints(&center, &case).await;

        assert!(said.contains(complaint), "{expectation}\n{said}");
    }
}

#[tokio::test]
async fn a_script_that_does_not_fit_is_a_slip() {
    let center = center("samples/bank");
    let pin = "inputs: [\"1\", \"10002003#\", \"4711#\"]\nexpect: {queue: service}";
    let slips = [
        (pin.to_owned(), "nobody was told what to answer"),
        (format!("answers: {{check-pin: {{ticket: 7}}}}\n{pin}"), "ticket is no answer to it"),
        (
            "answers: {read-pin: done}\nexpect: {end: waiting}".to_owned(),
            "nobody asked for the answer of `read-pin`",
        ),
        (
            "inputs: [\"2\", \"1\"]\nexpect: {queue: cards}".to_owned(),
            "the flow ended before the caller had done everything",
        ),
    ];
    for (text, complaint) in slips {
        let said = complaints(&center, &case("bank", &text)).await;

        assert!(said.contains(complaint), "{text}\n{said}");
    }
}

async fn complaints(
    center: &switchboard_domain::center::Center,
    case: &switchboard_center::FlowCase,
) -> String {
    let transcript = played(center, case).await;
    let complaints: Vec<String> =
        judge(case, &transcript).iter().map(ToString::to_string).collect();
    complaints.join("\n")
}
