//! Tells what happened with a customer; who asked is on the audit trail before the answer is given.

use switchboard_api::callerid::v1::{ListTimelineRequest, ListTimelineResponse};
use switchboard_api::convert::customer as convert;
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::CustomerId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::customer_timeline::TimelineRequest;

use crate::CallerIdParts;

/// Gives a page of what happened, the latest first.
pub(super) async fn run(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ListTimelineRequest,
) -> Result<ListTimelineResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    let query = format!("timeline {id}");
    let (after, size) = page::after(&query, request.page_size, &request.page_token)?;
    // An unknown customer is told apart from one with whom nothing happened.
    parts.customers.get(&caller.tenant, &id).await?;
    let object = format!("customer/{id}");
    let line = AuditRecord::of(caller, "customer.timeline", object, parts.clock.now());
    parts.audit.append(&caller.tenant, &line).await?;
    // An anchor of the care calendar may be a birthday, which agents may not read.
    let days_until = (caller.role != Role::Agent).then(|| parts.clock.now());
    let wanted = TimelineRequest { customer: &id, size, after: after.as_deref(), days_until };
    let found = parts.timeline.timeline(&caller.tenant, wanted).await?;
    Ok(ListTimelineResponse {
        entries: found.records.into_iter().map(convert::timeline_entry).collect(),
        next_page_token: page::next(&query, &found.next),
    })
}
