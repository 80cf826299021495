//! The durable stores against a real Postgres: each test has a database of its own.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap as the tests do")]

mod audit;
mod callers;
mod centers;
mod consents;
mod customers;
mod dead_events;
mod evaluations;
mod event_months;
mod faults;
mod figures;
mod follow_ups;
mod isolation;
mod menus;
mod merges;
mod occurrences;
mod projection;
mod promises;
mod response_reports;
mod retention;
mod sealing;
mod search;
mod subjects;
mod support;
mod tenancy;
mod ticket_beginnings;
mod ticket_exceptions;
mod ticket_feed;
mod ticket_forms;
mod ticket_macros;
mod ticket_relations;
mod ticket_reports;
mod ticket_search;
mod ticket_surroundings;
mod ticket_views;
mod ticket_work;
mod tickets;
mod touchpoint_reports;
mod upsert;
mod values;
