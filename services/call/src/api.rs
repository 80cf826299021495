//! The gRPC face: the stream, and its unary twins.

mod limits;
mod stream;
mod unary;

use std::pin::Pin;
use std::sync::Arc;

use switchboard_api::call::v1::call_service_server::CallService;
use switchboard_api::call::v1::{
    OpenSessionRequest, OpenSessionResponse, PullCommandsRequest, PullCommandsResponse,
    ReportInventoryRequest, ReportInventoryResponse, RunCallsRequest, RunCallsResponse,
    SubmitEventsRequest, SubmitEventsResponse,
};
use switchboard_api::{ApiError, caller};
use switchboard_domain::ids::{GatewayId, TenantId};
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use crate::edge::Edge;

/// The service.
pub(crate) struct Calls {
    edge: Arc<Edge>,
}

impl Calls {
    pub(crate) fn new(edge: Arc<Edge>) -> Self {
        Self { edge }
    }
}

/// Reads which gateway of which tenant asks.
fn gateway_of<T>(request: &Request<T>) -> Result<(TenantId, GatewayId), ApiError> {
    let caller = caller::of(request)?;
    let gateway = caller.gateway().ok_or_else(|| {
        ApiError::permission_denied("NOT_A_GATEWAY", "the token's subject is no gateway id")
    })?;
    Ok((caller.tenant.clone(), gateway))
}

#[tonic::async_trait]
impl CallService for Calls {
    type RunCallsStream = Pin<Box<dyn Stream<Item = Result<RunCallsResponse, Status>> + Send>>;

    #[tracing::instrument(name = "call.run_calls", skip_all)]
    async fn run_calls(
        &self,
        request: Request<Streaming<RunCallsRequest>>,
    ) -> Result<Response<Self::RunCallsStream>, Status> {
        let (tenant, gateway) = gateway_of(&request)?;
        let responses = stream::open(&self.edge, tenant, gateway, request.into_inner());
        Ok(Response::new(Box::pin(responses)))
    }

    #[tracing::instrument(name = "call.open_session", skip_all)]
    async fn open_session(
        &self,
        request: Request<OpenSessionRequest>,
    ) -> Result<Response<OpenSessionResponse>, Status> {
        let (tenant, gateway) = gateway_of(&request)?;
        let opened = unary::open(&self.edge, tenant, gateway, request.into_inner()).await?;
        Ok(Response::new(opened))
    }

    #[tracing::instrument(name = "call.report_inventory", skip_all)]
    async fn report_inventory(
        &self,
        request: Request<ReportInventoryRequest>,
    ) -> Result<Response<ReportInventoryResponse>, Status> {
        let (tenant, gateway) = gateway_of(&request)?;
        let report = request.into_inner();
        Ok(Response::new(unary::inventory(&self.edge, tenant, gateway, report).await?))
    }

    #[tracing::instrument(name = "call.submit_events", skip_all)]
    async fn submit_events(
        &self,
        request: Request<SubmitEventsRequest>,
    ) -> Result<Response<SubmitEventsResponse>, Status> {
        let (tenant, gateway) = gateway_of(&request)?;
        let events = request.into_inner();
        Ok(Response::new(unary::events(&self.edge, tenant, gateway, events).await?))
    }

    #[tracing::instrument(name = "call.pull_commands", skip_all)]
    async fn pull_commands(
        &self,
        request: Request<PullCommandsRequest>,
    ) -> Result<Response<PullCommandsResponse>, Status> {
        let (tenant, gateway) = gateway_of(&request)?;
        let pull = request.into_inner();
        Ok(Response::new(unary::pull(&self.edge, tenant, gateway, pull).await?))
    }
}
