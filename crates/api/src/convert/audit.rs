//! The audit trail.

use switchboard_store::audit::{AuditFilter, AuditRecord};

use super::time::{timestamp, timestamp_field};
use crate::error::ApiError;
use crate::field;
use crate::generated::recorder::v1 as wire;

const MAX_ACTOR: usize = 256;
const MAX_OBJECT: usize = 128;

/// Reads which lines are wanted.
pub fn filter(request: &wire::ListAuditRecordsRequest) -> Result<AuditFilter, ApiError> {
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let from = request.start_time.map(|at| timestamp_field("start_time", at)).transpose()?;
    let until = request.end_time.map(|at| timestamp_field("end_time", at)).transpose()?;
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        return Err(ApiError::invalid_unseen("end_time", "a time after `start_time`"));
    }
    Ok(AuditFilter {
        customer: field::optional_id("customer_id", &request.customer_id)?,
        actor: given(field::text("actor", request.actor.clone(), MAX_ACTOR)?),
        object: given(field::text("object", request.object.clone(), MAX_OBJECT)?),
        from,
        until,
    })
}

/// Puts a line on the wire.
pub fn record(record: AuditRecord) -> wire::AuditRecord {
    wire::AuditRecord {
        time: Some(timestamp(record.at)),
        actor: record.actor,
        role: record.role,
        action: record.action,
        object: record.object,
        detail: record.detail.unwrap_or_default(),
    }
}
