//! The RPCs: each decodes, calls, encodes.

mod consents;
pub(crate) mod create;
mod external_ids;
mod lookup;
mod merge;
mod number_rules;
mod occurrences;
mod read;
mod rules;
mod search;
mod subject;
mod timeline;
mod update;

use std::pin::Pin;

use switchboard_api::caller;
use switchboard_api::callerid::v1::caller_id_service_server::CallerIdService;
use switchboard_api::callerid::v1::{
    CreateCustomerRequest, CreateCustomerResponse, DeleteNumberRuleRequest,
    DeleteNumberRuleResponse, EraseCustomerRequest, EraseCustomerResponse, ExportCustomerRequest,
    ExportCustomerResponse, GetCustomerRequest, GetCustomerResponse, GetProfileSchemaRequest,
    GetProfileSchemaResponse, ListConsentsRequest, ListConsentsResponse, ListCustomerEventsRequest,
    ListCustomerEventsResponse, ListCustomersRequest, ListCustomersResponse, ListDuplicatesRequest,
    ListDuplicatesResponse, ListNumberRulesRequest, ListNumberRulesResponse, ListTimelineRequest,
    ListTimelineResponse, LookupCallerRequest, LookupCallerResponse, MergeCustomersRequest,
    MergeCustomersResponse, RecordOccurrenceRequest, RecordOccurrenceResponse,
    ReviewCustomerRequest, ReviewCustomerResponse, SearchCustomersRequest, SearchCustomersResponse,
    SetConsentRequest, SetConsentResponse, SetLegalHoldRequest, SetLegalHoldResponse,
    SetNumberRuleRequest, SetNumberRuleResponse, UndoMergeRequest, UndoMergeResponse,
    UpdateCustomerRequest, UpdateCustomerResponse,
};
use tokio_stream::Stream;
use tonic::{Request, Response, Status, async_trait};

use crate::CallerIdParts;

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
        let caller = caller::of(&request)?;
        Ok(Response::new(lookup::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.get_customer", skip_all)]
    async fn get_customer(
        &self,
        request: Request<GetCustomerRequest>,
    ) -> Result<Response<GetCustomerResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(read::one(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.list_customers", skip_all)]
    async fn list_customers(
        &self,
        request: Request<ListCustomersRequest>,
    ) -> Result<Response<ListCustomersResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(read::some(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.search_customers", skip_all)]
    async fn search_customers(
        &self,
        request: Request<SearchCustomersRequest>,
    ) -> Result<Response<SearchCustomersResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(search::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.create_customer", skip_all)]
    async fn create_customer(
        &self,
        request: Request<CreateCustomerRequest>,
    ) -> Result<Response<CreateCustomerResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(create::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.update_customer", skip_all)]
    async fn update_customer(
        &self,
        request: Request<UpdateCustomerRequest>,
    ) -> Result<Response<UpdateCustomerResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(update::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.get_profile_schema", skip_all)]
    async fn get_profile_schema(
        &self,
        request: Request<GetProfileSchemaRequest>,
    ) -> Result<Response<GetProfileSchemaResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(rules::schema(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.review_customer", skip_all)]
    async fn review_customer(
        &self,
        request: Request<ReviewCustomerRequest>,
    ) -> Result<Response<ReviewCustomerResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(update::review(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.list_timeline", skip_all)]
    async fn list_timeline(
        &self,
        request: Request<ListTimelineRequest>,
    ) -> Result<Response<ListTimelineResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(timeline::run(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.list_duplicates", skip_all)]
    async fn list_duplicates(
        &self,
        request: Request<ListDuplicatesRequest>,
    ) -> Result<Response<ListDuplicatesResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(merge::duplicates(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.merge_customers", skip_all)]
    async fn merge_customers(
        &self,
        request: Request<MergeCustomersRequest>,
    ) -> Result<Response<MergeCustomersResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(merge::merge(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.undo_merge", skip_all)]
    async fn undo_merge(
        &self,
        request: Request<UndoMergeRequest>,
    ) -> Result<Response<UndoMergeResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(merge::undo(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.list_customer_events", skip_all)]
    async fn list_customer_events(
        &self,
        request: Request<ListCustomerEventsRequest>,
    ) -> Result<Response<ListCustomerEventsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(read::events(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.record_occurrence", skip_all)]
    async fn record_occurrence(
        &self,
        request: Request<RecordOccurrenceRequest>,
    ) -> Result<Response<RecordOccurrenceResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(occurrences::record(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.set_consent", skip_all)]
    async fn set_consent(
        &self,
        request: Request<SetConsentRequest>,
    ) -> Result<Response<SetConsentResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(consents::set(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.list_consents", skip_all)]
    async fn list_consents(
        &self,
        request: Request<ListConsentsRequest>,
    ) -> Result<Response<ListConsentsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(consents::list(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.set_number_rule", skip_all)]
    async fn set_number_rule(
        &self,
        request: Request<SetNumberRuleRequest>,
    ) -> Result<Response<SetNumberRuleResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(number_rules::set(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.list_number_rules", skip_all)]
    async fn list_number_rules(
        &self,
        request: Request<ListNumberRulesRequest>,
    ) -> Result<Response<ListNumberRulesResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(number_rules::list(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.delete_number_rule", skip_all)]
    async fn delete_number_rule(
        &self,
        request: Request<DeleteNumberRuleRequest>,
    ) -> Result<Response<DeleteNumberRuleResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(number_rules::delete(&self.parts, &caller, request.into_inner()).await?))
    }

    type ExportCustomerStream =
        Pin<Box<dyn Stream<Item = Result<ExportCustomerResponse, Status>> + Send>>;

    #[tracing::instrument(name = "caller_id.export_customer", skip_all)]
    async fn export_customer(
        &self,
        request: Request<ExportCustomerRequest>,
    ) -> Result<Response<Self::ExportCustomerStream>, Status> {
        let caller = caller::of(&request)?;
        let records = subject::export(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(Box::pin(tokio_stream::iter(records.into_iter().map(Ok)))))
    }

    #[tracing::instrument(name = "caller_id.erase_customer", skip_all)]
    async fn erase_customer(
        &self,
        request: Request<EraseCustomerRequest>,
    ) -> Result<Response<EraseCustomerResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(subject::erase(&self.parts, &caller, request.into_inner()).await?))
    }

    #[tracing::instrument(name = "caller_id.set_legal_hold", skip_all)]
    async fn set_legal_hold(
        &self,
        request: Request<SetLegalHoldRequest>,
    ) -> Result<Response<SetLegalHoldResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(subject::set_hold(&self.parts, &caller, request.into_inner()).await?))
    }
}
