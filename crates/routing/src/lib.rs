//! The way every service reaches the live floor: opened for its epoch, with its plan loaded.
//!
//! | item | what it does |
//! | --- | --- |
//! | [`Shared`] | what the roles of one process share |
//! | [`Floors`] | applies commands; opens a new epoch and loads a newer plan when the floor asks |
//! | [`Planned`] | a center with the names its plan gives to classes and profiles |
//! | [`feed`] | one reader of a tenant's outbox for many listeners |

mod error;
pub mod feed;
mod floors;
mod planned;
mod shared;

pub use error::RoutingError;
pub use floors::{Floors, FloorsParts};
pub use planned::Planned;
pub use shared::{GATEWAY_LEASE, Shared, run_alone};
