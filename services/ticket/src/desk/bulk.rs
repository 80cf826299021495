//! Moves many tickets alike, by one move or by a macro, each by itself, or says what would become of each.

use std::collections::BTreeSet;

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::move_ticket_result::Outcome;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::MacroId;
use tonic::Code;

use super::{DeskParts, macros};
use crate::api::moves::{self, Order};

/// The most tickets that are moved at once.
const MOST: usize = 100;

/// What is done with one ticket.
enum Deed {
    Move(Box<Order>),
    Macro(macros::Order),
}

/// Gives what became of each ticket.
///
/// What a store that is away refuses ends the whole: the answer would be the same for the rest. A repeat
/// with the same etags moves only what was not moved.
pub(super) async fn run(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::MoveTicketsRequest,
) -> Result<wire::MoveTicketsResponse, ApiError> {
    let is_preview = request.validate_only;
    let deeds = read(caller, request)?;
    let mut results = Vec::with_capacity(deeds.len());
    for (ticket_id, deed) in deeds {
        let outcome = match one(parts, caller, &deed, is_preview).await {
            Ok(ticket) => Outcome::Moved(ticket),
            Err(error) if matches!(error.code(), Code::Unavailable | Code::Internal) => {
                return Err(error);
            }
            Err(error) => Outcome::Refused(refusal(&error)),
        };
        results.push(wire::MoveTicketResult { ticket_id, outcome: Some(outcome) });
    }
    Ok(wire::MoveTicketsResponse { results })
}

/// Reads what is done with each ticket; one that makes no sense is done with none of them.
fn read(
    caller: &Caller,
    request: wire::MoveTicketsRequest,
) -> Result<Vec<(String, Deed)>, ApiError> {
    let tickets = field::list("tickets", request.tickets, MOST)?;
    let prepared: Option<MacroId> = field::optional_id("macro_id", &request.macro_id)?;
    let asked = match (&prepared, request.r#move) {
        (Some(_), Some(_)) => return Err(ApiError::invalid_unseen("macro_id", "empty for a move")),
        (Some(_), None) => wire::MoveTicketRequest::default(),
        (None, asked) => field::required("move", asked)?,
    };
    if tickets.is_empty() {
        return Err(ApiError::missing("tickets"));
    }
    if !asked.ticket_id.is_empty() || !asked.etag.is_empty() {
        let expected = "empty: the tickets are named beside it";
        return Err(ApiError::invalid_unseen("move.ticket_id", expected));
    }
    let mut named = BTreeSet::new();
    let mut deeds = Vec::with_capacity(tickets.len());
    for wire::MovedTicket { ticket_id, etag } in tickets {
        if !named.insert(ticket_id.clone()) {
            return Err(ApiError::invalid("tickets", &ticket_id, "each ticket once"));
        }
        let ticket = ticket_id.clone();
        let deed = if let Some(applied) = &prepared {
            Deed::Macro(macros::Order {
                id: field::id("ticket_id", &ticket_id)?,
                etag: field::etag("etag", &etag)?,
                applied: applied.clone(),
                request_id: None,
            })
        } else {
            let of_one = wire::MoveTicketRequest { ticket_id, etag, ..asked.clone() };
            Deed::Move(Box::new(moves::read(caller, of_one)?))
        };
        deeds.push((ticket, deed));
    }
    Ok(deeds)
}

async fn one(
    parts: &DeskParts,
    caller: &Caller,
    deed: &Deed,
    is_preview: bool,
) -> Result<wire::Ticket, ApiError> {
    let moved = match deed {
        Deed::Move(order) if is_preview => {
            let change = moves::judge(&parts.tickets, caller, order).await?;
            Some(convert::ticket(change.ticket))
        }
        Deed::Macro(order) if is_preview => Some(macros::preview(parts, caller, order).await?),
        Deed::Move(order) => moves::carry_out(&parts.tickets, caller, order).await?.ticket,
        Deed::Macro(order) => macros::carry_out(parts, caller, order).await?.ticket,
    };
    let moved = moved.unwrap_or_default();
    Ok(wire::Ticket { events: vec![], stage_times: None, clocks: vec![], ..moved })
}

/// Puts a refusal on the wire.
pub(crate) fn refusal(error: &ApiError) -> wire::MoveRefusal {
    let particulars = error.metadata().iter();
    wire::MoveRefusal {
        reason: error.reason().to_owned(),
        message: error.to_string(),
        particulars: particulars.map(|(name, text)| (name.clone(), text.clone())).collect(),
    }
}
