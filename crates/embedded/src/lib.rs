//! Private Postgres and Redis servers as children of this process: for one-command demos and tests.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`postgres`] | one Postgres server on a unix socket in a state directory |
//! | [`redis`] | one Redis server on a unix socket in a state directory |
//! | [`testing`] | throwaway servers that start in a fraction of a second |
//!
//! Every child dies with this process, also when it is killed; nothing listens on a TCP port.

mod binaries;
mod directory;
mod error;
mod identity;
mod keeper;
mod orphan;
pub mod postgres;
mod process;
pub mod redis;
pub mod testing;

pub use error::EmbeddedError;
