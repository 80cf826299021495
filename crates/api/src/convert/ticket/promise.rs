//! What customers were told would be done by when.

use std::time::Duration;

use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::AgentId;
use switchboard_domain::promise::{Promise, PromiseEnd, PromiseState};
use switchboard_domain::time::Timestamp;
use switchboard_store::promises::PromiseFilter;

use super::{or_empty, said};
use crate::convert::time::{timestamp, timestamp_field};
use crate::error::ApiError;
use crate::field;
use crate::generated::ticket::v1 as wire;

const MAX_WHAT: usize = 500;
const MAX_NOTE: usize = 1_000;
/// The furthest that anybody may promise ahead.
const MAX_AHEAD: Duration = Duration::from_hours(366 * 24);

/// Puts a promise on the wire.
pub fn promise(promise: Promise) -> wire::Promise {
    let ended = promise.ended;
    wire::Promise {
        promise_id: promise.id.to_string(),
        ticket_id: or_empty(promise.ticket),
        customer_id: or_empty(promise.customer),
        what: promise.what,
        owner_agent_id: or_empty(promise.owner),
        due_time: Some(timestamp(promise.due_at)),
        state: state(promise.state).into(),
        made_by: promise.made_by,
        make_time: Some(timestamp(promise.made_at)),
        end_time: ended.as_ref().map(|ended| timestamp(ended.at)),
        ended_by: ended.as_ref().map(|ended| ended.by.clone()).unwrap_or_default(),
        note: ended.and_then(|ended| ended.note).unwrap_or_default(),
        etag: promise.version.to_string(),
    }
}

/// Reads a promise that somebody gives now; whether its ticket and customer belong together is for
/// whoever knows the ticket.
pub fn new_promise(
    request: wire::MakePromiseRequest,
    caller: &Caller,
    now: Timestamp,
) -> Result<Promise, ApiError> {
    let due_at = timestamp_field("due_time", field::required("due_time", request.due_time)?)?;
    if due_at <= now || due_at > now + MAX_AHEAD {
        let expected = "a time later than now, at most a year ahead";
        return Err(ApiError::invalid("due_time", &due_at.to_string(), expected));
    }
    let own = match caller.role {
        Role::Agent => AgentId::parse(caller.subject.as_str()).ok(),
        Role::Gateway | Role::Supervisor | Role::Admin => None,
    };
    let promise = Promise {
        id: field::id("promise_id", &request.promise_id)?,
        ticket: field::optional_id("ticket_id", &request.ticket_id)?,
        customer: field::optional_id("customer_id", &request.customer_id)?,
        what: field::required_text("what", request.what, MAX_WHAT)?,
        owner: field::optional_id("owner_agent_id", &request.owner_agent_id)?.or(own),
        due_at,
        state: PromiseState::Open,
        made_by: caller.actor(),
        made_at: now,
        ended: None,
        version: 1,
    };
    if promise.ticket.is_none() && promise.customer.is_none() {
        return Err(ApiError::missing("customer_id"));
    }
    Ok(promise)
}

/// Reads the filters of a list.
pub fn filter(request: &wire::ListPromisesRequest) -> Result<PromiseFilter, ApiError> {
    let asked = field::known::<wire::PromiseState>("state", request.state)?;
    Ok(PromiseFilter {
        state: PromiseState::ALL.into_iter().find(|known| state(*known) == asked),
        ticket: field::optional_id("ticket_id", &request.ticket_id)?,
        customer: field::optional_id("customer_id", &request.customer_id)?,
        owner: field::optional_id("owner_agent_id", &request.owner_agent_id)?,
        due_before: request
            .due_before
            .map(|before| timestamp_field("due_before", before))
            .transpose()?,
    })
}

/// Reads how a promise ends, and why; only what was kept needs no reason.
pub fn end(end: i32, note: String) -> Result<(PromiseEnd, Option<String>), ApiError> {
    let note = said(field::text("note", note, MAX_NOTE)?);
    let end = match field::known::<wire::PromiseEnd>("end", end)? {
        wire::PromiseEnd::Unspecified => return Err(ApiError::missing("end")),
        wire::PromiseEnd::Keep => PromiseEnd::Keep,
        wire::PromiseEnd::Break => PromiseEnd::Break,
        wire::PromiseEnd::Withdraw => PromiseEnd::Withdraw,
    };
    if end != PromiseEnd::Keep && note.is_none() {
        return Err(ApiError::missing("note"));
    }
    Ok((end, note))
}

const fn state(state: PromiseState) -> wire::PromiseState {
    match state {
        PromiseState::Open => wire::PromiseState::Open,
        PromiseState::Kept => wire::PromiseState::Kept,
        PromiseState::Broken => wire::PromiseState::Broken,
        PromiseState::Withdrawn => wire::PromiseState::Withdrawn,
    }
}
