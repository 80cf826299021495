//! What a center keeps about its customers.

use switchboard_domain::caller::Role::{Admin, Agent, Supervisor};
use switchboard_domain::center::Center;
use switchboard_domain::customer::profile::{FieldPath, FieldShape};
use switchboard_domain::customer::{PartyKind, Tier};

use super::demo;
use crate::{check, parse};

fn center(profile: &str) -> Center {
    let mut files = demo();
    files.insert("profile.yaml".into(), profile.into());
    parse(&files).expect("a sound center")
}

fn field(path: &str) -> FieldPath {
    path.parse().expect("a field")
}

#[test]
fn the_demo_keeps_eight_sections_about_persons_and_five_about_companies() {
    let profile = parse(&demo()).expect("the demo").profile;

    let of = |kind| profile.sections.iter().filter(move |section| section.kind == kind);
    assert_eq!((of(PartyKind::Person).count(), of(PartyKind::Company).count()), (8, 5));
    let off = profile.sections.iter().filter(|section| !section.is_on);
    let off: Vec<&str> = off.map(|section| section.name.as_str()).collect();
    assert_eq!(off, ["family", "personality", "experience"]);
    assert_eq!(profile.field(PartyKind::Person, &field("family.children")), None);
    let birthday = profile.field(PartyKind::Person, &field("basics.birthday"));
    assert!(birthday.is_some_and(|field| field.is_sensitive && !field.readers.contains(&Agent)));
}

#[test]
fn a_field_has_the_defaults_of_its_type() {
    let center = center(
        "person: {work: {display_name: Work, enabled: true, fields: {
             employer: {display_name: Employer, type: text},
             secret: {display_name: Secret, type: boolean, sensitive: true}}}}",
    );
    let of = |path| center.profile.field(PartyKind::Person, &field(path)).expect("a field");

    let (employer, secret) = (of("work.employer"), of("work.secret"));

    assert_eq!(employer.shape, FieldShape::Text { max_length: 200, pattern: None });
    assert_eq!(employer.readers, [Agent, Supervisor, Admin].into());
    assert_eq!(employer.writers, [Supervisor, Admin].into());
    assert_eq!(secret.readers, [Supervisor, Admin].into());
    assert!(center.customer_rules.owner_required.is_empty());
    assert_eq!(center.customer_rules.review_after, None);
}

#[test]
fn a_section_with_a_sensitive_field_is_off_until_somebody_says_otherwise() {
    let section = |enabled: &str| {
        let fields = "{x: {display_name: X, type: text, sensitive: true}}";
        let work = format!("{{display_name: Work, {enabled}fields: {fields}}}");
        center(&format!("person: {{work: {work}}}")).profile.sections[0].is_on
    };

    assert!(!section(""));
    assert!(section("enabled: true, "));
}

#[test]
fn rules_of_records_are_read() {
    let center = center("{owner_required_tiers: [A1, A2], review_after: 30d}");

    assert_eq!(center.customer_rules.owner_required, [Tier::A1, Tier::A2].into());
    let days = center.customer_rules.review_after.map(|span| span.as_secs() / 86_400);
    assert_eq!(days, Some(30));
}

#[test]
fn fields_that_mean_nothing_are_refused() {
    let of = |field: &str| {
        format!(
            "person: {{work: {{display_name: Work, fields: {{x: {{display_name: X, {field}}}}}}}}}"
        )
    };
    let bad = [
        (of("type: colour"), "\"colour\" is none of text"),
        (of("type: date, max_length: 3"), "is for fields of type text or texts only"),
        (of("type: text, values: [a]"), "is for fields of type enum only"),
        (of("type: enum"), "\"values\" is missing"),
        (of("type: enum, values: [a, a]"), "\"a\" is there twice"),
        (of("type: text, pattern: '('"), "is no regular expression"),
        (of("type: number, min: NaN"), "\"NaN\" is not a number"),
        (of("type: integer, min: 2, max: 1"), "takes nothing: 2 is above 1"),
        (of("type: text, max_length: 2001"), "is not a whole number from 1 to 2000"),
        (of("type: text, read: [gateway]"), "\"gateway\" is none of agent"),
        (of("type: text, write: [agent]"), "\"agent\" is none of supervisor"),
        (of("type: text, sensitive: true, at_ring: true"), "is for fields that are not sensitive"),
        (of("type: text, read: [admin], at_ring: true"), "and that agents may read"),
        ("person: {Work: {display_name: Work, fields: {}}}".into(), "\"Work\" is no name"),
        ("owner_required_tiers: [Z1]".into(), "owner_required_tiers"),
        ("review_after: 1h".into(), "is shorter than 24h"),
    ];

    for (profile, wanted) in bad {
        let mut files = demo();
        files.insert("profile.yaml".into(), profile);
        let found = check(&files);
        let said: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|line| line.contains(wanted)), "{wanted}: {said:?}");
    }
}
