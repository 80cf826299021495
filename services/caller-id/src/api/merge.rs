//! Brings records of one customer together, and parts them again.

use std::cmp::Reverse;
use std::time::Duration;

use switchboard_api::callerid::v1::{
    Customer as WireCustomer, ListDuplicatesRequest, ListDuplicatesResponse, MergeCustomersRequest,
    MergeCustomersResponse, UndoMergeRequest, UndoMergeResponse,
};
use switchboard_api::convert::customer as convert;
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::customer::{Customer, Duplicate};
use switchboard_domain::ids::CustomerId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::customer_merges::{LookAlikes, MergeOrder};
use switchboard_store::error::StoreError;

use super::{rules, update};
use crate::CallerIdParts;

/// How long a merge can be undone.
const UNDO_WINDOW: Duration = Duration::from_hours(30 * 24);

/// Gives pairs of records that may be about one customer.
pub(super) async fn duplicates(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ListDuplicatesRequest,
) -> Result<ListDuplicatesResponse, ApiError> {
    let of: Option<CustomerId> = field::optional_id("customer_id", &request.customer_id)?;
    let query = format!("duplicates {}", request.customer_id);
    let (after, size) = page::after(&query, request.page_size, &request.page_token)?;
    let after = after.map(|after| field::id("page_token", &after)).transpose()?;
    let LookAlikes { pairs, next } = match &of {
        Some(id) => parts.merges.look_alikes_of(&caller.tenant, id).await?,
        None => parts.merges.look_alikes(&caller.tenant, after.as_ref(), size).await?,
    };
    let found = pairs.into_iter().filter_map(|(one, other)| Duplicate::of(one, other));
    let mut found: Vec<Duplicate> = found.collect();
    found.sort_by_key(|duplicate| Reverse(duplicate.score));
    let line = AuditRecord {
        detail: Some(format!("{} duplicates", found.len())),
        ..AuditRecord::of(caller, "customer.list", "customers".to_owned(), parts.clock.now())
    };
    parts.audit.append(&caller.tenant, &line).await?;
    Ok(ListDuplicatesResponse {
        duplicates: found.into_iter().map(convert::duplicate).collect(),
        next_page_token: next.map(|id| page::next(&query, id.as_str())).unwrap_or_default(),
    })
}

/// Lets one record lead for another from the next call on.
pub(super) async fn merge(
    parts: &CallerIdParts,
    caller: &Caller,
    request: MergeCustomersRequest,
) -> Result<MergeCustomersResponse, ApiError> {
    let winner: CustomerId = field::id("winner_id", &request.winner_id)?;
    let loser: CustomerId = field::id("loser_id", &request.loser_id)?;
    if winner == loser {
        let expected = "another customer than `winner_id`";
        return Err(ApiError::invalid("loser_id", loser.as_str(), expected));
    }
    let winner = leading(parts, caller, &winner, ("winner_etag", &request.winner_etag)).await?;
    let loser = leading(parts, caller, &loser, ("loser_etag", &request.loser_etag)).await?;
    let order = MergeOrder {
        winner: winner.id.clone(),
        winner_version: winner.version,
        loser: loser.id.clone(),
        loser_version: loser.version,
        actor: caller.actor(),
        at: parts.clock.now(),
    };
    // The line comes first: a merge that is not on the trail is not made.
    tell(parts, caller, "customer.merge", &loser.id, &winner.id).await?;
    match parts.merges.merge(&caller.tenant, &order).await {
        Err(StoreError::Conflict { .. }) => return Err(update::stale(&loser.id)),
        done => done?,
    }
    let winner = again(parts, caller, &winner.id).await?;
    Ok(MergeCustomersResponse { winner: Some(winner) })
}

/// Takes a merge back.
pub(super) async fn undo(
    parts: &CallerIdParts,
    caller: &Caller,
    request: UndoMergeRequest,
) -> Result<UndoMergeResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    // Nobody by this id is another answer than nobody merged.
    parts.customers.get(&caller.tenant, &id).await?;
    let Some(merge) = parts.merges.merge_of(&caller.tenant, &id).await? else {
        let message = "the customer is not merged into another one";
        return Err(ApiError::failed_precondition("CUSTOMER_NOT_MERGED", message)
            .about("customer", id.as_str()));
    };
    let now = parts.clock.now();
    if now.since(merge.at) > UNDO_WINDOW {
        let message = "a merge can be undone for 30 days";
        return Err(
            ApiError::failed_precondition("UNDO_EXPIRED", message).about("customer", id.as_str())
        );
    }
    tell(parts, caller, "customer.unmerge", &id, &merge.winner).await?;
    match parts.merges.unmerge(&caller.tenant, &id, &caller.actor(), now).await {
        Err(StoreError::Conflict { .. }) => return Err(update::stale(&id)),
        done => done?,
    }
    let customer = again(parts, caller, &id).await?;
    Ok(UndoMergeResponse { customer: Some(customer) })
}

/// Gives a record for which no other one leads, if it is at its etag.
async fn leading(
    parts: &CallerIdParts,
    caller: &Caller,
    id: &CustomerId,
    (name, etag): (&str, &str),
) -> Result<Customer, ApiError> {
    let etag = field::etag(name, etag)?;
    let customer = parts.customers.get(&caller.tenant, id).await?;
    if let Some(winner) = &customer.merged_into {
        return Err(convert::merged(&customer.id, winner));
    }
    match etag {
        Some(etag) if etag != customer.version => Err(update::stale(id)),
        Some(_) | None => Ok(customer),
    }
}

async fn tell(
    parts: &CallerIdParts,
    caller: &Caller,
    action: &str,
    loser: &CustomerId,
    winner: &CustomerId,
) -> Result<(), ApiError> {
    let object = format!("customer/{loser}");
    let line = AuditRecord {
        detail: Some(format!("customer/{winner}")),
        ..AuditRecord::of(caller, action, object, parts.clock.now())
    };
    Ok(parts.audit.append(&caller.tenant, &line).await?)
}

/// Gives a record as it is kept.
async fn again(
    parts: &CallerIdParts,
    caller: &Caller,
    id: &CustomerId,
) -> Result<WireCustomer, ApiError> {
    let center = rules::center_of(parts, &caller.tenant).await?;
    let customer = parts.customers.get(&caller.tenant, id).await?;
    Ok(rules::shown(center.as_deref(), caller, parts.clock.now(), customer))
}
