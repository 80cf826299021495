//! The work surface: finding and following tickets, lists of them under a name, prepared changes, and
//! what stands beside them.

mod beside;
pub(crate) mod bulk;
mod departments;
mod followers;
mod macros;
mod presence;
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
use switchboard_store::ticket_followers::TicketFollowers;
use switchboard_store::ticket_macros::TicketMacros;
use switchboard_store::ticket_presence::TicketPresence;
use switchboard_store::ticket_search::TicketFinder;
use switchboard_store::ticket_surroundings::TicketSurroundings;
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
    /// Who follows which.
    pub followers: Arc<dyn TicketFollowers>,
    /// Files that tickets refer to, and conversations beside them.
    pub surroundings: Arc<dyn TicketSurroundings>,
    /// Who has which open.
    pub presence: Arc<dyn TicketPresence>,
    /// What macros changed.
    pub macros: Arc<dyn TicketMacros>,
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
        let caller = caller::of(&request)?;
        let updates = watch::begin(&self.parts, &self.feeds, caller, request.into_inner()).await?;
        Ok(Response::new(Box::pin(ReceiverStream::new(updates))))
    }

    #[tracing::instrument(name = "ticket.move_tickets", skip_all)]
    async fn move_tickets(
        &self,
        request: Request<wire::MoveTicketsRequest>,
    ) -> Result<Response<wire::MoveTicketsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(bulk::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.follow_ticket", skip_all)]
    async fn follow_ticket(
        &self,
        request: Request<wire::FollowTicketRequest>,
    ) -> Result<Response<wire::FollowTicketResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(followers::follow(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.unfollow_ticket", skip_all)]
    async fn unfollow_ticket(
        &self,
        request: Request<wire::UnfollowTicketRequest>,
    ) -> Result<Response<wire::UnfollowTicketResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(followers::unfollow(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.attach_file", skip_all)]
    async fn attach_file(
        &self,
        request: Request<wire::AttachFileRequest>,
    ) -> Result<Response<wire::AttachFileResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(beside::attach(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.detach_file", skip_all)]
    async fn detach_file(
        &self,
        request: Request<wire::DetachFileRequest>,
    ) -> Result<Response<wire::DetachFileResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(beside::detach(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.open_side_conversation", skip_all)]
    async fn open_side_conversation(
        &self,
        request: Request<wire::OpenSideConversationRequest>,
    ) -> Result<Response<wire::OpenSideConversationResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(beside::open(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.add_to_side_conversation", skip_all)]
    async fn add_to_side_conversation(
        &self,
        request: Request<wire::AddToSideConversationRequest>,
    ) -> Result<Response<wire::AddToSideConversationResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(beside::add(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.close_side_conversation", skip_all)]
    async fn close_side_conversation(
        &self,
        request: Request<wire::CloseSideConversationRequest>,
    ) -> Result<Response<wire::CloseSideConversationResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(beside::close(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.touch_ticket", skip_all)]
    async fn touch_ticket(
        &self,
        request: Request<wire::TouchTicketRequest>,
    ) -> Result<Response<wire::TouchTicketResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(presence::touch(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.list_macros", skip_all)]
    async fn list_macros(
        &self,
        request: Request<wire::ListMacrosRequest>,
    ) -> Result<Response<wire::ListMacrosResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(macros::list(&self.parts.tickets, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ticket.list_departments", skip_all)]
    async fn list_departments(
        &self,
        request: Request<wire::ListDepartmentsRequest>,
    ) -> Result<Response<wire::ListDepartmentsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(departments::list(&self.parts.tickets, &caller).await?))
    }

    #[tracing::instrument(name = "ticket.apply_macro", skip_all)]
    async fn apply_macro(
        &self,
        request: Request<wire::ApplyMacroRequest>,
    ) -> Result<Response<wire::ApplyMacroResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(macros::run(&self.parts, &caller, request.into_inner()).await?))
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
