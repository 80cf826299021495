//! Finds customers; who searched is on the audit trail before the answer is given.

use switchboard_api::callerid::v1::{SearchCustomersRequest, SearchCustomersResponse};
use switchboard_api::convert::customer as convert;
use switchboard_api::{ApiError, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::customer::Customer;
use switchboard_store::audit::AuditRecord;
use switchboard_store::customer_search::{CustomerSearch, SearchBy};
use switchboard_store::page::Page;

use super::rules;
use crate::CallerIdParts;

/// How often one request asks the store for those of a segment, which looks at many customers each time.
const MOST_PAGES: u32 = 20;

/// Gives a page of customers.
pub(super) async fn run(
    parts: &CallerIdParts,
    caller: &Caller,
    request: SearchCustomersRequest,
) -> Result<SearchCustomersResponse, ApiError> {
    let (size, token) = (request.page_size, request.page_token.clone());
    let center = rules::center_of(parts, &caller.tenant).await?;
    let (now, asked) = (parts.clock.now(), rules::asked(center.as_deref()));
    let query = query(&request);
    let search = convert::search(request, center.as_ref(), now)?;
    let (after, size) = page::after(&query, size, &token)?;
    let found = find(parts, caller, &search, (size, after)).await?;
    let line = AuditRecord {
        detail: Some(format!("{} customers by {}", found.records.len(), known_by(&search))),
        ..AuditRecord::of(caller, "customer.search", "customers".to_owned(), now)
    };
    parts.audit.append(&caller.tenant, &line).await?;
    Ok(SearchCustomersResponse {
        customers: found.records.into_iter().map(|it| rules::listed(&asked, now, it)).collect(),
        next_page_token: page::next(&query, &found.next),
    })
}

/// Looks for customers until some are found. For those of a segment many may have to be looked at: when
/// the store was asked so often the answer is empty, and the next request goes on.
async fn find(
    parts: &CallerIdParts,
    caller: &Caller,
    search: &CustomerSearch,
    (size, mut after): (u32, Option<String>),
) -> Result<Page<Customer>, ApiError> {
    let mut looked_at = 1;
    loop {
        let found = parts.finder.search(&caller.tenant, search, size, after.as_deref()).await?;
        let is_enough = search.segment.is_none() || looked_at >= MOST_PAGES;
        if is_enough || !found.records.is_empty() || found.next.is_empty() {
            return Ok(found);
        }
        after = Some(found.next);
        looked_at += 1;
    }
}

/// Tells one search from another for page tokens, whatever page it asks for.
fn query(request: &SearchCustomersRequest) -> String {
    let bare =
        SearchCustomersRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("customer search {bare:?}")
}

fn known_by(search: &CustomerSearch) -> &'static str {
    match &search.by {
        SearchBy::Name(_) => "name",
        SearchBy::Number(_) => "number ending",
        SearchBy::ExternalId(_) => "external id",
        SearchBy::Nothing => "owner, tier, finding and segment",
    }
}
