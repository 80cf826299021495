//! The RPCs of the care calendar: each decodes, calls, encodes.

use switchboard_api::convert::touchpoint as convert;
use switchboard_api::touchpoint::v1::touchpoint_service_server::TouchpointService;
use switchboard_api::touchpoint::v1::{
    CompleteTouchpointRequest, CompleteTouchpointResponse, ListTouchpointsRequest,
    ListTouchpointsResponse, PlanTouchpointsRequest, PlanTouchpointsResponse,
    SkipTouchpointRequest, SkipTouchpointResponse, Touchpoint as WireTouchpoint,
};
use switchboard_api::{ApiError, caller, field, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::center::Zone;
use switchboard_domain::ids::{CustomerId, TouchpointId};
use switchboard_domain::touchpoint::{Touchpoint, TouchpointState};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::touchpoints::Firing;
use tonic::{Request, Response, Status, async_trait};

use super::{successor, touchpoint};
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
        let kept = plan(&self.parts, &caller, &request.into_inner()).await?;
        let touchpoints = kept.into_iter().map(convert::touchpoint).collect();
        Ok(Response::new(PlanTouchpointsResponse { touchpoints }))
    }

    #[tracing::instrument(name = "touchpoint.list_touchpoints", skip_all)]
    async fn list_touchpoints(
        &self,
        request: Request<ListTouchpointsRequest>,
    ) -> Result<Response<ListTouchpointsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let request = request.into_inner();
        let filter = convert::filter(&request)?;
        let query = query(&request);
        let wanted = page::request(&query, request.page_size, &request.page_token)?;
        let found = self.parts.touchpoints.list(&tenant, &filter, &wanted).await;
        let found = found.map_err(ApiError::from)?;
        let touchpoints = found.records.into_iter().map(convert::touchpoint).collect();
        let next_page_token = page::next(&query, &found.next);
        Ok(Response::new(ListTouchpointsResponse { touchpoints, next_page_token }))
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
        let reason = field::word("reason", reason)?;
        if reason.is_empty() {
            return Err(ApiError::missing("reason").into());
        }
        let settled = (TouchpointState::Skipped, Some(reason));
        let settled = settle(&self.parts, &caller, &touchpoint_id, settled).await?;
        Ok(Response::new(SkipTouchpointResponse { touchpoint: Some(settled) }))
    }
}

async fn plan(
    parts: &CareParts,
    caller: &Caller,
    request: &PlanTouchpointsRequest,
) -> Result<Vec<Touchpoint>, ApiError> {
    let customer: CustomerId = field::id("customer_id", &request.customer_id)?;
    let anchor = field::word("anchor", request.anchor.clone())?;
    let anchor_on = convert::day_field("anchor_date", &request.anchor_date)?;
    let now = parts.clock.now();
    let center = parts.centers.get(&caller.tenant).await.map_err(StoreError::from)?;
    let plans: Vec<_> = center.touchpoints.iter().filter(|plan| plan.anchor == anchor).collect();
    if plans.is_empty() {
        let message = "no plan of the care calendar counts from such an anchor";
        return Err(ApiError::failed_precondition("NO_PLAN", message).with("anchor", anchor));
    }
    parts.customers.get(&caller.tenant, &customer).await?;
    let zone = Zone::parse(&center.time_zone).map_err(ApiError::internal)?;
    let days = plans.into_iter().flat_map(|plan| {
        let days = plan.occurrences(anchor_on, &zone, now);
        days.into_iter().filter_map(|day| touchpoint(parts, plan, (&customer, anchor_on), day))
    });
    let days: Vec<Touchpoint> = days.collect();
    let object = format!("customer/{customer}");
    let line = AuditRecord {
        detail: Some(format!("{} days after {anchor}", days.len())),
        ..AuditRecord::of(caller, "touchpoint.plan", object, now)
    };
    parts.audit.append(&caller.tenant, &line).await?;
    Ok(parts.touchpoints.plan(&caller.tenant, &days).await?)
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
    let object = format!("touchpoint/{id}");
    let action = format!("touchpoint.{state}");
    let line = AuditRecord {
        detail: settled.reason.clone(),
        ..AuditRecord::of(caller, &action, object, parts.clock.now())
    };
    parts.audit.append(&caller.tenant, &line).await?;
    let center = parts.centers.get(&caller.tenant).await.map_err(StoreError::from)?;
    let successor = successor(parts, &center, &found);
    let firing = Firing { touchpoint: settled, follow_up: None, ticket: None, successor };
    parts.touchpoints.fire(&caller.tenant, &firing).await?;
    Ok(convert::touchpoint(firing.touchpoint))
}

/// Names what is asked for, so that a page token is good for it and for nothing else.
fn query(request: &ListTouchpointsRequest) -> String {
    let filters =
        ListTouchpointsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("touchpoints {filters:?}")
}
