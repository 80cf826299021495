//! Lists tickets: by what they are, or under the name of a view.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1::{ListTicketsRequest, ListTicketsResponse};
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{AgentId, TicketViewId};
use switchboard_store::ticket_views::{StandardView, ViewFilter};

use crate::TicketParts;
use crate::desk::shown;
use crate::policy::Policy;

/// Gives one page of what fits.
pub(super) async fn run(
    parts: &TicketParts,
    caller: &Caller,
    request: ListTicketsRequest,
) -> Result<ListTicketsResponse, ApiError> {
    let asked = convert::filter::read("", &convert::filter::of_list(&request))?;
    let wanted = match request.view_id.as_str() {
        "" => asked,
        view => in_view(parts, caller, view, asked).await?,
    };
    let now = parts.clock.now();
    let day_ends = if wanted.is_due_today {
        Policy::of(parts, &caller.tenant).await.day_ends(now)
    } else {
        now
    };
    let query = query(&request);
    let page = page::request(&query, request.page_size, &request.page_token)?;
    let found = parts.tickets.list(&caller.tenant, &wanted.at(now, day_ends), &page).await?;
    Ok(ListTicketsResponse {
        tickets: found.records.into_iter().map(convert::ticket).collect(),
        next_page_token: page::next(&query, &found.next),
    })
}

/// Gives what a view shows of what is asked for.
async fn in_view(
    parts: &TicketParts,
    caller: &Caller,
    name: &str,
    asked: ViewFilter,
) -> Result<ViewFilter, ApiError> {
    let Some(standard) = StandardView::named(name) else {
        let id: TicketViewId = field::id("view_id", name)?;
        return Ok(shown(parts, caller, &id).await?.filter.narrowed(asked));
    };
    if standard == StandardView::Team && asked.lasting.department.is_none() {
        return Err(ApiError::missing("department"));
    }
    let agent = AgentId::parse(caller.subject.as_str()).ok();
    Ok(standard.filter(agent).narrowed(asked))
}

/// Names what is asked for, so that a page token is good for it and for nothing else.
fn query(request: &ListTicketsRequest) -> String {
    let filters = ListTicketsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("tickets {filters:?}")
}
