//! Reports on tickets: decodes, counts, encodes.

mod targets;

use std::sync::Arc;

use switchboard_api::convert::time::timestamp;
use switchboard_api::convert::{report as convert, target};
use switchboard_api::report::v1::report_service_server::ReportService;
use switchboard_api::report::v1::{
    CountExceptionsRequest, CountExceptionsResponse, ReportTargetsRequest, ReportTargetsResponse,
    ReportTicketsRequest, ReportTicketsResponse,
};
use switchboard_api::{ApiError, caller};
use switchboard_center::CenterCache;
use switchboard_domain::ids::TenantId;
use switchboard_domain::retention::Kept;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::Clock;
use switchboard_store::retention::Retention;
use switchboard_store::ticket_reports::TicketReports;
use tonic::{Request, Response, Status, async_trait};

/// What the service that counts tickets works with.
#[derive(Clone)]
pub struct ReportParts {
    /// What is counted.
    pub reports: Arc<dyn TicketReports>,
    /// From when on it is complete.
    pub retention: Arc<dyn Retention>,
    /// What is to be reached.
    pub centers: Arc<CenterCache>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The service and what it works with.
pub(crate) struct ReportRpcs {
    pub(crate) parts: ReportParts,
}

#[async_trait]
impl ReportService for ReportRpcs {
    #[tracing::instrument(name = "ticket.report_tickets", skip_all)]
    async fn report_tickets(
        &self,
        request: Request<ReportTicketsRequest>,
    ) -> Result<Response<ReportTicketsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let report = convert::ticket_report(request.into_inner(), self.parts.clock.now())?;
        let counted = self.parts.reports.ticket_figures(&tenant, &report).await;
        let groups = counted.map_err(ApiError::from)?;
        let complete_from = self.complete_from(&tenant).await?.map(timestamp);
        let figures = groups.into_iter().map(convert::ticket_figures).collect();
        Ok(Response::new(ReportTicketsResponse { figures, complete_from }))
    }

    #[tracing::instrument(name = "ticket.report_targets", skip_all)]
    async fn report_targets(
        &self,
        request: Request<ReportTargetsRequest>,
    ) -> Result<Response<ReportTargetsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let report = target::target_report(request.into_inner(), self.parts.clock.now())?;
        let targets = targets::met(&self.parts, &tenant, &report).await?;
        let complete_from = self.complete_from(&tenant).await?.map(timestamp);
        Ok(Response::new(ReportTargetsResponse { targets, complete_from }))
    }

    #[tracing::instrument(name = "ticket.count_exceptions", skip_all)]
    async fn count_exceptions(
        &self,
        request: Request<CountExceptionsRequest>,
    ) -> Result<Response<CountExceptionsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let query = convert::exception_query(request.into_inner(), self.parts.clock.now())?;
        let counted = self.parts.reports.ticket_exceptions(&tenant, &query).await;
        Ok(Response::new(convert::exceptions(counted.map_err(ApiError::from)?)))
    }
}

impl ReportRpcs {
    /// Gives from when on what is counted is complete.
    async fn complete_from(&self, tenant: &TenantId) -> Result<Option<Timestamp>, ApiError> {
        Ok(self.parts.retention.complete_from(tenant, Kept::Tickets).await?)
    }
}
