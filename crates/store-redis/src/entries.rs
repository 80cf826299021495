//! Stream entries and replies to events.
//!
//! All events of a step are one entry. Each has a place of its own: the entry has that of the last,
//! and those before it have the numbers before.

use redis::streams::StreamId;

use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::{FloorError, Stamp};
use switchboard_store::outbox::{OutboxEntry, OutboxId};

use crate::packed::{self, Packed};
use crate::replies::{corrupt, entity_of};

/// Reads one entry of the stream.
pub(crate) fn decode(tenant: &TenantId, entry: &StreamId) -> Result<Vec<OutboxEntry>, FloorError> {
    let packed: Vec<u8> = entry.get("e").ok_or_else(|| corrupt(&entry.id))?;
    let told = Told::read(&packed).ok_or_else(|| corrupt(&entry.id))?;
    let last = entry.id.parse().map_err(|_| corrupt(&entry.id))?;
    told.entries(tenant, last).ok_or_else(|| corrupt(&entry.id))
}

/// The events of a step with what they are stored with, as scripts pack them: for the stream and for
/// the reply.
pub(crate) struct Told {
    /// The events, in order.
    pub(crate) events: Vec<Event>,
    epoch: u64,
    at: Timestamp,
    wall: Timestamp,
    trace: String,
}

impl Told {
    /// Reads epoch, clock, wall, trace and events.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let Packed::List(values) = packed::value(bytes)? else { return None };
        let [epoch, at, wall, trace, events] = <[Packed; 5]>::try_from(values).ok()?;
        let time = |value: &Packed| value.text()?.parse().ok().map(Timestamp::from_millis);
        let Packed::List(events) = events else { return None };
        Some(Self {
            events: events.into_iter().map(event).collect::<Option<_>>()?,
            epoch: epoch.text()?.parse().ok()?,
            at: time(&at)?,
            wall: time(&wall)?,
            trace: trace.text()?.to_owned(),
        })
    }

    fn entries(&self, tenant: &TenantId, last: OutboxId) -> Option<Vec<OutboxEntry>> {
        let before = last.sequence.checked_sub(u64::try_from(self.events.len()).ok()?)?;
        let trace = Some(self.trace.clone()).filter(|trace| !trace.is_empty());
        let stamped = (before + 1..).zip(&self.events).map(|(sequence, event)| {
            let id = OutboxId::new(last.millis, sequence);
            let (epoch, at, wall, trace) = (self.epoch, self.at, self.wall, trace.clone());
            OutboxEntry::from_event(tenant, event, Stamp { epoch, id, at, wall, trace })
        });
        Some(stamped.collect())
    }
}

/// Reads kind and id of the entity, its version, the kind of event, and fields.
fn event(value: Packed) -> Option<Event> {
    let Packed::List(values) = value else { return None };
    let [entity, id, version, kind, fields] = <[Packed; 5]>::try_from(values).ok()?;
    Some(Event {
        entity: entity_of(entity.text()?, id.text()?)?,
        version: version.text()?.parse().ok()?,
        kind: EventKind::parse(kind.text()?)?,
        fields: fields.into_fields()?.into_iter().collect(),
    })
}

/// Reads a score that holds milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "scores are whole milliseconds")]
pub(crate) fn timestamp(score: f64) -> Timestamp {
    Timestamp::from_millis(score as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A step that told two events: `[1, 5, 6, "", [["floor", "", v, "barrier_opened", {}], …]]`.
    fn entry() -> StreamId {
        let mut packed = vec![0x95, 0x01, 0x05, 0x06, 0xa0, 0x92];
        for version in [1, 2] {
            packed.extend(b"\x95\xa5floor\xa0");
            packed.push(version);
            packed.extend(b"\xaebarrier_opened\x90");
        }
        let map =
            std::collections::HashMap::from([("e".to_owned(), redis::Value::BulkString(packed))]);
        StreamId { id: "7-9".to_owned(), map, ..StreamId::default() }
    }

    #[test]
    fn each_event_of_a_step_has_a_place_and_the_last_has_that_of_the_entry() {
        let tenant = TenantId::parse("acme").expect("a word is an id");

        let told = decode(&tenant, &entry()).expect("two events");

        let places: Vec<_> = told.iter().map(|entry| (entry.id, entry.version)).collect();
        assert_eq!(places, [(OutboxId::new(7, 8), 1), (OutboxId::new(7, 9), 2)]);
    }

    #[test]
    fn an_entry_whose_events_have_no_numbers_is_refused() {
        let tenant = TenantId::parse("acme").expect("a word is an id");
        let entry = StreamId { id: "7-1".to_owned(), ..entry() };

        assert!(decode(&tenant, &entry).is_err());
    }
}
