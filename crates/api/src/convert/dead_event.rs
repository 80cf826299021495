//! Events that could not be recorded.

use std::collections::BTreeMap;

use switchboard_store::outbox::OutboxPosition;
use switchboard_store::projection::DeadEntry;

use super::time::timestamp;
use crate::error::ApiError;
use crate::generated::recorder::v1 as wire;

/// Reads which dead event is meant.
pub fn place(field: &str, value: &str) -> Result<OutboxPosition, ApiError> {
    let expected = "the id of a dead event, such as 3.1700000000000-1";
    value.parse().map_err(|_| ApiError::invalid(field, value, expected))
}

/// Puts a dead event on the wire, without its particulars.
pub fn listed(dead: DeadEntry) -> wire::DeadEvent {
    wire::DeadEvent { fields: BTreeMap::new(), ..whole(dead) }
}

/// Puts a dead event on the wire.
pub fn whole(dead: DeadEntry) -> wire::DeadEvent {
    let DeadEntry { entry, reason, attempts, at, .. } = dead;
    wire::DeadEvent {
        dead_event_id: entry.position().to_string(),
        entity: entry.entity.to_string(),
        entity_id: entry.entity_id,
        version: entry.version,
        r#type: entry.kind,
        at: Some(timestamp(entry.wall)),
        fields: entry.fields,
        reason,
        attempts,
        buried_at: Some(timestamp(at)),
    }
}
