//! Why a command could not be brought to the floor.

use switchboard_center::CacheError;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;
use thiserror::Error;

/// Why a command could not be brought to the floor.
#[derive(Debug, Error)]
pub enum RoutingError {
    /// The floor refused the command or is unavailable.
    #[error(transparent)]
    Floor(#[from] FloorError),
    /// The tenant's center cannot be had.
    #[error(transparent)]
    Center(#[from] CacheError),
    /// A durable store needed to open an epoch failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
