//! The live floor in Redis: each command is one script, run atomically, proven equal to the model.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`RedisFloor`] | the [`LiveFloor`](switchboard_store::live_floor::LiveFloor) port |
//! | [`RedisTicketInbox`] | ticket orders held while Postgres is away |
//! | [`RedisIvrSessions`] | flows of gateways that ask step by step |
//! | `connection` | one connection with its server's run id; reconnects when it breaks |
//! | `scripts` | the library: shared parts, then one file per command |
//! | `wire` | a command as the arguments of its script |
//! | `replies` | what a script answered |
//! | `records` | hashes to contacts, agents, gateways, offers |
//! | `pipes` | plain commands in one round trip, for the stores without scripts |
//! | `packed` | what scripts pack, read back |
//! | `keys` | every key name |

mod connection;
mod entries;
mod floor;
mod ivr_sessions;
mod keys;
mod packed;
mod pipes;
mod records;
mod replies;
mod scripts;
#[cfg(any(test, feature = "test-util"))]
pub mod snapshot;
mod ticket_inbox;
mod ticket_presence;
#[cfg(any(test, feature = "test-util"))]
pub mod trial;
mod wire;

pub use connection::ConnectError;
pub use floor::{RedisFloor, Settings};
pub use ivr_sessions::RedisIvrSessions;
pub use scripts::{Library, Source, library, sources};
pub use ticket_inbox::RedisTicketInbox;
pub use ticket_presence::RedisTicketPresence;
