//! The caller-id service through its client, on a real Postgres.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap as the tests do")]

mod consents;
mod customers;
mod faults;
mod lookups;
mod number_rules;
mod occurrences;
mod profiles;
mod records;
mod replicas;
mod subjects;
mod support;
mod transfers;
mod updates;
mod values;
