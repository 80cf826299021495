//! Benchmarks of Switchboard: each prints the limit measured in the same run beside our figure.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`acd`] | the routing core: through Redis, through gRPC, at rest, in memory |
//! | [`ivr`] | a step of a caller through a flow |
//! | [`customers`] | customers of a file, and lookups among many |
//! | [`recorder`] | a backlog of events on its way into the history |
//! | [`bare`] | the limit: the least Redis must do for an assignment |
//! | [`fixture`] | floors of any size, and the commands that move them |
//! | [`cycle`] | one contact from its arrival to the free agent, through the floor |
//! | `statements` | what an administrator would have psql run |
//! | [`replica`], [`center`] | the program as a process of its own, and the center it serves |
//! | [`desks`] | thousands of desktops |
//! | [`latency`] | histograms |
//! | [`machine`] | what it runs on, and what processes use of it |
//! | [`table`] | what is printed |

pub mod acd;
pub mod bare;
pub mod center;
pub mod customers;
pub mod cycle;
pub mod desks;
pub mod fixture;
pub mod ivr;
pub mod latency;
pub mod machine;
pub mod recorder;
pub mod replica;
mod statements;
pub mod table;
pub mod tickets;
