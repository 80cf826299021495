//! The ticket service through its client, on a real Postgres.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may unwrap and panic as the tests do"
)]

mod beside;
mod bulk;
mod call_backs;
mod calling;
mod care;
mod clustering;
mod consenting;
mod correcting;
mod creating;
mod deadlines;
mod departments;
mod dispatching;
mod faults;
mod follow_ups;
mod following;
mod forms;
mod hearing;
mod importing;
mod judging;
mod linking;
mod macros;
mod measuring;
mod moving;
mod outpaced;
mod promising;
mod reading;
mod reporting;
mod shop;
mod support;
mod targets;
mod tasks;
mod touchpoints;
mod views;
mod watching;
mod working;
