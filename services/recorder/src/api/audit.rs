//! Reads the audit trail back, and is on it.

use switchboard_api::convert::audit as convert;
use switchboard_api::recorder::v1::audit_service_server::AuditService;
use switchboard_api::recorder::v1::{ListAuditRecordsRequest, ListAuditRecordsResponse};
use switchboard_api::{ApiError, caller, page};
use switchboard_store::audit::{AuditRecord, list_of};
use tonic::{Request, Response, Status, async_trait};

use crate::AuditParts;

/// The service and what it reads.
pub(crate) struct AuditRpcs {
    pub(crate) parts: AuditParts,
}

#[async_trait]
impl AuditService for AuditRpcs {
    #[tracing::instrument(name = "recorder.list_audit_records", skip_all)]
    async fn list_audit_records(
        &self,
        request: Request<ListAuditRecordsRequest>,
    ) -> Result<Response<ListAuditRecordsResponse>, Status> {
        let caller = caller::of(&request)?;
        let request = request.into_inner();
        let filter = convert::filter(&request)?;
        let query = format!("audit {filter:?}");
        let wanted = page::request(&query, request.page_size, &request.page_token)?;
        let listed = self.parts.trail.lines(&caller.tenant, &filter, &wanted).await;
        let found = listed.map_err(ApiError::from)?;
        let object = list_of(filter.customer.as_ref(), "audit");
        let line = AuditRecord::of(&caller, "audit.list", object, self.parts.clock.now());
        let line = line.with_detail(format!("{} lines", found.records.len()));
        self.parts.reads.keep(&caller.tenant, line)?;
        Ok(Response::new(ListAuditRecordsResponse {
            records: found.records.into_iter().map(convert::record).collect(),
            next_page_token: page::next(&query, &found.next),
        }))
    }
}
