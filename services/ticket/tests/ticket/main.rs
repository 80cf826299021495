//! The ticket service through its client, on a real Postgres.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap as the tests do")]

mod creating;
mod deadlines;
mod faults;
mod follow_ups;
mod moving;
mod reading;
mod reporting;
mod support;
