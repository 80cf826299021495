//! What customers are worth: said, computed, explained, and computed anew each night.

mod nightly;
mod read;
mod recompute;
mod set;

use std::sync::Arc;

use switchboard_api::callerid::v1::customer_value_service_server::{
    CustomerValueService, CustomerValueServiceServer,
};
use switchboard_api::callerid::v1::{
    ExplainValueRequest, ExplainValueResponse, GetCustomerValueRequest, GetCustomerValueResponse,
    GetValueReportRequest, GetValueReportResponse, GetValueRunRequest, GetValueRunResponse,
    ListAccountsAtRiskRequest, ListAccountsAtRiskResponse, RecomputeValuesRequest,
    RecomputeValuesResponse, SetCustomerValueRequest, SetCustomerValueResponse,
};
use switchboard_api::{ApiError, caller};
use switchboard_center::CacheError;
use switchboard_domain::center::Center;
use switchboard_domain::customer::value::ValueModel;
use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::values::CustomerValues;
use tonic::{Request, Response, Status, async_trait};

use crate::CallerIdParts;

pub use nightly::{advance_values, recompute_values};

/// What the service works with.
#[derive(Clone)]
pub struct ValueParts {
    /// What lookups and customers need.
    pub callers: CallerIdParts,
    /// What customers are worth.
    pub values: Arc<dyn CustomerValues>,
}

impl ValueParts {
    async fn center(&self, tenant: &TenantId) -> Result<Arc<Center>, CacheError> {
        self.callers.centers.get(tenant).await
    }

    /// Gives the model in force.
    async fn model(&self, tenant: &TenantId) -> Result<ValueModel, ApiError> {
        let center = self.center(tenant).await.map_err(StoreError::from)?;
        center.value.clone().ok_or_else(|| {
            let message = "the center has no value.yaml that says how customers are valued";
            ApiError::failed_precondition("NO_VALUE_MODEL", message)
        })
    }
}

/// Makes the service.
pub fn value_service(parts: ValueParts) -> CustomerValueServiceServer<impl CustomerValueService> {
    CustomerValueServiceServer::new(ValueRpcs { parts })
}

struct ValueRpcs {
    parts: ValueParts,
}

#[async_trait]
impl CustomerValueService for ValueRpcs {
    #[tracing::instrument(name = "caller_id.get_customer_value", skip_all)]
    async fn get_customer_value(
        &self,
        request: Request<GetCustomerValueRequest>,
    ) -> Result<Response<GetCustomerValueResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(read::one(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.set_customer_value", skip_all)]
    async fn set_customer_value(
        &self,
        request: Request<SetCustomerValueRequest>,
    ) -> Result<Response<SetCustomerValueResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(set::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.explain_value", skip_all)]
    async fn explain_value(
        &self,
        request: Request<ExplainValueRequest>,
    ) -> Result<Response<ExplainValueResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(read::explain(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.recompute_values", skip_all)]
    async fn recompute_values(
        &self,
        request: Request<RecomputeValuesRequest>,
    ) -> Result<Response<RecomputeValuesResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(recompute::begin(&self.parts, &caller).await?))
    }

    #[tracing::instrument(name = "caller_id.get_value_run", skip_all)]
    async fn get_value_run(
        &self,
        request: Request<GetValueRunRequest>,
    ) -> Result<Response<GetValueRunResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(recompute::latest(&self.parts, &caller).await?))
    }

    #[tracing::instrument(name = "caller_id.get_value_report", skip_all)]
    async fn get_value_report(
        &self,
        request: Request<GetValueReportRequest>,
    ) -> Result<Response<GetValueReportResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(read::report(&self.parts, &caller).await?))
    }

    #[tracing::instrument(name = "caller_id.list_accounts_at_risk", skip_all)]
    async fn list_accounts_at_risk(
        &self,
        request: Request<ListAccountsAtRiskRequest>,
    ) -> Result<Response<ListAccountsAtRiskResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(read::at_risk(&self.parts, &caller, request.into_inner()).await?))
    }
}
