//! Changes customers: read, change, keep if nobody was faster.

use switchboard_api::callerid::v1::{
    ReviewCustomerRequest, ReviewCustomerResponse, UpdateCustomerRequest, UpdateCustomerResponse,
};
use switchboard_api::convert::customer as convert;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::customer::{Change, ChangedCustomer, Customer};
use switchboard_domain::ids::CustomerId;
use switchboard_domain::time::Timestamp;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;

use super::create::check_language;
use super::{external_ids, rules};
use crate::CallerIdParts;

/// A change, read from its request.
struct Order {
    id: CustomerId,
    etag: Option<u64>,
    changes: Vec<Change>,
}

/// Changes a customer, who is recognised as changed from the next call on.
pub(super) async fn run(
    parts: &CallerIdParts,
    caller: &Caller,
    request: UpdateCustomerRequest,
) -> Result<UpdateCustomerResponse, ApiError> {
    let order = read(request, parts.clock.now())?;
    let before = parts.customers.get(&caller.tenant, &order.id).await?;
    if order.etag.is_some_and(|etag| etag != before.version) {
        return Err(stale(&before.id));
    }
    let center = rules::center_of(parts, &caller.tenant).await?;
    let center = center.as_deref();
    rules::check_leads(&before, &order.changes)?;
    let now = parts.clock.now();
    let Some(mut changed) = before.change(order.changes.clone()) else {
        let customer = rules::shown(center, caller, now, before);
        return Ok(UpdateCustomerResponse { customer: Some(customer) });
    };
    rules::check_changes(center, caller, &order.changes, &changed)?;
    // Whoever changes a record has looked at it.
    changed.customer.reviewed_at = now;
    external_ids::refuse_taken(parts, &caller.tenant, &changed.customer).await?;
    keep(parts, caller, &changed).await?;
    let customer = rules::shown(center, caller, now, changed.customer);
    Ok(UpdateCustomerResponse { customer: Some(customer) })
}

fn read(request: UpdateCustomerRequest, now: Timestamp) -> Result<Order, ApiError> {
    let value = field::required("customer", request.customer)?;
    let within = |error: ApiError| error.within("customer");
    let id = field::id("customer_id", &value.customer_id).map_err(within)?;
    let etag = field::etag("etag", &value.etag).map_err(within)?;
    let changes = convert::changes(&value, request.update_mask, now)?;
    for change in &changes {
        if let Change::Language(language) = change {
            check_language(language.as_deref()).map_err(within)?;
        }
    }
    Ok(Order { id, etag, changes })
}

/// Notes that somebody looked a record through.
pub(super) async fn review(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ReviewCustomerRequest,
) -> Result<ReviewCustomerResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    let center = rules::center_of(parts, &caller.tenant).await?;
    let before = parts.customers.get(&caller.tenant, &id).await?;
    let (now, review) = (parts.clock.now(), [Change::Reviewed(parts.clock.now())]);
    rules::check_leads(&before, &review)?;
    let customer = match before.change(review.to_vec()) {
        Some(reviewed) => {
            keep(parts, caller, &reviewed).await?;
            reviewed.customer
        }
        // A second review at the same moment says nothing new.
        None => before,
    };
    let customer = rules::shown(center.as_deref(), caller, now, customer);
    Ok(ReviewCustomerResponse { customer: Some(customer) })
}

async fn keep(
    parts: &CallerIdParts,
    caller: &Caller,
    changed: &ChangedCustomer,
) -> Result<(), ApiError> {
    let (tenant, now) = (&caller.tenant, parts.clock.now());
    // The line comes first: a change that is not on the trail is not made.
    parts.audit.append(tenant, &line(caller, changed, now)).await?;
    match parts.customers.save(tenant, changed, &caller.actor(), now).await {
        Err(StoreError::Conflict { .. }) => Err(stale(&changed.customer.id)),
        kept => Ok(kept?),
    }
}

pub(super) fn stale(id: &CustomerId) -> ApiError {
    ApiError::aborted("ETAG_STALE", "the customer has changed since it was read")
        .about("customer", id.as_str())
}

fn line(caller: &Caller, changed: &ChangedCustomer, at: Timestamp) -> AuditRecord {
    let Customer { id, version, .. } = &changed.customer;
    let detail = format!("{} to version {version}", changed.fields.join(", "));
    AuditRecord {
        detail: Some(detail),
        ..AuditRecord::of(caller, "customer.update", format!("customer/{id}"), at)
    }
}
