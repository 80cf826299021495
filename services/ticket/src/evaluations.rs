//! Evaluations: what supervisors think of how calls and tickets were handled.

mod api;
mod draw;
mod judge;

use std::sync::Arc;

use switchboard_api::quality::v1::quality_service_server::{QualityService, QualityServiceServer};
use switchboard_center::CenterCache;
use switchboard_runtime::clock::{Clock, Ids};
use switchboard_runtime::read_log::ReadLog;
use switchboard_store::audit::Audit;
use switchboard_store::evaluations::Evaluations;
use switchboard_store::history::History;
use switchboard_store::tickets::Tickets;

/// What the service of evaluations works with.
#[derive(Clone)]
pub struct QualityParts {
    /// The evaluations.
    pub evaluations: Arc<dyn Evaluations>,
    /// The calls that are judged.
    pub history: Arc<dyn History>,
    /// The tickets that are judged.
    pub tickets: Arc<dyn Tickets>,
    /// By what they are judged.
    pub centers: Arc<CenterCache>,
    /// Who changed what.
    pub audit: Arc<dyn Audit>,
    /// Who read what.
    pub reads: ReadLog,
    /// Names of new evaluations.
    pub ids: Arc<dyn Ids>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Makes the service of evaluations.
pub fn quality_service(parts: QualityParts) -> QualityServiceServer<impl QualityService> {
    QualityServiceServer::new(api::QualityRpcs { parts })
}
