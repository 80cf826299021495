//! A center as code: a folder of YAML, read into the domain's [`Center`] and checked as a whole.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `center.yaml` | names, country, time zone, languages, priority credit, gateways |
//! | `skills.yaml` | what agents can do |
//! | `calendars.yaml` | when the center works |
//! | `queues.yaml` | where callers wait, and how long things may take |
//! | `dispositions.yaml` | what agents note as the result of a talk |
//! | `draining.yaml` | queues that were removed and are served until they are empty |
//! | `agents.yaml` | who answers, with skills and queues |
//! | `numbers.yaml` | which flow answers a called number, in which language |
//! | `tiers.yaml` | what a customer's tier changes |
//! | `segments.yaml` | how departments divide the customers |
//! | `profile.yaml` | what is kept about customers, and asked of their records |
//! | `departments.yaml` | who answers for tickets |
//! | `kinds.yaml` | the kinds of tickets, and what each asks of those who handle it |
//! | `categories.yaml` | what tickets are filed under |
//! | `sla.yaml` | what is owed to customers by when |
//! | `value.yaml` | how the worth of customers is computed |
//! | `tickets.yaml` | which outcome of a call makes which ticket |
//! | `surveys.yaml` | what customers are asked after a call or a ticket |
//! | `scorecards.yaml` | by what supervisors judge calls and tickets |
//! | `consents.yaml` | what customers are approached for, and whether they have to agree beforehand |
//! | `dispatch.yaml` | where tickets go |
//! | `macros.yaml` | prepared sets of changes of tickets |
//! | `clusters.yaml` | which tickets together are one incident |
//! | `follow_ups.yaml` | which closed tickets are followed up by a call |
//! | `touchpoints.yaml` | the care calendar: who is called on which days after a purchase |
//! | `targets.yaml` | what departments and people are to reach in a month |
//! | `retention.yaml` | how long what happened is kept |
//! | `prompts.yaml` | what callers hear, per language |
//! | `flows/*.yaml` | the IVR flows, one per file |
//! | `canaries.yaml`, `canaries/*.yaml` | versions of flows on trial, and their share of the calls |
//!
//! Beside them lie test cases of the flows, `tests/*.yaml`, which [`parse_cases`] reads.
//!
//! [`parse`] gives the center or everything that is wrong with it, with file, line and remedy.
//! [`CenterCache`] keeps the parsed centers of a store and follows their changes.

mod cache;
mod cases;
mod changes;
mod clock_face;
mod code;
mod customers;
mod demo;
mod drain;
mod duration;
mod earlier;
mod expression;
mod faults;
mod fields;
mod folder;
mod item;
mod keys;
mod known;
mod nearest;
mod problem;
mod read;
mod reference;
mod versions;
mod yaml;

use std::collections::BTreeMap;

use switchboard_domain::center::Center;

pub use cache::{CacheError, CenterCache};
pub use cases::{
    CallerInput, Expected, FlowCase, Given, WallTime, parse_answer, parse_cases, parse_input,
};
pub use changes::{Change, ChangeKind, changes};
pub use clock_face::today;
pub use customers::{SampleCustomer, parse_customers};
pub use demo::{demo, demo_cases, demo_customers};
pub use drain::keep_draining;
pub use folder::{read_cases, read_folder};
pub use problem::{Findings, Place, Problem};
pub use reference::{cases_schema, flow_errors, flow_schema, reference};
pub use versions::{
    FlowComparison, NodeChange, compare_flows, end_trial, flow_changes, flow_standing,
    flow_version, keep_trials, publish_flow, read_version, try_flow, version_before,
};

/// Reads a center from its files, path inside the folder to text.
///
/// The version of the result is 0; whoever stores it sets the real one.
pub fn parse(files: &BTreeMap<String, String>) -> Result<Center, Vec<Problem>> {
    let found = check(files);
    found.center.ok_or(found.problems)
}

/// Reads a center like [`parse`], and tells what is probably not meant as well.
pub fn check(files: &BTreeMap<String, String>) -> Findings {
    read::read(files)
}

#[cfg(test)]
mod tests;
