//! The whole program on private servers: every role in one process, and the verbs against it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap as the tests do")]

mod all_in_one;
mod care;
mod centers;
mod customers;
mod flows;
mod quality;
mod relations;
mod site;
mod support;
mod tickets;
mod verbs;
