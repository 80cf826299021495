//! The history service through its client, on a real Postgres.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap as the tests do")]

mod dying;
mod reading;
mod reporting;
mod retention;
mod support;
