//! The RPCs: each decodes, calls, encodes.

mod create;
mod lookup;

use switchboard_api::callerid::v1::caller_id_service_server::CallerIdService;
use switchboard_api::callerid::v1::{
    CreateCustomerRequest, CreateCustomerResponse, GetCustomerRequest, GetCustomerResponse,
    ListCustomersRequest, ListCustomersResponse, LookupCallerRequest, LookupCallerResponse,
};
use switchboard_api::convert::customer as convert;
use switchboard_api::{ApiError, caller, field, page};
use tonic::{Request, Response, Status, async_trait};

use crate::CallerIdParts;

/// Names the list of customers in its page tokens.
const LIST: &str = "customers";

/// The service and what it works with.
pub(crate) struct CallerIdRpcs {
    pub(crate) parts: CallerIdParts,
}

#[async_trait]
impl CallerIdService for CallerIdRpcs {
    #[tracing::instrument(name = "caller_id.lookup_caller", skip_all)]
    async fn lookup_caller(
        &self,
        request: Request<LookupCallerRequest>,
    ) -> Result<Response<LookupCallerResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        Ok(Response::new(lookup::run(&self.parts, &tenant, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.get_customer", skip_all)]
    async fn get_customer(
        &self,
        request: Request<GetCustomerRequest>,
    ) -> Result<Response<GetCustomerResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let id = field::id("customer_id", &request.get_ref().customer_id)?;
        let found = self.parts.customers.get(&tenant, &id).await.map_err(ApiError::from)?;
        Ok(Response::new(GetCustomerResponse { customer: Some(convert::customer(found)) }))
    }

    #[tracing::instrument(name = "caller_id.list_customers", skip_all)]
    async fn list_customers(
        &self,
        request: Request<ListCustomersRequest>,
    ) -> Result<Response<ListCustomersResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let request = request.into_inner();
        let wanted = page::request(LIST, request.page_size, &request.page_token)?;
        let found = self.parts.customers.list(&tenant, &wanted).await.map_err(ApiError::from)?;
        let customers = found.records.into_iter().map(convert::customer).collect();
        let next_page_token = page::next(LIST, &found.next);
        Ok(Response::new(ListCustomersResponse { customers, next_page_token }))
    }

    #[tracing::instrument(name = "caller_id.create_customer", skip_all)]
    async fn create_customer(
        &self,
        request: Request<CreateCustomerRequest>,
    ) -> Result<Response<CreateCustomerResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(create::run(&self.parts, &caller, request.into_inner()).await?))
    }
}
