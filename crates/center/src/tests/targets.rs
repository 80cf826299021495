//! What a company, its departments and their people are to reach: `targets.yaml`.

use std::time::Duration;

use switchboard_domain::ids::AgentId;
use switchboard_domain::targets::{Aim, Aims, Measure, Targets};

use super::demo;
use crate::{check, parse};

fn percent(text: &str) -> Aim {
    Aim::AtLeast(text.parse().expect("a percentage"))
}

#[test]
fn targets_are_for_the_company_departments_and_agents() {
    let mut files = demo();
    let text = "company: {loyal_share: 35.5}\ndepartments:\n  refunds:\n    \
                own: {reopen_rate: 5, mean_resolving: 8h}\n    every_agent: {kept: 90}\n    \
                agents: {li-wei: {kept: 95}}\n";
    files.insert("targets.yaml".into(), text.into());

    let targets = parse(&files).expect("a center").targets;

    assert_eq!(targets.fewest, 1);
    assert_eq!(targets.company, Aims::from([(Measure::LoyalShare, percent("35.5"))]));
    let refunds = &targets.departments["refunds"];
    let within = Aim::Within(Duration::from_hours(8));
    let at_most = Aim::AtMost("5".parse().expect("a percentage"));
    let own = [(Measure::ReopenRate, at_most), (Measure::MeanResolving, within)];
    assert_eq!(refunds.own, Aims::from(own));
    let of = |agent: &str| refunds.of(&AgentId::parse(agent).expect("an id"))[&Measure::Kept];
    assert_eq!((of("li-wei"), of("zhang-min")), (percent("95"), percent("90")));
}

#[test]
fn without_the_file_nothing_is_to_be_reached() {
    let mut files = demo();
    files.remove("targets.yaml");

    assert_eq!(parse(&files).expect("a center").targets, Targets::default());
}

#[test]
fn a_department_is_named_like_an_id() {
    let mut files = demo();
    files.remove("departments.yaml");
    let text = "departments: {two words: {own: {kept: 9}}}";
    files.insert("targets.yaml".into(), text.into());

    let said: Vec<String> = check(&files).problems.iter().map(ToString::to_string).collect();

    let [said] = said.as_slice() else { panic!("one complaint: {said:?}") };
    assert!(said.contains("department \"two words\": an id has only letters"), "{said}");
}

#[test]
fn every_slip_in_targets_is_named_with_its_place() {
    for (text, named, complaint) in [
        ("fewest: 0", "fewest", "\"0\" is not a whole number from 1 to 100000"),
        ("company: {kept: 101}", "kept of company", "\"101\" is not a number from 0 to 100"),
        ("company: {mean_resolving: 0s}", "mean_resolving of company", "is shorter than 1s"),
        ("company: {kepd: 95}", "company", "did you mean \"kept\"?"),
        (
            "departments: {refunds: {}}",
            "department \"refunds\"",
            "has no target: give own, every_agent or agents",
        ),
        (
            "departments: {refunds: {agents: {li-wie: {kept: 95}}}}",
            "li-wie",
            "did you mean \"li-wei\"?",
        ),
    ] {
        let mut files = demo();
        files.insert("targets.yaml".into(), text.into());

        let said: Vec<String> = check(&files).problems.iter().map(ToString::to_string).collect();

        let [said] = said.as_slice() else { panic!("one complaint: {text}: {said:?}") };
        assert!(said.starts_with("targets.yaml:1:") && said.contains(named), "{text}: {said}");
        assert!(said.contains(complaint), "{text}: {said}");
    }
}
