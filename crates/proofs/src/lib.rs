//! Proofs of the routing core as commands: each searches or simulates, counts what it saw, and must
//! catch every planted fault.
//!
//! | suite | what it shows |
//! | --- | --- |
//! | [`model`] | every order of events in small worlds, over the floor that runs in production |
//! | [`parity`] | the scripts on a real Redis do as the floor does, after every command |
//! | [`projection`] | the recorder in small worlds: every order of events, crashes and answers |
//! | [`sim`] | replicas, gateways and agents over the floor, with faults of every kind |

pub mod model;
pub mod parity;
pub mod projection;
pub mod sim;
pub mod suite;
