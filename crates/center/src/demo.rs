//! The demo center, compiled into the program: a ticketing hotline in Chinese and English.

use std::collections::BTreeMap;

use crate::customers::{SampleCustomer, parse_customers};

const CUSTOMERS: &str = include_str!("../../../config/demo/customers.yaml");

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../config/demo/center/", $name)))),*]
    };
}

/// Gives the files of the demo center, as [`crate::parse`] takes them.
pub fn demo() -> BTreeMap<String, String> {
    let files = files![
        "center.yaml",
        "skills.yaml",
        "calendars.yaml",
        "dispositions.yaml",
        "queues.yaml",
        "agents.yaml",
        "numbers.yaml",
        "tiers.yaml",
        "segments.yaml",
        "value.yaml",
        "departments.yaml",
        "sla.yaml",
        "clusters.yaml",
        "profile.yaml",
        "tickets.yaml",
        "dispatch.yaml",
        "macros.yaml",
        "surveys.yaml",
        "scorecards.yaml",
        "consents.yaml",
        "follow_ups.yaml",
        "touchpoints.yaml",
        "targets.yaml",
        "retention.yaml",
        "prompts.yaml",
        "flows/hotline.yaml",
    ];
    files.into_iter().map(|(name, text)| (name.into(), text.into())).collect()
}

/// Gives the test cases of the demo's flows, by path inside its folder.
pub fn demo_cases() -> BTreeMap<String, String> {
    let files = files!["tests/hotline.yaml"];
    files.into_iter().map(|(name, text)| (name.into(), text.into())).collect()
}

/// Gives the customers of the demo center.
///
/// # Panics
///
/// Never in a program that passed its tests: the text is part of it.
pub fn demo_customers() -> Vec<SampleCustomer> {
    parse_customers("customers.yaml", CUSTOMERS).expect("the demo's customers pass their test")
}
