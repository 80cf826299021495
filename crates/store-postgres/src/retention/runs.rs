//! The row of a run: begun, found, locked, moved on.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::types::Json;

use switchboard_domain::retention::{CutOffs, Kept};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::retention::RetentionRun;

use super::walk::Place;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

const DONE: &str = "done";
const COLUMNS: &str = "retention_runs";

/// A run, and how far its phase has come.
pub(super) struct Progress {
    pub(super) run: RetentionRun,
    pub(super) place: Place,
}

/// Begins a run, unless one is under way or there was one of this name; gives the one under way.
pub(super) async fn begin(
    scope: &mut TenantScope<'_>,
    id: &str,
    cut_offs: &CutOffs,
    now: Timestamp,
) -> Result<Option<RetentionRun>, StoreError> {
    let millis = cut_offs.iter().map(|(kept, before)| (kept.as_str(), before.as_millis()));
    sqlx::query(
        "INSERT INTO retention_runs (tenant_id, id, phase, cut_offs, started_at, moved_at)
         SELECT $1, $2, $3, $4, $5, $5
         WHERE NOT EXISTS (
             SELECT FROM retention_runs
             WHERE tenant_id = $1 AND (id = $2 OR finished_at IS NULL)
         )
         ON CONFLICT DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(id)
    .bind(Kept::ALL.first().copied().map(Kept::as_str))
    .bind(Json(millis.collect::<BTreeMap<_, _>>()))
    .bind(At(now))
    .execute(scope.connection())
    .await
    .map_err(about("a retention run"))?;
    let row = sqlx::query(
        "SELECT id, phase, cut_offs, gone, held, started_at, moved_at, finished_at
         FROM retention_runs
         WHERE tenant_id = $1 AND finished_at IS NULL",
    )
    .bind(scope.tenant)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the retention run"))?;
    row.as_ref().map(read).transpose()
}

/// Gives the run that began last.
pub(super) async fn latest(
    scope: &mut TenantScope<'_>,
) -> Result<Option<RetentionRun>, StoreError> {
    let row = sqlx::query(
        "SELECT id, phase, cut_offs, gone, held, started_at, moved_at, finished_at
         FROM retention_runs
         WHERE tenant_id = $1
         ORDER BY started_at DESC, id DESC
         LIMIT 1",
    )
    .bind(scope.tenant)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the last retention run"))?;
    row.as_ref().map(read).transpose()
}

/// Gives the latest time before which records of a kind went.
pub(super) async fn last_cut_off(
    scope: &mut TenantScope<'_>,
    kept: Kept,
) -> Result<Option<Timestamp>, StoreError> {
    let millis: Option<i64> = sqlx::query_scalar(
        "SELECT max((cut_offs ->> $2)::bigint) FROM retention_runs WHERE tenant_id = $1",
    )
    .bind(scope.tenant)
    .bind(kept.as_str())
    .fetch_one(scope.connection())
    .await
    .map_err(about("the retention runs"))?;
    Ok(millis.map(Timestamp::from_millis))
}

/// Locks the run under way; nothing when there is none or another process has it.
pub(super) async fn lock(scope: &mut TenantScope<'_>) -> Result<Option<Progress>, StoreError> {
    let row = sqlx::query(
        "SELECT id, phase, cut_offs, gone, held, started_at, moved_at, finished_at, after_at, after_id
         FROM retention_runs
         WHERE tenant_id = $1 AND finished_at IS NULL
         FOR UPDATE SKIP LOCKED",
    )
    .bind(scope.tenant)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the retention run"))?;
    row.as_ref().map(progress).transpose()
}

/// Says whether a run is under way.
pub(super) async fn is_under_way(scope: &mut TenantScope<'_>) -> Result<bool, StoreError> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM retention_runs WHERE tenant_id = $1 AND finished_at IS NULL)",
    )
    .bind(scope.tenant)
    .fetch_one(scope.connection())
    .await
    .map_err(about("the retention run"))
}

/// Keeps how far a locked run has come.
pub(super) async fn save(
    scope: &mut TenantScope<'_>,
    progress: &Progress,
) -> Result<(), StoreError> {
    let Progress { run, place } = progress;
    sqlx::query(
        "UPDATE retention_runs
         SET phase = $3, after_at = $4, after_id = $5, gone = $6, held = $7, moved_at = $8,
             finished_at = $9
         WHERE tenant_id = $1 AND id = $2",
    )
    .bind(scope.tenant)
    .bind(&run.id)
    .bind(run.phase.map_or(DONE, Kept::as_str))
    .bind(place.at.map(At))
    .bind(&place.id)
    .bind(Json(words(&run.gone)))
    .bind(Json(words(&run.held)))
    .bind(At(run.moved_at))
    .bind(run.finished_at.map(At))
    .execute(scope.connection())
    .await
    .map_err(about("the retention run"))?;
    Ok(())
}

fn words(counts: &BTreeMap<Kept, u64>) -> BTreeMap<&'static str, u64> {
    counts.iter().map(|(kept, count)| (kept.as_str(), *count)).collect()
}

fn progress(row: &PgRow) -> Result<Progress, StoreError> {
    let reader = Reader::new(row, COLUMNS);
    let place = Place { at: reader.at_optional("after_at")?, id: reader.get("after_id")? };
    Ok(Progress { run: read(row)?, place })
}

fn read(row: &PgRow) -> Result<RetentionRun, StoreError> {
    let row = Reader::new(row, COLUMNS);
    let phase: &str = row.get("phase")?;
    let cut_offs = by_kind(&row, "cut_offs")?;
    let counts = |column| -> Result<BTreeMap<Kept, u64>, StoreError> {
        let numbers = by_kind(&row, column)?.into_iter();
        Ok(numbers.map(|(kept, count)| (kept, count.unsigned_abs())).collect())
    };
    Ok(RetentionRun {
        id: row.get("id")?,
        phase: if phase == DONE { None } else { Some(row.word("phase", Kept::parse)?) },
        cut_offs: cut_offs.into_iter().map(|(of, at)| (of, Timestamp::from_millis(at))).collect(),
        gone: counts("gone")?,
        held: counts("held")?,
        started_at: row.at("started_at")?,
        moved_at: row.at("moved_at")?,
        finished_at: row.at_optional("finished_at")?,
    })
}

/// Reads numbers by kind; a kind that this version does not know does not concern it.
fn by_kind(row: &Reader<'_>, column: &str) -> Result<BTreeMap<Kept, i64>, StoreError> {
    let numbers: Json<BTreeMap<String, i64>> = row.get(column)?;
    let known =
        numbers.0.into_iter().filter_map(|(word, count)| Some((Kept::parse(&word)?, count)));
    Ok(known.collect())
}
