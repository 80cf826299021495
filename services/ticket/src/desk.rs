//! The work surface: finding and following tickets, and lists of them under a name.

pub(crate) mod bulk;
mod search;
mod views;
mod watch;

pub(crate) use views::shown;

use std::pin::Pin;
use std::sync::Arc;

use switchboard_api::caller;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::ticket_desk_service_server::{
    TicketDeskService, TicketDeskServiceServer,
};
use switchboard_runtime::tasks::Tasks;
use switchboard_store::ticket_feed::TicketFeed;
use switchboard_store::ticket_search::TicketFinder;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, async_trait};

use crate::TicketParts;
use crate::feeds::Feeds;

/// What the work surface works with.
#[derive(Clone)]
pub struct DeskParts {
    /// What tickets are kept with.
    pub tickets: TicketParts,
    /// Finds tickets.
    pub finder: Arc<dyn TicketFinder>,
    /// Tells what changes.
    pub feed: Arc<dyn TicketFeed>,
    /// Where what follows tickets runs.
    pub tasks: Tasks,
}

/// Makes the service of the work surface.
pub fn desk_service(parts: DeskParts) -> TicketDeskServiceServer<impl TicketDeskService> {
    let feeds = Feeds::new(Arc::clone(&parts.feed), parts.tasks.clone());
    TicketDeskServiceServer::new(DeskRpcs { parts, feeds })
}

struct DeskRpcs {
    parts: DeskParts,
    feeds: Arc<Feeds>,
}

#[async_trait]
impl TicketDeskService for DeskRpcs {
    type WatchTicketsStream =
        Pin<Box<dyn Stream<Item = Result<wire::WatchTicketsResponse, Status>> + Send>>;

    #[tracing::instrument(name = "ticket.search_tickets", skip_all)]
    async fn search_tickets(
        &self,
        request: Request<wire::SearchTicketsRequest>,
    ) -> Result<Response<wire::SearchTicketsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(search::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.watch_tickets", skip_all)]
    async fn watch_tickets(
        &self,
        request: Request<wire::WatchTicketsRequest>,
    ) -> Result<Response<Self::WatchTicketsStream>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let updates = watch::begin(&self.parts, &self.feeds, tenant, request.into_inner()).await?;
        Ok(Response::new(Box::pin(ReceiverStream::new(updates))))
    }

    #[tracing::instrument(name = "ticket.move_tickets", skip_all)]
    async fn move_tickets(
        &self,
        request: Request<wire::MoveTicketsRequest>,
    ) -> Result<Response<wire::MoveTicketsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(bulk::run(&self.parts.tickets, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.list_ticket_views", skip_all)]
    async fn list_ticket_views(
        &self,
        request: Request<wire::ListTicketViewsRequest>,
    ) -> Result<Response<wire::ListTicketViewsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(views::list(&self.parts.tickets, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.save_ticket_view", skip_all)]
    async fn save_ticket_view(
        &self,
        request: Request<wire::SaveTicketViewRequest>,
    ) -> Result<Response<wire::SaveTicketViewResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(views::save(&self.parts.tickets, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.delete_ticket_view", skip_all)]
    async fn delete_ticket_view(
        &self,
        request: Request<wire::DeleteTicketViewRequest>,
    ) -> Result<Response<wire::DeleteTicketViewResponse>, Status> {
        let caller = caller::of(&request)?;
        views::delete(&self.parts.tickets, &caller, request.into_inner()).await?;
        Ok(Response::new(wire::DeleteTicketViewResponse {}))
    }
}
