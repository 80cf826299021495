//! The recorder between a scripted stream and a real Postgres.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap as the tests do")]

mod faults;
mod recording;
mod stream;
mod support;
