//! What agents and their desktops do.

use std::pin::Pin;

use switchboard_api::agent::v1::agent_service_server::AgentService;
use switchboard_api::agent::v1::{
    AcceptOfferRequest, AcceptOfferResponse, AgentState, CancelConsultRequest,
    CancelConsultResponse, CompleteConsultRequest, CompleteConsultResponse, DeclineOfferRequest,
    DeclineOfferResponse, DeskRequest, DeskResponse, ExtendWrapUpRequest, ExtendWrapUpResponse,
    FinishWrapUpRequest, FinishWrapUpResponse, HeartbeatRequest, HeartbeatResponse,
    ListAgentsRequest, ListAgentsResponse, ListDispositionsRequest, ListDispositionsResponse,
    SetPresenceRequest, SetPresenceResponse, SignInRequest, SignInResponse, SignOutRequest,
    SignOutResponse, StartConsultRequest, StartConsultResponse, TransferRequest, TransferResponse,
    WatchDeskRequest, WatchDeskResponse,
};
use switchboard_api::convert::agent::session_field;
use switchboard_api::{ApiError, caller, field};
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming, async_trait};

use crate::api::{Agents, agent_of, listing};
use crate::decode::{self, Move};
use crate::desk;
use crate::dispositions;
use crate::refusal::routing_error;
use crate::view::{View, Who};

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Agents {
    /// Carries out what the agent asks and gives his state after it.
    async fn act(&self, who: &Who, session: &str, action: &Move) -> Result<AgentState, ApiError> {
        let session = session_field("session_id", session)?;
        self.desks.act(who, session, action).await?;
        self.desks.state(who).await
    }
}

#[async_trait]
impl AgentService for Agents {
    type DeskStream = Answers<DeskResponse>;
    type WatchDeskStream = Answers<WatchDeskResponse>;

    #[tracing::instrument(name = "queue.desk", skip_all)]
    async fn desk(
        &self,
        request: Request<Streaming<DeskRequest>>,
    ) -> Result<Response<Self::DeskStream>, Status> {
        let who = agent_of(&request)?;
        let updates = desk::serve(&self.desks, who, request.into_inner());
        let answer = |update| DeskResponse { update: Some(update) };
        Ok(Response::new(Box::pin(updates.map(move |update| update.map(answer)))))
    }

