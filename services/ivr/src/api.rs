//! The RPCs: each decodes, calls, encodes.

mod flows;
mod simulate;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use switchboard_api::ivr::v1::ivr_service_server::IvrService;
use switchboard_api::ivr::v1::{
    GetFlowRequest, GetFlowResponse, ListFlowsRequest, ListFlowsResponse, SimulateFlowRequest,
    SimulateFlowResponse,
};
use switchboard_api::{ApiError, caller};
use switchboard_center::CenterCache;
use switchboard_domain::center::Center;
use switchboard_domain::ids::TenantId;
use switchboard_runtime::clock::Clock;
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use tonic::{Request, Response, Status, async_trait};

/// The service and what it reads.
pub(crate) struct Ivr {
    pub(crate) centers: Arc<CenterCache>,
    pub(crate) customers: Arc<dyn Customers>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Ivr {
    async fn center(&self, tenant: &TenantId) -> Result<Arc<Center>, ApiError> {
        Ok(self.centers.get(tenant).await.map_err(StoreError::from)?)
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
        let plan = simulate::Plan::read(&center, request.into_inner(), self.clock.now())?;
        let tier = simulate::tier(&*self.customers, &tenant, plan.calling.as_ref()).await?;
        Ok(Response::new(simulate::run(&center, &plan, tier)))
    }
}
