//! The RPCs: each decodes, calls, encodes.

mod create;
mod moves;

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1::ticket_service_server::TicketService;
use switchboard_api::ticket::v1::{
    CreateTicketRequest, CreateTicketResponse, GetTicketRequest, GetTicketResponse,
    ListTicketsRequest, ListTicketsResponse, MoveTicketRequest, MoveTicketResponse,
};
use switchboard_api::{ApiError, caller, field, page};
use tonic::{Request, Response, Status, async_trait};

use crate::TicketParts;
use crate::policy::Policy;

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
        let tenant = caller::of(&request)?.tenant;
        let id = field::id("ticket_id", &request.get_ref().ticket_id)?;
        let ticket = self.parts.tickets.get(&tenant, &id).await.map_err(ApiError::from)?;
        let events = self.parts.tickets.events(&tenant, &id).await.map_err(ApiError::from)?;
        let policy = Policy::of(&self.parts, &tenant).await;
        let told = policy.told(&self.parts, &tenant, ticket, events).await;
        Ok(Response::new(GetTicketResponse { ticket: Some(told) }))
    }

    #[tracing::instrument(name = "ticket.list_tickets", skip_all)]
    async fn list_tickets(
        &self,
        request: Request<ListTicketsRequest>,
    ) -> Result<Response<ListTicketsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let request = request.into_inner();
        let filter = convert::filter(&request, self.parts.clock.now())?;
        let query = query(&request);
        let wanted = page::request(&query, request.page_size, &request.page_token)?;
        let listed = self.parts.tickets.list(&tenant, &filter, &wanted).await;
        let found = listed.map_err(ApiError::from)?;
        let tickets = found.records.into_iter().map(convert::ticket);
        let next_page_token = page::next(&query, &found.next);
        Ok(Response::new(ListTicketsResponse { tickets: tickets.collect(), next_page_token }))
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

/// Names what is asked for, so that a page token is good for it and for nothing else.
fn query(request: &ListTicketsRequest) -> String {
    let filters = ListTicketsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("tickets {filters:?}")
}
