//! Why an agent's move did not take effect: a session that is over, or anything else.

use switchboard_api::ApiError;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_routing::RoutingError;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;
use thiserror::Error;
use tonic::Status;

/// Why an agent's move did not take effect.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    /// The session is not the agent's newest: replaced, lost, or of an earlier epoch.
    #[error("the session is over")]
    Stale,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] ApiError),
}

impl From<RoutingError> for Refusal {
    fn from(error: RoutingError) -> Self {
        match error {
            // An agent whom the floor does not know has lost his session with the floor's memory.
            RoutingError::Floor(FloorError::Rejected(
                Rejection::StaleSession | Rejection::UnknownAgent,
            )) => Self::Stale,
            error @ (RoutingError::Floor(_) | RoutingError::Center(_) | RoutingError::Store(_)) => {
                Self::Other(routing_error(error))
            }
        }
    }
}

impl From<FloorError> for Refusal {
    fn from(error: FloorError) -> Self {
        Self::Other(error.into())
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Stale => Rejection::StaleSession.into(),
            Refusal::Other(error) => error,
        }
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        ApiError::from(refusal).into()
    }
}

/// Puts an error of the floor, the center or a store on the wire.
pub(crate) fn routing_error(error: RoutingError) -> ApiError {
    match error {
        RoutingError::Floor(error) => error.into(),
        RoutingError::Center(error) => StoreError::from(error).into(),
        RoutingError::Store(error) => error.into(),
    }
}