    #[tracing::instrument(name = "queue.watch_desk", skip_all)]
    async fn watch_desk(
        &self,
        request: Request<WatchDeskRequest>,
    ) -> Result<Response<Self::WatchDeskStream>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let hello = decode::hello(&asked.session_id, asked.wanted)?;
        let updates = desk::watch(&self.desks, who, hello);
        let answer = |update| WatchDeskResponse { update: Some(update) };
        Ok(Response::new(Box::pin(updates.map(move |update| update.map(answer)))))
    }

    #[tracing::instrument(name = "queue.sign_in", skip_all)]
    async fn sign_in(
        &self,
        request: Request<SignInRequest>,
    ) -> Result<Response<SignInResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let hello = decode::hello(&asked.session_id, asked.wanted)?;
        let session = self.desks.join(&who, &hello).await?;
        let view = View::read(self.desks.floor(), &who).await.map_err(ApiError::from)?;
        let planned = self.desks.planned(&who).await?;
        let welcome = self.desks.welcome(&who, session, &view, planned.center());
        Ok(Response::new(SignInResponse { welcome: Some(welcome) }))
    }

    #[tracing::instrument(name = "queue.heartbeat", skip_all)]
    async fn heartbeat(
        &self,
        request: Request<HeartbeatRequest>,
    ) -> Result<Response<HeartbeatResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let agent = self.act(&who, &asked.session_id, &Move::Renew).await?;
        if self.desks.has_outdated_profile(&who).await? {
            let message = "the center changed what the agent can serve: sign in again";
            return Err(ApiError::aborted("PROFILE_CHANGED", message).into());
        }
        Ok(Response::new(HeartbeatResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.set_presence", skip_all)]
    async fn set_presence(
        &self,
        request: Request<SetPresenceRequest>,
    ) -> Result<Response<SetPresenceResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let action = decode::set_presence(asked.wanted)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(SetPresenceResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.accept_offer", skip_all)]
    async fn accept_offer(
        &self,
        request: Request<AcceptOfferRequest>,
    ) -> Result<Response<AcceptOfferResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let action = decode::accept(&asked.offer_id)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(AcceptOfferResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.decline_offer", skip_all)]
    async fn decline_offer(
        &self,
        request: Request<DeclineOfferRequest>,
    ) -> Result<Response<DeclineOfferResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let action = decode::decline(&asked.offer_id)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(DeclineOfferResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.finish_wrap_up", skip_all)]
    async fn finish_wrap_up(
        &self,
        request: Request<FinishWrapUpRequest>,
    ) -> Result<Response<FinishWrapUpResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let action = decode::finish(&asked.contact_id, asked.disposition, asked.notes)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(FinishWrapUpResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.transfer", skip_all)]
    async fn transfer(
        &self,
        request: Request<TransferRequest>,
    ) -> Result<Response<TransferResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let action = decode::transfer(&asked.contact_id, &asked.queue_id, &asked.agent_id)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(TransferResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.extend_wrap_up", skip_all)]
    async fn extend_wrap_up(
        &self,
        request: Request<ExtendWrapUpRequest>,
    ) -> Result<Response<ExtendWrapUpResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let action = decode::extend_wrap_up(&asked.contact_id, asked.extension)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(ExtendWrapUpResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.start_consult", skip_all)]
    async fn start_consult(
        &self,
        request: Request<StartConsultRequest>,
    ) -> Result<Response<StartConsultResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let target = (asked.queue_id.as_str(), asked.agent_id.as_str());
        let action = decode::start_consult(&asked.contact_id, &asked.consult_id, target)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(StartConsultResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.complete_consult", skip_all)]
    async fn complete_consult(
        &self,
        request: Request<CompleteConsultRequest>,
    ) -> Result<Response<CompleteConsultResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let action = decode::complete_consult(&asked.contact_id)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(CompleteConsultResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.cancel_consult", skip_all)]
    async fn cancel_consult(
        &self,
        request: Request<CancelConsultRequest>,
    ) -> Result<Response<CancelConsultResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let action = decode::cancel_consult(&asked.contact_id)?;
        let agent = self.act(&who, &asked.session_id, &action).await?;
        Ok(Response::new(CancelConsultResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.sign_out", skip_all)]
    async fn sign_out(
        &self,
        request: Request<SignOutRequest>,
    ) -> Result<Response<SignOutResponse>, Status> {
        let (who, asked) = (agent_of(&request)?, request.into_inner());
        let agent = self.act(&who, &asked.session_id, &decode::sign_out()).await?;
        Ok(Response::new(SignOutResponse { agent: Some(agent) }))
    }

    #[tracing::instrument(name = "queue.list_dispositions", skip_all)]
    async fn list_dispositions(
        &self,
        request: Request<ListDispositionsRequest>,
    ) -> Result<Response<ListDispositionsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let queue = field::optional_id("queue_id", &request.into_inner().queue_id)?;
        let planned = self.desks.parts.floors.planned(&tenant).await.map_err(routing_error)?;
        if let Some(queue) = queue.as_ref().filter(|queue| planned.center().queue(queue).is_none())
        {
            return Err(ApiError::not_found("queue", queue.as_str()).into());
        }
        Ok(Response::new(dispositions::list(planned.center(), queue.as_ref())))
    }

    #[tracing::instrument(name = "queue.list_agents", skip_all)]
    async fn list_agents(
        &self,
        request: Request<ListAgentsRequest>,
    ) -> Result<Response<ListAgentsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        Ok(Response::new(listing::list(&self.desks, &tenant, &request.into_inner()).await?))
    }
}
