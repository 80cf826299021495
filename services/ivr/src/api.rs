//! The RPCs: each decodes, calls, encodes.

mod flows;
mod publish;
mod simulate;
#[cfg(test)]
mod tests;
mod versions;

use std::sync::Arc;

use switchboard_api::ivr::v1::ivr_service_server::IvrService;
use switchboard_api::ivr::v1::{
    DiffFlowVersionsRequest, DiffFlowVersionsResponse, EndSessionRequest, EndSessionResponse,
    GetFlowRequest, GetFlowResponse, GetSessionRequest, GetSessionResponse,
    ListFlowVersionsRequest, ListFlowVersionsResponse, ListFlowsRequest, ListFlowsResponse,
    PublishFlowRequest, PublishFlowResponse, RollbackFlowRequest, RollbackFlowResponse,
    SendInputRequest, SendInputResponse, SimulateFlowRequest, SimulateFlowResponse,
    StartSessionRequest, StartSessionResponse,
};
use switchboard_api::{ApiError, caller};
use switchboard_domain::center::Center;
use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use tonic::{Request, Response, Status, async_trait};

use crate::{IvrParts, session};

/// The service and what it works with.
pub(crate) struct Ivr {
    pub(crate) parts: IvrParts,
}

impl Ivr {
    async fn center(&self, tenant: &TenantId) -> Result<Arc<Center>, ApiError> {
        Ok(self.parts.centers.get(tenant).await.map_err(StoreError::from)?)
    }
}

#[async_trait]
impl IvrService for Ivr {
    #[tracing::instrument(name = "ivr.list_flows", skip_all)]
    async fn list_flows(
        &self,
        request: Request<ListFlowsRequest>,
    ) -> Result<Response<ListFlowsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let center = self.center(&tenant).await?;
        Ok(Response::new(flows::list(&center, &request.into_inner())?))
    }

    #[tracing::instrument(name = "ivr.get_flow", skip_all)]
    async fn get_flow(
        &self,
        request: Request<GetFlowRequest>,
    ) -> Result<Response<GetFlowResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let center = self.center(&tenant).await?;
        Ok(Response::new(flows::get(&center, &request.into_inner())?))
    }

    #[tracing::instrument(name = "ivr.simulate_flow", skip_all)]
    async fn simulate_flow(
        &self,
        request: Request<SimulateFlowRequest>,
    ) -> Result<Response<SimulateFlowResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let center = self.center(&tenant).await?;
        let plan = simulate::Plan::read(&center, request.into_inner(), self.parts.clock.now())?;
        let tier = simulate::tier(&*self.parts.callers, (&tenant, plan.now), plan.calling.as_ref())
            .await?;
        Ok(Response::new(simulate::run(&center, &plan, tier)))
    }

    #[tracing::instrument(name = "ivr.publish_flow", skip_all)]
    async fn publish_flow(
        &self,
        request: Request<PublishFlowRequest>,
    ) -> Result<Response<PublishFlowResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(publish::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ivr.rollback_flow", skip_all)]
    async fn rollback_flow(
        &self,
        request: Request<RollbackFlowRequest>,
    ) -> Result<Response<RollbackFlowResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(publish::roll_back(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "ivr.list_flow_versions", skip_all)]
    async fn list_flow_versions(
        &self,
        request: Request<ListFlowVersionsRequest>,
    ) -> Result<Response<ListFlowVersionsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        Ok(Response::new(versions::list(&self.parts, &tenant, request.get_ref()).await?))
    }

    #[tracing::instrument(name = "ivr.diff_flow_versions", skip_all)]
    async fn diff_flow_versions(
        &self,
        request: Request<DiffFlowVersionsRequest>,
    ) -> Result<Response<DiffFlowVersionsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        Ok(Response::new(versions::diff(&self.parts, &tenant, request.get_ref()).await?))
    }

    #[tracing::instrument(name = "ivr.start_session", skip_all)]
    async fn start_session(
        &self,
        request: Request<StartSessionRequest>,
    ) -> Result<Response<StartSessionResponse>, Status> {
        let owner = session::Owner::of(&caller::of(&request)?)?;
        let answer = session::start(&self.parts, &owner, request.into_inner()).await?;
        Ok(Response::new(StartSessionResponse { answer: Some(answer) }))
    }

    #[tracing::instrument(name = "ivr.send_input", skip_all)]
    async fn send_input(
        &self,
        request: Request<SendInputRequest>,
    ) -> Result<Response<SendInputResponse>, Status> {
        let owner = session::Owner::of(&caller::of(&request)?)?;
        let answer = session::send(&self.parts, &owner, request.into_inner()).await?;
        Ok(Response::new(SendInputResponse { answer: Some(answer) }))
    }

    #[tracing::instrument(name = "ivr.get_session", skip_all)]
    async fn get_session(
        &self,
        request: Request<GetSessionRequest>,
    ) -> Result<Response<GetSessionResponse>, Status> {
        let owner = session::Owner::of(&caller::of(&request)?)?;
        let answer = session::get(&self.parts, &owner, request.get_ref()).await?;
        Ok(Response::new(GetSessionResponse { answer: Some(answer) }))
    }

    #[tracing::instrument(name = "ivr.end_session", skip_all)]
    async fn end_session(
        &self,
        request: Request<EndSessionRequest>,
    ) -> Result<Response<EndSessionResponse>, Status> {
        let owner = session::Owner::of(&caller::of(&request)?)?;
        session::end(&self.parts, &owner, request.get_ref()).await?;
        Ok(Response::new(EndSessionResponse {}))
    }
}
