//! A center as code: a folder of YAML, read into the domain's [`Center`] and checked as a whole.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `center.yaml` | names, country, time zone, languages, priority credit, gateways |
//! | `skills.yaml` | what agents can do |
//! | `queues.yaml` | where callers wait, and how long things may take |
//! | `agents.yaml` | who answers, with skills and queues |
//! | `numbers.yaml` | which flow answers a called number, in which language |
//! | `tiers.yaml` | what a customer's tier changes |
//! | `tickets.yaml` | which outcome of a call makes which ticket |
//! | `prompts.yaml` | what callers hear, per language |
//! | `flows/*.yaml` | the IVR flows, one per file |
//!
//! [`parse`] gives the center or everything that is wrong with it, with file, line and remedy.
//! [`CenterCache`] keeps the parsed centers of a store and follows their changes.

mod cache;
mod clock_face;
mod customers;
mod demo;
mod duration;
mod folder;
mod item;
mod known;
mod nearest;
mod problem;
mod read;
mod yaml;

use std::collections::BTreeMap;

use switchboard_domain::center::Center;

pub use cache::{CacheError, CenterCache};
pub use clock_face::today;
pub use customers::{SampleCustomer, parse_customers};
pub use demo::{demo, demo_customers};
pub use folder::read_folder;
pub use problem::{Place, Problem};

/// Reads a center from its files, path inside the folder to text.
///
/// The version of the result is 0; whoever stores it sets the real one.
pub fn parse(files: &BTreeMap<String, String>) -> Result<Center, Vec<Problem>> {
    read::read(files)
}

#[cfg(test)]
mod tests;
