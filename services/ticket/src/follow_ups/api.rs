//! The RPCs of follow-ups: each decodes, calls, encodes.

use switchboard_api::convert::follow_up as convert;
use switchboard_api::convert::time::recent_period;
use switchboard_api::followup::v1::follow_up_service_server::FollowUpService;
use switchboard_api::followup::v1::{
    DeclineFollowUpRequest, DeclineFollowUpResponse, GetFollowUpRequest, GetFollowUpResponse,
    ListFollowUpsRequest, ListFollowUpsResponse, ListSurveysRequest, ListSurveysResponse,
    RecordAnswersRequest, RecordAnswersResponse, ReportSurveyRequest, ReportSurveyResponse,
    RequestCallBackRequest, RequestCallBackResponse, SkipFollowUpRequest, SkipFollowUpResponse,
};
use switchboard_api::{ApiError, caller, field, page};
use switchboard_domain::ids::{SurveyId, TenantId};
use switchboard_domain::survey::Survey;
use switchboard_store::audit::{AuditRecord, list_of};
use switchboard_store::error::StoreError;
use tonic::{Request, Response, Status, async_trait};

use super::{CareParts, answer, ask, settle};

/// The service and what it works with.
pub(super) struct FollowUpRpcs {
    pub(super) parts: CareParts,
}

#[async_trait]
impl FollowUpService for FollowUpRpcs {
    #[tracing::instrument(name = "follow_up.get_follow_up", skip_all)]
    async fn get_follow_up(
        &self,
        request: Request<GetFollowUpRequest>,
    ) -> Result<Response<GetFollowUpResponse>, Status> {
        let caller = caller::of(&request)?;
        let id = field::id("follow_up_id", &request.get_ref().follow_up_id)?;
        let found = self.parts.follow_ups.get(&caller.tenant, &id).await;
        let found = found.map_err(ApiError::from)?;
        let survey = answer::survey(&self.parts, &caller.tenant, &found).await?;
        let told = answer::told(&self.parts, &caller, found, survey.as_ref()).await?;
        let survey = survey.as_ref().map(convert::survey);
        Ok(Response::new(GetFollowUpResponse { follow_up: Some(told), survey }))
    }

    #[tracing::instrument(name = "follow_up.list_follow_ups", skip_all)]
    async fn list_follow_ups(
        &self,
        request: Request<ListFollowUpsRequest>,
    ) -> Result<Response<ListFollowUpsResponse>, Status> {
        let caller = caller::of(&request)?;
        let request = request.into_inner();
        let filter = convert::filter(&request)?;
        let query = query(&request);
        let wanted = page::request(&query, request.page_size, &request.page_token)?;
        let found = self.parts.follow_ups.list(&caller.tenant, &filter, &wanted).await;
        let found = found.map_err(ApiError::from)?;
        let object = list_of(filter.customer.as_ref(), "follow-ups");
        let line = AuditRecord::of(&caller, "follow_up.list", object, self.parts.clock.now());
        let line = line.with_detail(format!("{} follow-ups", found.records.len()));
        self.parts.reads.keep(&caller.tenant, line)?;
        let follow_ups = found.records.into_iter().map(convert::follow_up).collect();
        let next_page_token = page::next(&query, &found.next);
        Ok(Response::new(ListFollowUpsResponse { follow_ups, next_page_token }))
    }

    #[tracing::instrument(name = "follow_up.request_call_back", skip_all)]
    async fn request_call_back(
        &self,
        request: Request<RequestCallBackRequest>,
    ) -> Result<Response<RequestCallBackResponse>, Status> {
        let caller = caller::of(&request)?;
        let follow_up = ask::run(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(RequestCallBackResponse { follow_up: Some(follow_up) }))
    }

    #[tracing::instrument(name = "follow_up.record_answers", skip_all)]
    async fn record_answers(
        &self,
        request: Request<RecordAnswersRequest>,
    ) -> Result<Response<RecordAnswersResponse>, Status> {
        let caller = caller::of(&request)?;
        let follow_up = answer::run(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(RecordAnswersResponse { follow_up: Some(follow_up) }))
    }

    #[tracing::instrument(name = "follow_up.decline_follow_up", skip_all)]
    async fn decline_follow_up(
        &self,
        request: Request<DeclineFollowUpRequest>,
    ) -> Result<Response<DeclineFollowUpResponse>, Status> {
        let caller = caller::of(&request)?;
        let follow_up = settle::decline(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(DeclineFollowUpResponse { follow_up: Some(follow_up) }))
    }

    #[tracing::instrument(name = "follow_up.skip_follow_up", skip_all)]
    async fn skip_follow_up(
        &self,
        request: Request<SkipFollowUpRequest>,
    ) -> Result<Response<SkipFollowUpResponse>, Status> {
        let caller = caller::of(&request)?;
        let follow_up = settle::skip(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(SkipFollowUpResponse { follow_up: Some(follow_up) }))
    }

    #[tracing::instrument(name = "follow_up.list_surveys", skip_all)]
    async fn list_surveys(
        &self,
        request: Request<ListSurveysRequest>,
    ) -> Result<Response<ListSurveysResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let center = self.parts.centers.get(&tenant).await.map_err(StoreError::from);
        let center = center.map_err(ApiError::from)?;
        let surveys = center.surveys.values().map(convert::survey).collect();
        Ok(Response::new(ListSurveysResponse { surveys }))
    }

    #[tracing::instrument(name = "follow_up.report_survey", skip_all)]
    async fn report_survey(
        &self,
        request: Request<ReportSurveyRequest>,
    ) -> Result<Response<ReportSurveyResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let request = request.into_inner();
        let id: SurveyId = field::id("survey_id", &request.survey_id)?;
        let (from, to) =
            recent_period((request.from_time, request.to_time), self.parts.clock.now())?;
        let survey = self.survey_or_bare(&tenant, id).await?;
        let counted = self.parts.follow_ups.figures(&tenant, &survey, from, to).await;
        let counted = counted.map_err(ApiError::from)?.into_iter();
        let figures = counted.map(|figures| convert::figures(&survey, figures)).collect();
        Ok(Response::new(ReportSurveyResponse { figures }))
    }
}

impl FollowUpRpcs {
    /// Gives a survey of the center. What was answered is counted though the center asks no more, or cannot
    /// be read: then nothing is known of the survey's questions.
    async fn survey_or_bare(&self, tenant: &TenantId, id: SurveyId) -> Result<Survey, ApiError> {
        let found = match self.parts.centers.get(tenant).await.map_err(StoreError::from) {
            Ok(center) => center.surveys.get(&id).cloned(),
            Err(StoreError::NotFound { .. } | StoreError::Corrupt { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let bare = || Survey { id, questions: vec![], recovery: None, drivers: vec![] };
        Ok(found.unwrap_or_else(bare))
    }
}

/// Names what is asked for, so that a page token is good for it and for nothing else.
fn query(request: &ListFollowUpsRequest) -> String {
    let filters =
        ListFollowUpsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("follow-ups {filters:?}")
}
