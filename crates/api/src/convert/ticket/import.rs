//! Tickets of other systems.

use switchboard_domain::ticket::{Ended, TicketKinds};
use switchboard_domain::time::Timestamp;
use switchboard_store::ticket_transfers::ImportedTicket;
use switchboard_store::tickets::TicketOrder;

use super::{MAX_NOTE, new_ticket};
use crate::convert::customer::other_name;
use crate::convert::time::timestamp_field;
use crate::error::ApiError;
use crate::field;
use crate::generated::ticket::v1 as wire;

/// Reads a ticket of another system; `actor` imports it now.
pub fn imported(
    mut given: wire::ImportedTicket,
    kinds: &TicketKinds,
    actor: String,
    now: Timestamp,
) -> Result<ImportedTicket, ApiError> {
    let reference = std::mem::take(&mut given.reference);
    let id = field::id("reference", &reference)?;
    let made = field::required("create_time", given.create_time)?;
    let at = within("create_time", timestamp_field("create_time", made)?, (Timestamp::ZERO, now))?;
    let of = other_name(&given.customer_id, given.customer_external_id.as_ref())?;
    let ended = ended(&mut given, (at, now))?;
    let ticket = new_ticket(
        wire::CreateTicketRequest {
            subject: given.subject,
            description: given.description,
            customer_id: given.customer_id,
            department: given.department,
            priority: given.priority,
            kind: given.kind,
            category: given.category,
            medium: given.medium,
            ..wire::CreateTicketRequest::default()
        },
        kinds,
    )?;
    let order = TicketOrder { id, request_id: reference, actor, at, ticket, joins_since: None };
    Ok(ImportedTicket { order, of, ended })
}

fn ended(
    given: &mut wire::ImportedTicket,
    (made, now): (Timestamp, Timestamp),
) -> Result<Option<Ended>, ApiError> {
    let resolution = std::mem::take(&mut given.resolution);
    match field::known::<wire::ImportedState>("state", given.state)? {
        wire::ImportedState::Unspecified | wire::ImportedState::Open => {
            let (field, is_set) = if given.close_time.is_some() {
                ("close_time", true)
            } else {
                ("resolution", !resolution.trim().is_empty())
            };
            let expected = "nothing while `state` is open";
            if is_set { Err(ApiError::invalid_unseen(field, expected)) } else { Ok(None) }
        }
        wire::ImportedState::Closed => {
            let resolution = field::required_text("resolution", resolution, MAX_NOTE)?;
            let at = given.close_time.map_or(Ok(made), |it| timestamp_field("close_time", it))?;
            let at = within("close_time", at, (made, now))?;
            Ok(Some(Ended { resolution, at }))
        }
    }
}

/// Refuses a time that is not from one to another, both included.
fn within(
    field: &str,
    time: Timestamp,
    (from, until): (Timestamp, Timestamp),
) -> Result<Timestamp, ApiError> {
    if (from..=until).contains(&time) {
        return Ok(time);
    }
    let first = if from == Timestamp::ZERO { "1970" } else { "`create_time`" };
    Err(ApiError::invalid_unseen(field, format!("a time from {first} to now")))
}
