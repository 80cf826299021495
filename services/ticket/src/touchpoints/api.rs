//! The RPCs of the care calendar: each decodes, calls, encodes.

use std::pin::Pin;

use switchboard_api::convert::touchpoint as convert;
use switchboard_api::touchpoint::v1::touchpoint_service_server::TouchpointService;
use switchboard_api::touchpoint::v1::{
    CompleteTouchpointRequest, CompleteTouchpointResponse, ImportAnchorsRequest,
    ImportAnchorsResponse, ListTouchpointsRequest, ListTouchpointsResponse, PlanTouchpointsRequest,
    PlanTouchpointsResponse, ReportTouchpointsRequest, ReportTouchpointsResponse,
    SkipTouchpointRequest, SkipTouchpointResponse, Touchpoint as WireTouchpoint,
};
use switchboard_api::{ApiError, caller, field, page};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TouchpointId;
use switchboard_domain::touchpoint::{Touchpoint, TouchpointState};
use switchboard_runtime::imports::answers;
use switchboard_store::audit::{AuditRecord, list_of};
use switchboard_store::error::StoreError;
use switchboard_store::touchpoints::Firing;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::import::Anchors;
use super::{plan, successor};
use crate::CareParts;

/// The service and what it works with.
pub(super) struct TouchpointRpcs {
    pub(super) parts: CareParts,
}

#[async_trait]
impl TouchpointService for TouchpointRpcs {
    #[tracing::instrument(name = "touchpoint.plan_touchpoints", skip_all)]
    async fn plan_touchpoints(
        &self,
        request: Request<PlanTouchpointsRequest>,
    ) -> Result<Response<PlanTouchpointsResponse>, Status> {
        let caller = caller::of(&request)?;
        let kept = plan::one(&self.parts, &caller, &request.into_inner()).await?;
        let touchpoints = kept.into_iter().map(convert::touchpoint).collect();
        Ok(Response::new(PlanTouchpointsResponse { touchpoints }))
    }

    type ImportAnchorsStream =
        Pin<Box<dyn tokio_stream::Stream<Item = Result<ImportAnchorsResponse, Status>> + Send>>;

    #[tracing::instrument(name = "touchpoint.import_anchors", skip_all)]
    async fn import_anchors(
        &self,
        request: Request<Streaming<ImportAnchorsRequest>>,
    ) -> Result<Response<Self::ImportAnchorsStream>, Status> {
        let caller = caller::of(&request)?;
        let import = Anchors { parts: self.parts.clone(), caller };
        Ok(Response::new(Box::pin(answers(import, request.into_inner()))))
    }

    #[tracing::instrument(name = "touchpoint.list_touchpoints", skip_all)]
    async fn list_touchpoints(
        &self,
        request: Request<ListTouchpointsRequest>,
    ) -> Result<Response<ListTouchpointsResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(list(&self.parts, &caller, &request.into_inner()).await?))
    }

    #[tracing::instrument(name = "touchpoint.complete_touchpoint", skip_all)]
    async fn complete_touchpoint(
        &self,
        request: Request<CompleteTouchpointRequest>,
    ) -> Result<Response<CompleteTouchpointResponse>, Status> {
        let caller = caller::of(&request)?;
        let id = request.into_inner().touchpoint_id;
        let settled = settle(&self.parts, &caller, &id, (TouchpointState::Done, None)).await?;
        Ok(Response::new(CompleteTouchpointResponse { touchpoint: Some(settled) }))
    }

    #[tracing::instrument(name = "touchpoint.skip_touchpoint", skip_all)]
    async fn skip_touchpoint(
        &self,
        request: Request<SkipTouchpointRequest>,
    ) -> Result<Response<SkipTouchpointResponse>, Status> {
        let caller = caller::of(&request)?;
        let SkipTouchpointRequest { touchpoint_id, reason } = request.into_inner();
        let reason = field::required_word("reason", reason)?;
        let settled = (TouchpointState::Skipped, Some(reason));
        let settled = settle(&self.parts, &caller, &touchpoint_id, settled).await?;
        Ok(Response::new(SkipTouchpointResponse { touchpoint: Some(settled) }))
    }

    #[tracing::instrument(name = "touchpoint.report_touchpoints", skip_all)]
    async fn report_touchpoints(
        &self,
        request: Request<ReportTouchpointsRequest>,
    ) -> Result<Response<ReportTouchpointsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let report = convert::report(request.into_inner(), self.parts.clock.now())?;
        let counted = self.parts.touchpoints.touchpoint_figures(&tenant, &report).await;
        Ok(Response::new(convert::figures(counted.map_err(ApiError::from)?)))
    }
}

