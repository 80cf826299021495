//! Between wire and domain: one file per subject, each way checked once, here.
//!
//! What comes from the wire is a `Result`; what goes out cannot fail.

pub mod agent;
pub mod audit;
pub mod channel;
pub mod consent;
pub mod customer;
pub mod dead_event;
pub mod estimate;
pub mod flow;
pub mod follow_up;
pub mod history;
pub mod import;
pub mod lookup;
pub mod number_rule;
pub mod occurrence;
pub mod phone;
pub mod quality;
pub mod report;
pub mod retention;
pub mod session;
pub mod subject;
pub mod target;
pub mod ticket;
pub mod time;
pub mod touchpoint;
pub mod value;
