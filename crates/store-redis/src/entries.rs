//! Stream entries to outbox entries.

use std::collections::BTreeMap;

use redis::streams::StreamId;

use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::{FloorError, Stamp};
use switchboard_store::outbox::OutboxEntry;

use crate::replies::{corrupt, entity_of};

/// Reads one entry of the outbox.
pub(crate) fn decode(tenant: &TenantId, entry: &StreamId) -> Result<OutboxEntry, FloorError> {
    let mut meta = BTreeMap::new();
    let mut fields = BTreeMap::new();
    for (name, value) in &entry.map {
        let value: String =
            redis::from_redis_value_ref(value).map_err(|_| corrupt(&format!("{value:?}")))?;
        match name.strip_prefix('@') {
            Some(name) => meta.insert(name.to_owned(), value),
            None => fields.insert(name.clone(), value),
        };
    }
    let meta = |name: &str| meta.get(name).map(String::as_str).unwrap_or_default();
    let number = |name: &str| meta(name).parse::<i64>().map_err(|_| corrupt(&entry.id));
    let event = Event {
        entity: entity_of(meta("entity"), meta("id")).ok_or_else(|| corrupt(&entry.id))?,
        version: meta("version").parse().map_err(|_| corrupt(&entry.id))?,
        kind: EventKind::parse(meta("kind")).ok_or_else(|| corrupt(meta("kind")))?,
        fields,
    };
    let stamp = Stamp {
        epoch: meta("epoch").parse().map_err(|_| corrupt(&entry.id))?,
        id: entry.id.parse().map_err(|_| corrupt(&entry.id))?,
        at: Timestamp::from_millis(number("at")?),
        wall: Timestamp::from_millis(number("wall")?),
        trace: Some(meta("trace").to_owned()).filter(|trace| !trace.is_empty()),
    };
    Ok(OutboxEntry::from_event(tenant, &event, stamp))
}

/// Reads a score that holds milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "scores are whole milliseconds")]
pub(crate) fn timestamp(score: f64) -> Timestamp {
    Timestamp::from_millis(score as i64)
}
