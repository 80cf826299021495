//! Lists and shows flows.

use std::sync::Arc;

use switchboard_api::convert::flow;
use switchboard_api::ivr::v1::{
    GetFlowRequest, GetFlowResponse, ListFlowsRequest, ListFlowsResponse,
};
use switchboard_api::{ApiError, field, page};
use switchboard_domain::center::{Center, Language};
use switchboard_domain::flow::Flow;
use switchboard_domain::ids::FlowId;

/// Gives one page of flows.
pub(super) fn list(
    center: &Center,
    request: &ListFlowsRequest,
) -> Result<ListFlowsResponse, ApiError> {
    let wanted = (request.page_size, request.page_token.as_str());
    let key = |flow: &&Flow| flow.id().to_string();
    let all = center.flows.values().map(Arc::as_ref);
    let (page, next_page_token) = page::of_list("flows", wanted, all, key)?;
    let flows = page
        .into_iter()
        .map(|found| flow::summary(found, languages(center), called_numbers(center, found.id())))
        .collect();
    Ok(ListFlowsResponse { flows, next_page_token })
}

/// Gives one flow.
pub(super) fn get(center: &Center, request: &GetFlowRequest) -> Result<GetFlowResponse, ApiError> {
    let found = find(center, &request.flow_id)?;
    let wire = flow::flow(found, languages(center), called_numbers(center, found.id()));
    Ok(GetFlowResponse { flow: Some(wire) })
}

/// Finds a flow by the id of a request.
pub(super) fn find<'a>(center: &'a Center, flow_id: &str) -> Result<&'a Flow, ApiError> {
    let id: FlowId = field::id("flow_id", flow_id)?;
    center.flow(&id).map(Arc::as_ref).ok_or_else(|| ApiError::not_found("flow", id.as_str()))
}

// Every prompt of a center exists in every language it serves; the usual one comes first.
fn languages(center: &Center) -> Vec<String> {
    let usual = &center.default_language;
    let others = center.languages.keys().filter(|language| *language != usual);
    std::iter::once(usual).chain(others).map(Language::to_string).collect()
}

fn called_numbers(center: &Center, flow: &FlowId) -> Vec<String> {
    let numbers = center.numbers.iter().filter(|called| called.flow == *flow);
    numbers.map(|called| called.span.to_string()).collect()
}
