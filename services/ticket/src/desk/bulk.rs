//! Moves many tickets alike, each by itself, or says what would become of each.

use std::collections::BTreeSet;

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::move_ticket_result::Outcome;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use tonic::Code;

use crate::TicketParts;
use crate::api::moves::{self, Order};

/// The most tickets that are moved at once.
const MOST: usize = 100;

/// Gives what became of each ticket.
///
/// What a store that is away refuses ends the whole: the answer would be the same for the rest. A repeat
/// with the same etags moves only what was not moved.
pub(super) async fn run(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::MoveTicketsRequest,
) -> Result<wire::MoveTicketsResponse, ApiError> {
    let is_preview = request.validate_only;
    let orders = read(caller, request)?;
    let mut results = Vec::with_capacity(orders.len());
    for (ticket_id, order) in orders {
        let outcome = match one(parts, caller, &order, is_preview).await {
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

/// Reads the move of each ticket; one that makes no sense makes none for any of them.
fn read(
    caller: &Caller,
    request: wire::MoveTicketsRequest,
) -> Result<Vec<(String, Order)>, ApiError> {
    let tickets = field::list("tickets", request.tickets, MOST)?;
    let asked = field::required("move", request.r#move)?;
    if tickets.is_empty() {
        return Err(ApiError::missing("tickets"));
    }
    if !asked.ticket_id.is_empty() || !asked.etag.is_empty() {
        let expected = "empty: the tickets are named beside it";
        return Err(ApiError::invalid_unseen("move.ticket_id", expected));
    }
    let mut named = BTreeSet::new();
    let mut orders = Vec::with_capacity(tickets.len());
    for wire::MovedTicket { ticket_id, etag } in tickets {
        if !named.insert(ticket_id.clone()) {
            return Err(ApiError::invalid("tickets", &ticket_id, "each ticket once"));
        }
        let ticket = ticket_id.clone();
        let of_one = wire::MoveTicketRequest { ticket_id, etag, ..asked.clone() };
        orders.push((ticket, moves::read(caller, of_one)?));
    }
    Ok(orders)
}

async fn one(
    parts: &TicketParts,
    caller: &Caller,
    order: &Order,
    is_preview: bool,
) -> Result<wire::Ticket, ApiError> {
    if is_preview {
        let change = moves::judge(parts, caller, order).await?;
        return Ok(convert::ticket(change.ticket));
    }
    let moved = moves::carry_out(parts, caller, order).await?.ticket.unwrap_or_default();
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
