//! Real users of the public API: a reference gateway with scripted callers, and a reference desk.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`Connection`] | one server, one credential, and a client for each service |
//! | [`gateway`] | a telephony gateway: keeps a session, plays callers by script, tells their story |
//! | [`desk`] | an agent's desktop: keeps a session, answers offers as its manner says |
//! | [`witness`] | onlookers who see what a client says and hears at that moment |
//!
//! Nothing here knows how the server works inside: what it needs is in the contract.

mod backoff;
mod connection;
pub mod desk;
pub mod gateway;
mod streams;
pub mod witness;

pub use connection::{Authorized, Bearer, Connection, ConnectionError};