async fn list(
    parts: &CareParts,
    caller: &Caller,
    request: &ListTouchpointsRequest,
) -> Result<ListTouchpointsResponse, ApiError> {
    let filter = convert::filter(request)?;
    let query = query(request);
    let wanted = page::request(&query, request.page_size, &request.page_token)?;
    let sees_days = sees_days(caller);
    if !sees_days {
        check_blind(request)?;
    }
    let found = parts.touchpoints.list(&caller.tenant, &filter, &wanted).await?;
    let object = list_of(filter.customer.as_ref(), "touchpoints");
    let line = AuditRecord {
        detail: Some(format!("{} days", found.records.len())),
        ..AuditRecord::of(caller, "touchpoint.list", object, parts.clock.now())
    };
    parts.audit.append(&caller.tenant, &line).await?;
    let touchpoints = found.records.into_iter().map(|found| shown(caller, found)).collect();
    // A token says on which day its page ended.
    let next = if sees_days { found.next.as_str() } else { "" };
    Ok(ListTouchpointsResponse { touchpoints, next_page_token: page::next(&query, next) })
}

/// Says whether a caller may know the days: an anchor may be a birthday, which agents may not read.
fn sees_days(caller: &Caller) -> bool {
    caller.role != Role::Agent
}

/// Refuses questions whose answers would tell the days one after the other.
fn check_blind(request: &ListTouchpointsRequest) -> Result<(), ApiError> {
    if request.customer_id.is_empty() {
        return Err(ApiError::missing("customer_id"));
    }
    let asked = [
        ("opens_before", request.opens_before.is_some()),
        ("page_token", !request.page_token.is_empty()),
    ];
    match asked.iter().find(|(_, is_set)| *is_set) {
        Some((field, _)) => {
            let message = "agents are not told on which days touchpoints are";
            Err(ApiError::permission_denied("FIELD_NOT_ALLOWED", message).with("field", *field))
        }
        None => Ok(()),
    }
}

fn shown(caller: &Caller, touchpoint: Touchpoint) -> WireTouchpoint {
    let whole = convert::touchpoint(touchpoint);
    if sees_days(caller) { whole } else { convert::without_days(whole) }
}

async fn settle(
    parts: &CareParts,
    caller: &Caller,
    id: &str,
    (state, reason): (TouchpointState, Option<String>),
) -> Result<WireTouchpoint, ApiError> {
    let id: TouchpointId = field::id("touchpoint_id", id)?;
    let found = parts.touchpoints.get(&caller.tenant, &id).await?;
    let settled = found.settle(state, reason)?;
    let center = parts.centers.get(&caller.tenant).await.map_err(StoreError::from)?;
    let object = format!("touchpoint/{id}");
    let action = format!("touchpoint.{state}");
    let line = AuditRecord {
        detail: settled.reason.clone(),
        ..AuditRecord::of(caller, &action, object, parts.clock.now())
    };
    parts.audit.append(&caller.tenant, &line).await?;
    let successor = successor(parts, &center, &found);
    let firing = Firing { touchpoint: settled, follow_up: None, ticket: None, successor };
    parts.touchpoints.fire(&caller.tenant, &firing).await?;
    Ok(shown(caller, firing.touchpoint))
}

/// Names what is asked for, so that a page token is good for it and for nothing else.
fn query(request: &ListTouchpointsRequest) -> String {
    let filters =
        ListTouchpointsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("touchpoints {filters:?}")
}
