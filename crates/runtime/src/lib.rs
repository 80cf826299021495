//! What every service needs around its rules: settings, time, telemetry, identity, serving, ending.
//!
//! | module | what it gives |
//! | --- | --- |
//! | [`config`] | settings: documented defaults, one file, the environment |
//! | [`clock`] | the only place that reads the machine's clock and makes ids |
//! | [`telemetry`] | logs, traces, metrics |
//! | [`auth`] | who calls: tokens, keys, roles |
//! | [`imports`] | many records over one stream |
//! | [`process`] | one process from its start to its end, around whatever is mounted |
//! | [`read_log`] | the audit trail of reads, of which nobody waits for the writing |
//! | [`server`] | the gRPC server around the services' routes |
//! | [`tasks`] | named background tasks; the only place that spawns |
//! | [`shutdown`] | the signal to end, and the order of ending |
//! | [`stores`] | the only place that picks store adapters |

pub mod auth;
pub mod clock;
pub mod config;
pub mod imports;
pub mod process;
pub mod read_log;
pub mod server;
pub mod shutdown;
pub mod stores;
pub mod tasks;
pub mod telemetry;
