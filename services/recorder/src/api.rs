//! Reads the history back: each RPC decodes, calls, encodes.

mod audit;
mod dead_events;
mod report;

use switchboard_api::call::v1::history_service_server::HistoryService;
use switchboard_api::call::v1::{
    GetInteractionRequest, GetInteractionResponse, ListInteractionsRequest,
    ListInteractionsResponse, ReportQueuesRequest, ReportQueuesResponse,
};
use switchboard_api::convert::history::{self as convert, Numbers};
use switchboard_api::{ApiError, caller, field, page};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_store::audit::{AuditRecord, list_of};
use switchboard_store::page::{MAX_PAGE_SIZE, PageRequest};
use switchboard_store::tickets::TicketFilter;
use tonic::{Request, Response, Status, async_trait};

use crate::HistoryParts;

pub(crate) use audit::AuditRpcs;
pub(crate) use dead_events::DeadEventRpcs;

/// The service and what it reads.
pub(crate) struct HistoryRpcs {
    pub(crate) parts: HistoryParts,
}

#[async_trait]
impl HistoryService for HistoryRpcs {
    #[tracing::instrument(name = "recorder.get_interaction", skip_all)]
    async fn get_interaction(
        &self,
        request: Request<GetInteractionRequest>,
    ) -> Result<Response<GetInteractionResponse>, Status> {
        let caller = caller::of(&request)?;
        let id = field::id("call_id", &request.get_ref().call_id)?;
        let story =
            self.parts.history.interaction(&caller.tenant, &id).await.map_err(ApiError::from)?;
        let line = self.line(&caller, "interaction.read", format!("interaction/{id}"));
        self.parts.reads.keep(&caller.tenant, line)?;
        let tickets = self.tickets_of(&caller.tenant, id).await?;
        let interaction = convert::story(story, tickets, numbers(caller.role));
        Ok(Response::new(GetInteractionResponse { interaction: Some(interaction) }))
    }

    #[tracing::instrument(name = "recorder.list_interactions", skip_all)]
    async fn list_interactions(
        &self,
        request: Request<ListInteractionsRequest>,
    ) -> Result<Response<ListInteractionsResponse>, Status> {
        let caller = caller::of(&request)?;
        let request = request.into_inner();
        let filter = convert::filter(&request)?;
        let query = format!("interactions {filter:?}");
        let wanted = page::request(&query, request.page_size, &request.page_token)?;
        let listed = self.parts.history.interactions(&caller.tenant, &filter, &wanted).await;
        let found = listed.map_err(ApiError::from)?;
        let object = list_of(filter.customer.as_ref(), "interactions");
        let line = self.line(&caller, "interaction.list", object);
        let line = line.with_detail(format!("{} interactions", found.records.len()));
        self.parts.reads.keep(&caller.tenant, line)?;
        // Lists are long and read by many; whole numbers are for who asks for one call.
        let shown = |record| convert::interaction(record, Numbers::Masked);
        let interactions = found.records.into_iter().map(shown).collect();
        let next_page_token = page::next(&query, &found.next);
        Ok(Response::new(ListInteractionsResponse { interactions, next_page_token }))
    }

    #[tracing::instrument(name = "recorder.report_queues", skip_all)]
    async fn report_queues(
        &self,
        request: Request<ReportQueuesRequest>,
    ) -> Result<Response<ReportQueuesResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        Ok(Response::new(report::run(&self.parts, &tenant, request.into_inner()).await?))
    }
}

impl HistoryRpcs {
    fn line(&self, caller: &Caller, action: &str, object: String) -> AuditRecord {
        AuditRecord::of(caller, action, object, self.parts.clock.now())
    }

    /// Names the tickets of a call, the oldest first.
    async fn tickets_of(&self, tenant: &TenantId, id: ContactId) -> Result<Vec<String>, ApiError> {
        let filter = TicketFilter { interaction: Some(id), ..TicketFilter::default() };
        let all = PageRequest::parse(MAX_PAGE_SIZE, "")?;
        let found = self.parts.tickets.list(tenant, &filter, &all).await?;
        Ok(found.records.into_iter().rev().map(|ticket| ticket.id.to_string()).collect())
    }
}

/// Says how much of a caller's number a role sees.
const fn numbers(role: Role) -> Numbers {
    match role {
        Role::Admin => Numbers::Shown,
        Role::Gateway | Role::Agent | Role::Supervisor => Numbers::Masked,
    }
}
