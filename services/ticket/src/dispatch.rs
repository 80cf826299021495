//! Where tickets go: by the rules of the center, and by agents who take them from a list.

mod explain;
mod rules;
mod take;

use std::sync::Arc;

use switchboard_api::caller;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::ticket_dispatch_service_server::{
    TicketDispatchService, TicketDispatchServiceServer,
};
use switchboard_center::CacheError;
use switchboard_domain::center::Center;
use switchboard_domain::ids::TenantId;
use switchboard_store::tenants::Tenants;
use switchboard_store::ticket_dispatch::DispatchMarks;
use switchboard_store::ticket_feed::TicketFeed;
use tonic::{Request, Response, Status, async_trait};

use crate::TicketParts;
use crate::rounds::each_tenant;

pub use rules::dispatch_due;

/// What sends tickets somewhere works with.
#[derive(Clone)]
pub struct DispatchParts {
    /// What tickets are kept with.
    pub tickets: TicketParts,
    /// Tells what changes.
    pub feed: Arc<dyn TicketFeed>,
    /// How far the rules have looked.
    pub marks: Arc<dyn DispatchMarks>,
}

/// Makes the service of where tickets go.
pub fn dispatch_service(
    parts: DispatchParts,
) -> TicketDispatchServiceServer<impl TicketDispatchService> {
    TicketDispatchServiceServer::new(DispatchRpcs { parts })
}

/// Sends tickets where the rules say, for ever.
///
/// Any number of processes may do so: a ticket goes only in the version that was looked at. To be
/// dropped at any moment is fine. What it costs depends on how many tickets change, not on how many
/// there are.
pub async fn keep_dispatching(parts: DispatchParts, tenants: Arc<dyn Tenants>) {
    each_tenant(&*tenants, "tickets cannot be dispatched", |tenant| {
        let parts = parts.clone();
        async move { dispatch_due(&parts, &tenant).await }
    })
    .await;
}

impl DispatchParts {
    /// Gives the center in force; none while it cannot be read, or was never applied.
    async fn center(&self, tenant: &TenantId) -> Option<Arc<Center>> {
        match self.tickets.centers.get(tenant).await {
            Ok(center) => Some(center),
            Err(CacheError::NoCenter(_)) => None,
            Err(error) => {
                tracing::warn!(tenant.id = %tenant, %error, "tickets wait for the center");
                None
            }
        }
    }
}

struct DispatchRpcs {
    parts: DispatchParts,
}

#[async_trait]
impl TicketDispatchService for DispatchRpcs {
    #[tracing::instrument(name = "ticket.explain_dispatch", skip_all)]
    async fn explain_dispatch(
        &self,
        request: Request<wire::ExplainDispatchRequest>,
    ) -> Result<Response<wire::ExplainDispatchResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(explain::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.take_ticket", skip_all)]
    async fn take_ticket(
        &self,
        request: Request<wire::TakeTicketRequest>,
    ) -> Result<Response<wire::TakeTicketResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(take::run(&self.parts.tickets, &caller, request.into_inner()).await?))
    }
}
