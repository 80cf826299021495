//! Calls that customers were promised: asked for, listed, taken back.

use std::time::Duration;

use switchboard_api::convert::history::Numbers;
use switchboard_api::convert::time::{duration_field, timestamp};
use switchboard_api::queue::v1 as wire;
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::Contact;
use switchboard_domain::ids::{ContactId, QueueId, TenantId};
use switchboard_routing::callbacks::{self, Wanted};
use switchboard_store::audit::AuditRecord;

use super::position;
use crate::QueueParts;
use crate::refusal::routing_error;

/// The furthest a callback may lie ahead.
const MAX_AHEAD: Duration = Duration::from_hours(24 * 31);

/// Promises a waiting caller a call.
pub(super) async fn request(
    parts: &QueueParts,
    caller: &Caller,
    asked: &wire::RequestCallbackRequest,
) -> Result<wire::Callback, ApiError> {
    let id: ContactId = field::id("contact_id", &asked.contact_id)?;
    let wanted = Wanted {
        id: field::optional_id("callback_id", &asked.callback_id)?,
        opens_in: duration_field("opens_in", asked.opens_in, MAX_AHEAD)?,
        closes_in: match asked.closes_in {
            Some(_) => Some(duration_field("closes_in", asked.closes_in, MAX_AHEAD)?),
            None => None,
        },
        by: &caller.subject,
    };
    if wanted.closes_in.is_some_and(|closes_in| closes_in <= wanted.opens_in) {
        return Err(ApiError::invalid_unseen("closes_in", "more than `opens_in`"));
    }
    let found = parts.floors.floor().contact(&caller.tenant, &id).await?;
    let contact = found.ok_or_else(|| ApiError::not_found("contact", id.as_str()))?;
    if caller.role == Role::Gateway && caller.gateway().as_ref() != Some(&contact.gateway) {
        return Err(Rejection::OtherGateway.into());
    }
    let booked = callbacks::request(&parts.floors, &caller.tenant, &id, &contact, wanted).await;
    let callback = booked.map_err(routing_error)?;
    match read(parts, caller, &callback).await? {
        Some(callback) => Ok(callback),
        None => open_one(parts, caller, &contact).await,
    }
}

/// Finds the callback that the caller already had.
async fn open_one(
    parts: &QueueParts,
    caller: &Caller,
    of: &Contact,
) -> Result<wire::Callback, ApiError> {
    let queue = |contact: &Contact| contact.place.as_ref().map(|place| place.queue.clone());
    for id in parts.floors.floor().callbacks(&caller.tenant).await? {
        let found = parts.floors.floor().contact(&caller.tenant, &id).await?;
        let is_same = |other: &Contact| other.caller == of.caller && queue(other) == queue(of);
        if let Some(contact) = found.filter(is_same) {
            return shown(parts, &caller.tenant, (&id, &contact), numbers(caller.role)).await;
        }
    }
    Err(ApiError::not_found("callback", ""))
}

/// Lists open callbacks, queue by queue, those to be made next first.
pub(super) async fn list(
    parts: &QueueParts,
    caller: &Caller,
    asked: &wire::ListCallbacksRequest,
) -> Result<wire::ListCallbacksResponse, ApiError> {
    let queue: Option<QueueId> = field::optional_id("queue_id", &asked.queue_id)?;
    let mut open = Vec::new();
    for id in parts.floors.floor().callbacks(&caller.tenant).await? {
        let Some(contact) = parts.floors.floor().contact(&caller.tenant, &id).await? else {
            continue;
        };
        let Some(place) = contact.place.clone() else { continue };
        if queue.as_ref().is_none_or(|queue| *queue == place.queue) {
            let key = format!("{} {:020} {:020}", place.queue, order(place.rank), place.sequence);
            open.push((key, id, contact));
        }
    }
    open.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let query = format!("callbacks queue={}", asked.queue_id);
    let wanted = (asked.page_size, asked.page_token.as_str());
    let key = |(key, ..): &(String, ContactId, Contact)| key.clone();
    let (page, next_page_token) = page::of_list(&query, wanted, open, key)?;
    let now = parts.floors.clock().now();
    let mut callbacks = Vec::with_capacity(page.len());
    for (_, id, contact) in page {
        callbacks.push(shown(parts, &caller.tenant, (&id, &contact), Numbers::Masked).await?);
    }
    let line = AuditRecord::of(caller, "callback.list", "callbacks".to_owned(), now);
    let line = line.with_detail(format!("{} callbacks", callbacks.len()));
    parts.reads.keep(&caller.tenant, line)?;
    Ok(wire::ListCallbacksResponse { callbacks, next_page_token })
}

/// Makes ranks sort as texts, below zero too.
fn order(rank: i64) -> u64 {
    rank.cast_unsigned() ^ (1 << 63)
}

/// Takes a callback back.
pub(super) async fn cancel(
    parts: &QueueParts,
    caller: &Caller,
    asked: &wire::CancelCallbackRequest,
) -> Result<wire::Callback, ApiError> {
    let id: ContactId = field::id("callback_id", &asked.callback_id)?;
    let missing = || ApiError::not_found("callback", id.as_str());
    if read(parts, caller, &id).await?.is_none() {
        return Err(missing());
    }
    let command = Command::CancelCallback { contact: id.clone(), by: caller.subject.clone() };
    parts.floors.apply(&caller.tenant, command).await.map_err(routing_error)?;
    read(parts, caller, &id).await?.ok_or_else(missing)
}

/// Reads a callback; nothing for a contact that is none.
async fn read(
    parts: &QueueParts,
    caller: &Caller,
    id: &ContactId,
) -> Result<Option<wire::Callback>, ApiError> {
    let found = parts.floors.floor().contact(&caller.tenant, id).await?;
    match found.filter(|contact| contact.callback.is_some()) {
        Some(contact) => {
            let numbers = numbers(caller.role);
            shown(parts, &caller.tenant, (id, &contact), numbers).await.map(Some)
        }
        None => Ok(None),
    }
}

async fn shown(
    parts: &QueueParts,
    tenant: &TenantId,
    (id, contact): (&ContactId, &Contact),
    numbers: Numbers,
) -> Result<wire::Callback, ApiError> {
    let position = position(parts, tenant, (id, contact)).await?;
    let details = Details::decode(&contact.details);
    let number = details.get("calling_number").or_else(|| details.get("calling_raw"));
    let number = number.unwrap_or_default();
    let place = contact.place.as_ref();
    let times = contact.callback.as_ref();
    Ok(wire::Callback {
        callback_id: id.to_string(),
        queue_id: place.map(|place| place.queue.to_string()).unwrap_or_default(),
        number: numbers.of(number.to_owned()),
        customer_id: details.get("customer").unwrap_or_default().to_owned(),
        state: contact.state.name().to_owned(),
        waiting_since: place.map(|place| timestamp(place.enqueued_at)),
        opens_at: times.map(|times| timestamp(times.opens_at)),
        closes_at: times.map(|times| timestamp(times.closes_at)),
        attempts: times.map_or(0, |times| times.attempts),
        position,
    })
}

/// Says how much of a customer's number the answer to one callback shows.
const fn numbers(role: Role) -> Numbers {
    match role {
        Role::Agent => Numbers::Masked,
        Role::Gateway | Role::Supervisor | Role::Admin => Numbers::Shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_sort_as_texts_also_below_zero() {
        let texts = [i64::MIN, -5, 0, 7, i64::MAX].map(|rank| format!("{:020}", order(rank)));

        assert!(texts.is_sorted(), "{texts:?}");
    }
}
