//! What is past its time.

use std::collections::BTreeMap;

use switchboard_domain::retention::Kept;
use switchboard_store::retention::{PlannedRecords, RetentionRun};

use super::time::timestamp;
use crate::generated::recorder::v1 as wire;

/// What stands for the phase of a run that is over.
const DONE: &str = "done";

/// Puts what would go on the wire.
pub fn planned(records: PlannedRecords) -> wire::RetentionCount {
    wire::RetentionCount {
        kind: records.kept.to_string(),
        before: Some(timestamp(records.before)),
        count: records.due,
        held: records.held,
    }
}

/// Puts a run on the wire.
pub fn run(run: &RetentionRun) -> wire::RetentionRun {
    let count = |counts: &BTreeMap<Kept, u64>, kept| counts.get(kept).copied().unwrap_or_default();
    let records = run.cut_offs.iter().map(|(kept, before)| wire::RetentionCount {
        kind: kept.to_string(),
        before: Some(timestamp(*before)),
        count: count(&run.gone, kept),
        held: count(&run.held, kept),
    });
    wire::RetentionRun {
        run_id: run.id.clone(),
        phase: run.phase.map_or(DONE, Kept::as_str).to_owned(),
        records: records.collect(),
        start_time: Some(timestamp(run.started_at)),
        move_time: Some(timestamp(run.moved_at)),
        end_time: run.finished_at.map(timestamp),
    }
}
