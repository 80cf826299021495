//! Conditions as administrators write them.

use proptest::prelude::*;

use super::{demo, demo_with};
use crate::{check, parse};

#[test]
fn what_expressions_can_say() {
    let good = [
        "true",
        "customer.known",
        "customer.tier <= 'A3' && !(customer.open_tickets > 2)",
        "customer.tier in ['A1', 'A2'] || \"frequent\" in customer.segments",
        "has(field.date) && field.date >= call.today",
        "field.origin.startsWith('02') != field.destination.endsWith('10')",
        "size(field.origin) + 1 > 3 ? call.language == 'en' : field.order.contains('7')",
        "call.channel == 'chat' && call.called_number != '+862160000001' && has(call.calling_number)",
        "-1 < 2 - 1 && field.origin.size() == 3",
    ];
    for condition in good {
        let files = with_condition(condition);
        assert_eq!(parse(&files).map(drop), Ok(()), "{condition}");
    }
}

#[test]
fn what_expressions_cannot_say_is_refused_with_the_reason() {
    let bad = [
        (
            "customer.teir == 'A1'",
            "unknown name \"customer.teir\"; did you mean \"customer.tier\"?",
        ),
        ("field.orign == '021'", "unknown name \"field.orign\"; did you mean \"field.origin\"?"),
        ("customer.tier = 'A1'", "is no expression: "),
        ("customer.tier == ", "is no expression: "),
        ("customer.tier == 1", "== takes two of the same kind, not a text and a number"),
        ("customer.tier", "gives a text, and true or false is needed here"),
        ("customer.tier && true", "&& takes true or false on both sides, not a text"),
        ("customer.open_tickets > 1.5", "a number that is not whole is not part of expressions"),
        ("customer.open_tickets * 2 > 3", "\"*\" is not part of expressions here"),
        ("field.origin.matches('0+')", "\"matches\" is not part of expressions here"),
        ("field.origin.startWith('0')", "did you mean \"startsWith\"?"),
        ("customer.segments.exists(s, s == 'a')", "a macro over a list is not part of expressions"),
        ("customer.tier in []", "a list holds plain texts or plain numbers, and at least one"),
        ("{'a': 1} == {'a': 1}", "a map is not part of expressions here"),
        ("staffing.waiting > 3", "unknown name \"staffing.waiting\""),
        ("null == null", "null or bytes is not part of expressions here"),
    ];
    for (condition, complaint) in bad {
        let said = check(&with_condition(condition)).problems;
        let told = said.iter().any(|problem| {
            problem.message.contains(complaint)
                && problem.place.is_some_and(|place| place.line > 10)
        });
        assert!(told, "{condition}: {complaint:?} is not in {said:#?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_a_condition_or_refused(text in "[-a-z.()'\"<>=!&|?:+ 0-9\\[\\],{}]{0,40}|\\PC{0,20}") {
        let _ = check(&with_condition(&text));
    }

    #[test]
    fn any_change_of_a_flow_is_read_or_refused(place in 0..1_000_usize, piece in "[-:{}\\[\\]#\"'a-z0-9 \n]{0,12}", cut in 0..20_usize) {
        let mut files = demo();
        let flow = files.get_mut("flows/hotline.yaml").expect("the flow");
        let letters: Vec<char> = flow.chars().collect();
        let at = letters.len() * place / 1_000;
        let rest = letters.iter().skip(at + cut);
        *flow = letters[..at].iter().copied().chain(piece.chars()).chain(rest.copied()).collect();

        let findings = check(&files);

        prop_assert_eq!(findings.center.is_some(), findings.problems.is_empty());
    }
}

fn with_condition(condition: &str) -> std::collections::BTreeMap<String, String> {
    let written = format!("when: '{}'", condition.replace('\'', "''"));
    demo_with("flows/hotline.yaml", "when: {tier: [A1, A2, A3]}", &written)
}
