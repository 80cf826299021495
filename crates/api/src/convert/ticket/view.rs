//! Lists of tickets under a name.

use switchboard_domain::ids::TicketViewId;
use switchboard_domain::time::Timestamp;
use switchboard_store::ticket_views::{SavedView, StandardView};

use super::{filter, said};
use crate::convert::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::ticket::v1 as wire;

const MAX_TITLE: usize = 100;

/// Puts a standard view on the wire.
pub fn standard(view: StandardView) -> wire::TicketView {
    wire::TicketView {
        view_id: view.as_str().to_owned(),
        title: view.title().to_owned(),
        filter: Some(filter::write(view.filter(None))),
        standard: true,
        ..wire::TicketView::default()
    }
}

/// Puts a saved view on the wire.
pub fn saved(view: SavedView) -> wire::TicketView {
    wire::TicketView {
        view_id: view.id.to_string(),
        title: view.title,
        filter: Some(filter::write(view.filter)),
        standard: false,
        owner: view.owner,
        department: view.department.unwrap_or_default(),
        update_time: Some(timestamp(view.saved_at)),
        etag: view.version.to_string(),
    }
}

/// Reads a view that somebody saves, as the first version of it.
pub fn read(view: wire::TicketView, owner: String, now: Timestamp) -> Result<SavedView, ApiError> {
    let id: TicketViewId = field::id("view_id", &view.view_id)?;
    if StandardView::named(id.as_str()).is_some() {
        return Err(ApiError::already_exists("ticket_view", id.as_str()));
    }
    let filter = filter::read("filter", &view.filter.unwrap_or_default())?;
    if filter.lasting.customer.is_some() || filter.lasting.interaction.is_some() {
        let expected = "a filter without a customer and without an interaction";
        return Err(ApiError::invalid_unseen("filter", expected));
    }
    if filter.lasting.parent.is_some() || filter.lasting.incident.is_some() {
        let expected = "a filter without a parent and without an incident";
        return Err(ApiError::invalid_unseen("filter", expected));
    }
    Ok(SavedView {
        id,
        title: field::required_text("title", view.title, MAX_TITLE)?,
        owner,
        department: said(field::word("department", view.department)?),
        filter,
        saved_at: now,
        version: 1,
    })
}
