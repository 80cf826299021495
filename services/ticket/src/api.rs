//! The RPCs: each decodes, calls, encodes.

mod create;
mod list;
pub(crate) mod moves;

use switchboard_api::ticket::v1::ticket_service_server::TicketService;
use switchboard_api::ticket::v1::{
    CreateTicketRequest, CreateTicketResponse, GetTicketRequest, GetTicketResponse,
    ListTicketsRequest, ListTicketsResponse, MoveTicketRequest, MoveTicketResponse,
};
use switchboard_api::{ApiError, caller, field};
use switchboard_store::audit::AuditRecord;
use tonic::{Request, Response, Status, async_trait};

use crate::TicketParts;
use crate::policy::tell;

/// The service and what it works with.
pub(crate) struct TicketRpcs {
    pub(crate) parts: TicketParts,
}

#[async_trait]
impl TicketService for TicketRpcs {
    #[tracing::instrument(name = "ticket.create_ticket", skip_all)]
    async fn create_ticket(
        &self,
        request: Request<CreateTicketRequest>,
    ) -> Result<Response<CreateTicketResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(create::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.get_ticket", skip_all)]
    async fn get_ticket(
        &self,
        request: Request<GetTicketRequest>,
    ) -> Result<Response<GetTicketResponse>, Status> {
        let caller = caller::of(&request)?;
        let id = field::id("ticket_id", &request.get_ref().ticket_id)?;
        let told = tell(&self.parts, &caller.tenant, &id).await.map_err(ApiError::from)?;
        let (object, now) = (format!("ticket/{id}"), self.parts.clock.now());
        let line = AuditRecord::of(&caller, "ticket.read", object, now);
        self.parts.reads.keep(&caller.tenant, line)?;
        Ok(Response::new(GetTicketResponse { ticket: Some(told) }))
    }

    #[tracing::instrument(name = "ticket.list_tickets", skip_all)]
    async fn list_tickets(
        &self,
        request: Request<ListTicketsRequest>,
    ) -> Result<Response<ListTicketsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(list::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.move_ticket", skip_all)]
    async fn move_ticket(
        &self,
        request: Request<MoveTicketRequest>,
    ) -> Result<Response<MoveTicketResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(moves::run(&self.parts, &caller, request.into_inner()).await?))
    }
}
