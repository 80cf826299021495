//! Trials of a whole center from outside: real clients, real replicas, and judges of their own.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`clients`] | many clients on several replicas; a judge reads their histories afterwards |
//! | [`erlang`] | a queue under random load, compared with the formulas of queueing theory |
//! | [`site`] | the replicas, each a process, on a Redis and a Postgres of their own |
//! | [`wire`] | the network between a client and the replicas, which can be cut |
//! | [`chance`] | random numbers that a seed brings back |
//!
//! What judges ([`clients::judge`], [`erlang::formulas`], [`erlang::ideal`]) uses nothing of the
//! server: a mistake cannot be on both sides.

pub mod chance;
pub mod clients;
pub mod erlang;
pub mod site;
pub mod wire;

/// How much of a suite is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A few seconds, so that the suite itself cannot rot.
    Smoke,
    /// Minutes, for each change.
    Short,
    /// As long as it takes, for the night.
    Long,
}
