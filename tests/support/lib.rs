//! What end-to-end stories are made of: a running center, clients for it, and patience.
//!
//! | item | what it is |
//! | --- | --- |
//! | [`Center`] | every role in this process, on a port, a Redis and a database of its own |
//! | [`Builder`] | how it differs from the demo center |
//! | [`Replica`] | another process's worth of roles on the same servers |
//! | [`eventually`] | waits for a state, never for a time |
//! | [`answered`] | bounds a wait for something that is announced |
//! | [`logs`] | what the process writes to its log |
//! | [`stories`] | steps that many stories share |

mod center;
mod clients;
mod dumps;
pub mod logs;
mod patience;
pub mod stories;

pub use center::{Builder, Center, Replica};
pub use clients::ENGLISH;
pub use clients::MANDARIN;
pub use dumps::LiveKey;
pub use patience::answered;
pub use switchboard_embedded::testing::{comes_true, eventually};
