//! Agents, queues and supervisors over a real port, on a floor in memory or in Redis.

#![expect(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests may unwrap as the tests do, and look for one update among many"
)]

mod boards;
mod desks;
mod dispositions;
mod sessions;
mod staffing;
mod supervision;
mod support;
mod unary;
mod waits;
mod workers;
