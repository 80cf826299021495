//! What customers are approached for, and what policies and plans are for.

use switchboard_domain::center::Center;
use switchboard_domain::consent::{ConsentRule, Purposes};
use switchboard_domain::ids::PurposeId;

use super::demo;
use crate::{check, parse};

fn with(consents: Option<&str>) -> Center {
    let mut files = demo();
    files.remove("consents.yaml");
    files.extend(consents.map(|text| ("consents.yaml".into(), text.into())));
    parse(&files).expect("a sound center")
}

#[test]
fn a_center_that_says_nothing_has_the_usual_purposes_and_the_demo_says_the_same() {
    let silent = with(None);

    assert_eq!(silent.purposes, Purposes::default());
    assert_eq!(parse(&demo()).expect("a sound center").purposes, Purposes::default());
    assert_eq!(silent.follow_ups[0].purpose, Some(PurposeId::SURVEY));
    assert_eq!(silent.touchpoints[0].purpose, Some(PurposeId::CARE));
}

#[test]
fn a_policy_whose_usual_purpose_the_center_does_not_have_is_for_none() {
    let center = with(Some("survey: opt_in\n"));

    assert_eq!(center.purposes.rule(&PurposeId::SURVEY), Some(ConsentRule::OptIn));
    assert_eq!(center.follow_ups[0].purpose, Some(PurposeId::SURVEY));
    assert_eq!(center.touchpoints[0].purpose, None);
}

#[test]
fn what_is_no_rule_or_no_purpose_is_refused_with_what_is() {
    let cases = [
        ("consents.yaml", "survey: maybe\n", "must be opt_in"),
        ("consents.yaml", "a b: opt_in\n", "an id has only letters"),
        ("follow_ups.yaml", "all: {queue: rebooking, purpose: surveys}\n", "\"survey\""),
    ];
    for (file, text, complaint) in cases {
        let mut files = demo();
        files.insert(file.into(), text.into());

        let said = check(&files).problems;

        let told = said.iter().any(|problem| problem.message.contains(complaint));
        assert!(told, "{text}: {complaint:?} is not in {said:#?}");
    }
}
