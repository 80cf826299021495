//! Lists and compares the versions of a flow.

use switchboard_api::convert::flow as convert;
use switchboard_api::ivr::v1::{
    DiffFlowVersionsRequest, DiffFlowVersionsResponse, KeyDifference, ListFlowVersionsRequest,
    ListFlowVersionsResponse, NodeDifference,
};
use switchboard_api::{ApiError, field, page};
use switchboard_center::{Change, compare_flows};
use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::{FlowId, TenantId};

use super::publish::stored;
use crate::IvrParts;

/// Gives one page of the history of a flow.
pub(super) async fn list(
    parts: &IvrParts,
    tenant: &TenantId,
    request: &ListFlowVersionsRequest,
) -> Result<ListFlowVersionsResponse, ApiError> {
    let flow: FlowId = field::id("flow_id", &request.flow_id)?;
    let query = format!("flow versions {flow}");
    let (before, size) = page::before(&query, request.page_size, &request.page_token)?;
    let store = parts.centers.store();
    let mut log = store.flow_releases(tenant, &flow, before, size + 1).await?;
    let has_more = log.len() > size as usize;
    log.truncate(size as usize);
    if log.is_empty() && before.is_none() {
        return Err(ApiError::not_found("flow", flow.as_str()));
    }
    let next_page_token = match log.last().filter(|_| has_more) {
        Some(last) => page::next(&query, &last.center_version.to_string()),
        None => String::new(),
    };
    let releases = log.iter().enumerate();
    let releases = releases
        .map(|(index, line)| convert::release(line, index == 0 && before.is_none()))
        .collect();
    Ok(ListFlowVersionsResponse { releases, next_page_token })
}

/// Compares two versions.
pub(super) async fn diff(
    parts: &IvrParts,
    tenant: &TenantId,
    request: &DiffFlowVersionsRequest,
) -> Result<DiffFlowVersionsResponse, ApiError> {
    let flow: FlowId = field::id("flow_id", &request.flow_id)?;
    let from = version("from_version", &request.from_version)?;
    let to = version("to_version", &request.to_version)?;
    let before = stored(parts, tenant, &flow, from).await?;
    let after = stored(parts, tenant, &flow, to).await?;
    let compared = compare_flows(&before.text, &after.text);
    let nodes = compared.nodes.into_iter().map(|node| {
        let (node_id, change) = (node.node, node.kind.as_str().to_owned());
        NodeDifference { node_id, change, keys: node.keys.iter().map(key).collect() }
    });
    Ok(DiffFlowVersionsResponse {
        nodes: nodes.collect(),
        frame: compared.frame.iter().map(key).collect(),
        text: compared.text,
    })
}

/// Reads a version of a request.
pub(super) fn version(name: &str, text: &str) -> Result<FlowVersion, ApiError> {
    text.parse().map_err(|_| ApiError::invalid(name, text, "16 hexadecimal digits"))
}

fn key(change: &Change) -> KeyDifference {
    KeyDifference {
        key: change.key.clone().unwrap_or_default(),
        change: change.kind.as_str().to_owned(),
        before: change.before.clone().unwrap_or_default(),
        after: change.after.clone().unwrap_or_default(),
    }
}
