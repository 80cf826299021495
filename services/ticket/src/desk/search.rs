//! Finds tickets by what was written about them.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1::{SearchTicketsRequest, SearchTicketsResponse};
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::customer::search::NameQuery;
use switchboard_domain::ticket::search::TextQuery;
use switchboard_store::audit::AuditRecord;
use switchboard_store::ticket_search::TicketSearch;

use super::DeskParts;

const MAX_QUERY: usize = 200;

/// Gives one page of what fits.
pub(super) async fn run(
    parts: &DeskParts,
    caller: &Caller,
    request: SearchTicketsRequest,
) -> Result<SearchTicketsResponse, ApiError> {
    let asked = field::required_text("query", request.query, MAX_QUERY)?;
    let texts = TextQuery::parse(&asked)
        .map_err(|_| ApiError::invalid_unseen("query", "a letter or a digit to search for"))?;
    let search = TicketSearch { texts, customer: NameQuery::parse(&asked).ok() };
    let query = format!("search {asked}");
    let (before, size) = page::before(&query, request.page_size, &request.page_token)?;
    let found = parts.finder.search(&caller.tenant, &search, size, before).await?;
    let now = parts.tickets.clock.now();
    // What was searched for may name somebody; the trail says only that somebody searched.
    let line = AuditRecord {
        detail: Some(format!("{} tickets", found.records.len())),
        ..AuditRecord::of(caller, "ticket.search", "tickets".to_owned(), now)
    };
    parts.tickets.audit.append(&caller.tenant, &line).await?;
    Ok(SearchTicketsResponse {
        tickets: found.records.into_iter().map(convert::ticket).collect(),
        next_page_token: page::next(&query, &found.next),
    })
}
