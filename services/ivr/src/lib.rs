//! The face of the IVR flows: shows and walks them, publishes their versions, and runs them for
//! gateways that ask step by step.
//!
//! Promises: a call goes on with the version it began with; what is published has passed every check
//! of the center; a session answers the same input the same way, from any replica. Mount it with
//! [`service`].

mod api;
mod role;
mod session;
mod teller;

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ivr::v1::ivr_service_server::{IvrService, IvrServiceServer};
use switchboard_center::CenterCache;
use switchboard_ivr_host::IvrHost;
use switchboard_lookup::CallerLookup;
use switchboard_runtime::clock::Clock;
use switchboard_store::audit::Audit;
use switchboard_store::callers::Callers;
use switchboard_store::ivr_sessions::IvrSessions;

pub use role::mount;

/// What the service is made of.
pub struct IvrParts {
    /// The centers with their flows, and every version of those.
    pub centers: Arc<CenterCache>,
    /// Who simulated callers are.
    pub callers: Arc<dyn Callers>,
    /// Who calls in a session.
    pub lookup: Arc<CallerLookup>,
    /// What runs flows.
    pub host: Arc<IvrHost>,
    /// Where sessions are kept between inputs.
    pub sessions: Arc<dyn IvrSessions>,
    /// Who published what.
    pub audit: Arc<dyn Audit>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// How long a session is kept without an input.
    pub session_idle: Duration,
    /// How many sessions a tenant may have at once.
    pub max_sessions: u64,
}

/// Makes the service.
pub fn service(parts: IvrParts) -> IvrServiceServer<impl IvrService> {
    IvrServiceServer::new(api::Ivr { parts })
}
