//! The RPCs of evaluations: each decodes, calls, encodes.

use switchboard_api::convert::quality as convert;
use switchboard_api::quality::v1::quality_service_server::QualityService;
use switchboard_api::quality::v1::{
    AcknowledgeEvaluationRequest, AcknowledgeEvaluationResponse, DrawEvaluationsRequest,
    DrawEvaluationsResponse, GetEvaluationRequest, GetEvaluationResponse, JudgeEvaluationRequest,
    JudgeEvaluationResponse, ListEvaluationsRequest, ListEvaluationsResponse,
    ListScorecardsRequest, ListScorecardsResponse, OpenEvaluationRequest, OpenEvaluationResponse,
    ReportEvaluationsRequest, ReportEvaluationsResponse, WithdrawEvaluationRequest,
    WithdrawEvaluationResponse,
};
use switchboard_api::{ApiError, caller, field, page};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::EvaluationId;
use switchboard_domain::quality::EvaluationState;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::evaluations::EvaluationFilter;
use tonic::{Request, Response, Status, async_trait};

use super::{QualityParts, draw, judge};

/// The service and what it works with.
pub(super) struct QualityRpcs {
    pub(super) parts: QualityParts,
}

#[async_trait]
impl QualityService for QualityRpcs {
    #[tracing::instrument(name = "quality.list_scorecards", skip_all)]
    async fn list_scorecards(
        &self,
        request: Request<ListScorecardsRequest>,
    ) -> Result<Response<ListScorecardsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let center = self.parts.centers.get(&tenant).await.map_err(StoreError::from);
        let center = center.map_err(ApiError::from)?;
        let scorecards = center.scorecards.values().map(convert::scorecard).collect();
        Ok(Response::new(ListScorecardsResponse { scorecards }))
    }

    #[tracing::instrument(name = "quality.draw_evaluations", skip_all)]
    async fn draw_evaluations(
        &self,
        request: Request<DrawEvaluationsRequest>,
    ) -> Result<Response<DrawEvaluationsResponse>, Status> {
        let caller = caller::of(&request)?;
        let drawn = draw::run(&self.parts, &caller, request.into_inner()).await?;
        let shown = drawn.into_iter().filter(|it| !it.is_kept_from(&caller.subject));
        let evaluations = shown.map(convert::evaluation).collect();
        Ok(Response::new(DrawEvaluationsResponse { evaluations }))
    }

    #[tracing::instrument(name = "quality.open_evaluation", skip_all)]
    async fn open_evaluation(
        &self,
        request: Request<OpenEvaluationRequest>,
    ) -> Result<Response<OpenEvaluationResponse>, Status> {
        let caller = caller::of(&request)?;
        let opened = draw::open(&self.parts, &caller, request.into_inner()).await?;
        let evaluation = Some(convert::evaluation(opened));
        Ok(Response::new(OpenEvaluationResponse { evaluation }))
    }

    #[tracing::instrument(name = "quality.get_evaluation", skip_all)]
    async fn get_evaluation(
        &self,
        request: Request<GetEvaluationRequest>,
    ) -> Result<Response<GetEvaluationResponse>, Status> {
        let caller = caller::of(&request)?;
        let id: EvaluationId = field::id("evaluation_id", &request.get_ref().evaluation_id)?;
        let agent = caller.agent();
        let found = judge::shown(&self.parts, &caller, &id, agent.as_ref()).await?;
        let now = self.parts.clock.now();
        let line = AuditRecord::of(&caller, "evaluation.read", draw::named(&id), now);
        self.parts.reads.keep(&caller.tenant, line)?;
        let center = self.parts.centers.get(&caller.tenant).await.map_err(StoreError::from);
        let center = center.map_err(ApiError::from)?;
        let scorecard = center.scorecards.get(&found.evaluation.scorecard);
        let scorecard = scorecard.map(convert::scorecard);
        let evaluation = Some(convert::judgement(found));
        Ok(Response::new(GetEvaluationResponse { evaluation, scorecard }))
    }

    #[tracing::instrument(name = "quality.list_evaluations", skip_all)]
    async fn list_evaluations(
        &self,
        request: Request<ListEvaluationsRequest>,
    ) -> Result<Response<ListEvaluationsResponse>, Status> {
        let caller = caller::of(&request)?;
        let request = request.into_inner();
        let query = query(&request);
        let filter = convert::filter(&request)?;
        let wanted = page::request(&query, request.page_size, &request.page_token)?;
        let Some(filter) = seen_by(&caller, filter)? else {
            return Ok(Response::new(ListEvaluationsResponse::default()));
        };
        let found = self.parts.evaluations.evaluations(&caller.tenant, &filter, &wanted).await;
        let found = found.map_err(ApiError::from)?;
        let shown = found.records.into_iter().filter(|it| !it.is_kept_from(&caller.subject));
        let evaluations = shown.map(convert::evaluation).collect();
        let next_page_token = page::next(&query, &found.next);
        Ok(Response::new(ListEvaluationsResponse { evaluations, next_page_token }))
    }

    #[tracing::instrument(name = "quality.judge_evaluation", skip_all)]
    async fn judge_evaluation(
        &self,
        request: Request<JudgeEvaluationRequest>,
    ) -> Result<Response<JudgeEvaluationResponse>, Status> {
        let caller = caller::of(&request)?;
        let judged = judge::run(&self.parts, &caller, request.into_inner()).await?;
        let evaluation = Some(convert::judgement(judged));
        Ok(Response::new(JudgeEvaluationResponse { evaluation }))
    }

    #[tracing::instrument(name = "quality.withdraw_evaluation", skip_all)]
    async fn withdraw_evaluation(
        &self,
        request: Request<WithdrawEvaluationRequest>,
    ) -> Result<Response<WithdrawEvaluationResponse>, Status> {
        let caller = caller::of(&request)?;
        let changed = judge::withdraw(&self.parts, &caller, request.into_inner()).await?;
        let evaluation = Some(convert::evaluation(changed));
        Ok(Response::new(WithdrawEvaluationResponse { evaluation }))
    }

    #[tracing::instrument(name = "quality.acknowledge_evaluation", skip_all)]
    async fn acknowledge_evaluation(
        &self,
        request: Request<AcknowledgeEvaluationRequest>,
    ) -> Result<Response<AcknowledgeEvaluationResponse>, Status> {
        let caller = caller::of(&request)?;
        let changed = judge::acknowledge(&self.parts, &caller, request.into_inner()).await?;
        let evaluation = Some(convert::evaluation(changed));
        Ok(Response::new(AcknowledgeEvaluationResponse { evaluation }))
    }

    #[tracing::instrument(name = "quality.report_evaluations", skip_all)]
    async fn report_evaluations(
        &self,
        request: Request<ReportEvaluationsRequest>,
    ) -> Result<Response<ReportEvaluationsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let report = convert::report(request.get_ref(), self.parts.clock.now())?;
        let counted = self.parts.evaluations.evaluation_figures(&tenant, &report).await;
        let (groups, criteria) = counted.map_err(ApiError::from)?;
        Ok(Response::new(convert::figures(groups, criteria)))
    }
}

/// Narrows a list to what the asker may see: agents what was found of their own work. None where that is
/// nothing.
fn seen_by(
    caller: &Caller,
    filter: EvaluationFilter,
) -> Result<Option<EvaluationFilter>, ApiError> {
    if caller.role != Role::Agent {
        return Ok(Some(filter));
    }
    let own = caller.agent().ok_or_else(|| {
        ApiError::permission_denied("NOT_YOURS", "the credential names no agent by an id")
    })?;
    let is_own = filter.agent.as_ref().is_none_or(|agent| *agent == own);
    let is_done = filter.state.is_none_or(|state| state == EvaluationState::Done);
    let own = EvaluationFilter { agent: Some(own), state: Some(EvaluationState::Done), ..filter };
    Ok((is_own && is_done).then_some(own))
}

/// Names what is asked for, so that a page token is good for it and for nothing else.
fn query(request: &ListEvaluationsRequest) -> String {
    let filters =
        ListEvaluationsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("evaluations {filters:?}")
}
