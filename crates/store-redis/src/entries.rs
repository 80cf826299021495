//! Stream entries and replies to events.

use redis::streams::StreamId;

use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::{FloorError, Stamp};
use switchboard_store::outbox::{OutboxEntry, OutboxId};

use crate::packed::{self, Packed};
use crate::replies::{corrupt, entity_of};

/// Reads one entry of the outbox.
pub(crate) fn decode(tenant: &TenantId, entry: &StreamId) -> Result<OutboxEntry, FloorError> {
    let packed: Vec<u8> = entry.get("e").ok_or_else(|| corrupt(&entry.id))?;
    let told = Told::read(&packed).ok_or_else(|| corrupt(&entry.id))?;
    let id = entry.id.parse().map_err(|_| corrupt(&entry.id))?;
    Ok(OutboxEntry::from_event(tenant, &told.event, told.stamp(id)))
}

/// An event with what it is stored with, as scripts pack it: for the stream and for the reply.
pub(crate) struct Told {
    /// The event.
    pub(crate) event: Event,
    epoch: u64,
    at: Timestamp,
    wall: Timestamp,
    trace: String,
}

impl Told {
    /// Reads epoch, kind and id of the entity, version, kind of event, clock, wall, trace, fields.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let Packed::List(values) = packed::value(bytes)? else { return None };
        let [texts @ .., fields] = <[Packed; 9]>::try_from(values).ok()?;
        let [epoch, entity, id, version, kind, at, wall, trace] = &texts;
        let time = |value: &Packed| value.text()?.parse().ok().map(Timestamp::from_millis);
        let event = Event {
            entity: entity_of(entity.text()?, id.text()?)?,
            version: version.text()?.parse().ok()?,
            kind: EventKind::parse(kind.text()?)?,
            fields: fields.into_fields()?.into_iter().collect(),
        };
        Some(Self {
            event,
            epoch: epoch.text()?.parse().ok()?,
            at: time(at)?,
            wall: time(wall)?,
            trace: trace.text()?.to_owned(),
        })
    }

    fn stamp(&self, id: OutboxId) -> Stamp {
        let trace = Some(self.trace.clone()).filter(|trace| !trace.is_empty());
        Stamp { epoch: self.epoch, id, at: self.at, wall: self.wall, trace }
    }
}

/// Reads a score that holds milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "scores are whole milliseconds")]
pub(crate) fn timestamp(score: f64) -> Timestamp {
    Timestamp::from_millis(score as i64)
}
