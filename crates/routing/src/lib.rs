//! The way every service reaches the live floor: opened for its epoch, with its plan loaded.
//!
//! | item | what it does |
//! | --- | --- |
//! | [`Shared`] | what the roles of one process share |
//! | [`Floors`] | applies commands; opens a new epoch and loads a newer plan when the floor asks |
//! | [`Planned`] | a center with the names its plan gives to classes and profiles |
//! | [`Estimates`] | measures and says how long contacts will probably wait |
//! | [`callbacks`] | promises callers a call |
//! | [`feed`] | one reader of a tenant's outbox for many listeners |

pub mod callbacks;
mod error;
mod estimates;
pub mod feed;
mod floors;
mod planned;
mod shared;

pub use error::RoutingError;
pub use estimates::{Estimates, Standing};
pub use floors::{Floors, FloorsParts};
pub use planned::{Planned, call};
pub use shared::{GATEWAY_LEASE, Shared, run_alone};
