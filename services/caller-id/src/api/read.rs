//! Reads customers; who read whom is on the audit trail before the answer is given.

use switchboard_api::callerid::v1::{
    GetCustomerRequest, GetCustomerResponse, LegalHold, ListCustomerEventsRequest,
    ListCustomerEventsResponse, ListCustomersRequest, ListCustomersResponse,
};
use switchboard_api::convert::{customer as convert, subject};
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::CustomerId;
use switchboard_store::audit::AuditRecord;

use super::{consents, rules};
use crate::CallerIdParts;

/// Names the list of customers in its page tokens.
const LIST: &str = "customers";

/// Gives one customer.
pub(super) async fn one(
    parts: &CallerIdParts,
    caller: &Caller,
    request: GetCustomerRequest,
) -> Result<GetCustomerResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    let object = format!("customer/{id}");
    let center = rules::center_of(parts, &caller.tenant).await?;
    let found = parts.customers.get(&caller.tenant, &id).await;
    let sensitive = found.iter().flat_map(|it| rules::sensitive(center.as_deref(), caller, it));
    let sensitive: Vec<String> = sensitive.map(|path| path.to_string()).collect();
    // The line comes before the answer, and tells of those who asked in vain as well.
    let line = AuditRecord {
        detail: (!sensitive.is_empty()).then(|| sensitive.join(", ")),
        ..AuditRecord::of(caller, "customer.read", object, parts.clock.now())
    };
    parts.audit.append(&caller.tenant, &line).await?;
    let found = found?;
    let leading = found.merged_into.clone().unwrap_or_else(|| id.clone());
    let consents = consents::held(parts, &caller.tenant, &leading).await?;
    let customer = rules::shown(center.as_deref(), caller, parts.clock.now(), found);
    let legal_hold = hold_for(parts, caller, &id).await?;
    Ok(GetCustomerResponse { customer: Some(customer), legal_hold, consents })
}

/// Gives the hold on a customer to those who make and lift holds.
async fn hold_for(
    parts: &CallerIdParts,
    caller: &Caller,
    id: &CustomerId,
) -> Result<Option<LegalHold>, ApiError> {
    if caller.role != Role::Admin {
        return Ok(None);
    }
    let hold = parts.subjects.hold(&caller.tenant, id).await?;
    Ok(hold.map(subject::hold))
}

/// Gives a page of customers.
pub(super) async fn some(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ListCustomersRequest,
) -> Result<ListCustomersResponse, ApiError> {
    let wanted = page::request(LIST, request.page_size, &request.page_token)?;
    let found = parts.customers.list(&caller.tenant, &wanted).await?;
    let center = rules::center_of(parts, &caller.tenant).await?;
    let (asked, now) = (rules::asked(center.as_deref()), parts.clock.now());
    let line = AuditRecord {
        detail: Some(format!("{} customers", found.records.len())),
        ..AuditRecord::of(caller, "customer.list", "customers".to_owned(), now)
    };
    parts.audit.append(&caller.tenant, &line).await?;
    Ok(ListCustomersResponse {
        customers: found.records.into_iter().map(|it| rules::listed(&asked, now, it)).collect(),
        next_page_token: page::next(LIST, &found.next),
    })
}

/// Gives the life of a record.
pub(super) async fn events(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ListCustomerEventsRequest,
) -> Result<ListCustomerEventsResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    // An unknown customer is told apart from one whose record has no line yet.
    parts.customers.get(&caller.tenant, &id).await?;
    let events = parts.customers.events(&caller.tenant, &id).await?;
    let object = format!("customer/{id}");
    let line = AuditRecord::of(caller, "customer.events", object, parts.clock.now());
    parts.audit.append(&caller.tenant, &line).await?;
    Ok(ListCustomerEventsResponse { events: events.into_iter().map(convert::event).collect() })
}
