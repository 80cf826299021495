//! Lists tickets: by what they are, or under the name of a view.

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1::{ListTicketsRequest, ListTicketsResponse};
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TicketViewId;
use switchboard_store::audit::{AuditRecord, list_of};
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
    let (wanted, version) = match request.view_id.as_str() {
        "" => (asked, 0),
        view => in_view(parts, caller, view, asked).await?,
    };
    let wanted = wanted.asked_by(caller.actor());
    let customer = wanted.lasting.customer.clone();
    let now = parts.clock.now();
    let day_ends = if wanted.is_due_today {
        Policy::of(parts, &caller.tenant).await.day_ends(now)
    } else {
        now
    };
    let query = query(&request, version);
    let page = page::request(&query, request.page_size, &request.page_token)?;
    let found = parts.tickets.list(&caller.tenant, &wanted.at(now, day_ends), &page).await?;
    let object = list_of(customer.as_ref(), "tickets");
    let line = AuditRecord::of(caller, "ticket.list", object, now);
    let line = line.with_detail(format!("{} tickets", found.records.len()));
    parts.reads.keep(&caller.tenant, line)?;
    Ok(ListTicketsResponse {
        tickets: found.records.into_iter().map(convert::ticket).collect(),
        next_page_token: page::next(&query, &found.next),
    })
}

/// Gives what a view shows of what is asked for, and the view's version; 0 for a standard one.
async fn in_view(
    parts: &TicketParts,
    caller: &Caller,
    name: &str,
    asked: ViewFilter,
) -> Result<(ViewFilter, u64), ApiError> {
    let Some(standard) = StandardView::named(name) else {
        let id: TicketViewId = field::id("view_id", name)?;
        let view = shown(parts, caller, &id).await?;
        return Ok((view.filter.narrowed(asked), view.version));
    };
    if standard == StandardView::Team && asked.lasting.department.is_none() {
        return Err(ApiError::missing("department"));
    }
    let agent = caller.agent();
    if standard == StandardView::Mine && agent.is_none() && asked.lasting.assignee.is_none() {
        let message = "only agents have tickets of their own: name one in `agent_id`";
        return Err(ApiError::failed_precondition("VIEW_OF_AGENTS", message)
            .with("view_id", name)
            .with("role", caller.role.as_str()));
    }
    Ok((standard.filter(agent).narrowed(asked), 0))
}

/// Names what is asked for, so that a page token is good for it and for nothing else: not for what a view
/// shows after it was changed.
fn query(request: &ListTicketsRequest, view_version: u64) -> String {
    let filters = ListTicketsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("tickets {view_version} {filters:?}")
}
