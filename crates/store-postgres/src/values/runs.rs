//! The row of a recomputation: begun, found, locked, moved on.

use sqlx::postgres::PgRow;

use switchboard_domain::customer::value::Ranking;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::values::{RunPhase, ValueRun};

use super::rows::read_points;
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;

/// A run, and how far its phase has come.
pub(super) struct Progress {
    pub(super) run: ValueRun,
    pub(super) center_version: u64,
    /// The customer up to whom the phase has come.
    pub(super) after: String,
    /// How many customers have which score; known while tiers are set.
    pub(super) ranking: Ranking,
}

/// Begins a run, unless one is under way or there was one of this name; gives the one under way.
pub(super) async fn begin(
    scope: &mut TenantScope<'_>,
    id: &str,
    now: Timestamp,
) -> Result<Option<ValueRun>, StoreError> {
    sqlx::query(include_str!("../../queries/begin_value_run.sql"))
        .bind(scope.tenant)
        .bind(id)
        .bind(At(now))
        .execute(scope.connection())
        .await
        .map_err(about("a run"))?;
    let row = sqlx::query(
        "SELECT id, phase, customers, scored, graded, tiers_changed, started_at, moved_at, finished_at
         FROM value_runs
         WHERE tenant_id = $1 AND finished_at IS NULL",
    )
        .bind(scope.tenant)
        .fetch_optional(scope.connection())
        .await
        .map_err(about("the run"))?;
    row.as_ref().map(read).transpose()
}

/// Gives the run that began last.
pub(super) async fn latest(scope: &mut TenantScope<'_>) -> Result<Option<ValueRun>, StoreError> {
    let row = sqlx::query(
        "SELECT id, phase, customers, scored, graded, tiers_changed, started_at, moved_at, finished_at
         FROM value_runs
         WHERE tenant_id = $1
         ORDER BY started_at DESC, id DESC
         LIMIT 1",
    )
    .bind(scope.tenant)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the last run"))?;
    row.as_ref().map(read).transpose()
}

/// Locks the run under way; nothing when there is none or another process has it.
pub(super) async fn lock(scope: &mut TenantScope<'_>) -> Result<Option<Progress>, StoreError> {
    let row = sqlx::query(
        "SELECT id, phase, customers, scored, graded, tiers_changed, started_at, moved_at, finished_at,
             center_version, after_id, ranked_scores, ranked_counts
         FROM value_runs
         WHERE tenant_id = $1 AND finished_at IS NULL
         FOR UPDATE SKIP LOCKED",
    )
    .bind(scope.tenant)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the run"))?;
    row.as_ref().map(progress).transpose()
}

/// Says whether a run is under way.
pub(super) async fn is_under_way(scope: &mut TenantScope<'_>) -> Result<bool, StoreError> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM value_runs WHERE tenant_id = $1 AND finished_at IS NULL)",
    )
    .bind(scope.tenant)
    .fetch_one(scope.connection())
    .await
    .map_err(about("the run"))
}

/// Keeps how far a locked run has come. `ranking` takes the place of what was there, if it is given.
pub(super) async fn save(
    scope: &mut TenantScope<'_>,
    progress: &Progress,
    ranking: Option<&[(i16, i64)]>,
) -> Result<(), StoreError> {
    let run = &progress.run;
    let (scores, counts): (Vec<i16>, Vec<i64>) =
        ranking.unwrap_or_default().iter().copied().unzip();
    sqlx::query(include_str!("../../queries/move_value_run.sql"))
        .bind(scope.tenant)
        .bind(&run.id)
        .bind(run.phase.as_str())
        .bind(bigint(progress.center_version))
        .bind(&progress.after)
        .bind(bigint(run.scored))
        .bind(bigint(run.graded))
        .bind(bigint(run.tiers_changed))
        .bind(At(run.moved_at))
        .bind(run.finished_at.map(At))
        .bind(ranking.is_some())
        .bind(scores)
        .bind(counts)
        .execute(scope.connection())
        .await
        .map_err(about("the run"))?;
    Ok(())
}

/// Counts the customers of each score.
pub(super) async fn count(scope: &mut TenantScope<'_>) -> Result<Vec<(i16, i64)>, StoreError> {
    sqlx::query_as(
        "SELECT score, count(*)
         FROM customer_values
         WHERE tenant_id = $1 AND score IS NOT NULL
         GROUP BY score
         ORDER BY score",
    )
    .bind(scope.tenant)
    .fetch_all(scope.connection())
    .await
    .map_err(about("the scores"))
}

/// Ranks the scores.
pub(super) fn ranking(counts: &[(i16, i64)]) -> Result<Ranking, StoreError> {
    let counts = counts.iter().map(|(points, count)| {
        let count = u64::try_from(*count).unwrap_or_default();
        read_points(*points).map(|score| (score, count))
    });
    counts.collect::<Result<Vec<_>, _>>().map(Ranking::of)
}

fn progress(row: &PgRow) -> Result<Progress, StoreError> {
    let reader = Reader::new(row, "value_runs");
    let scores: Option<Vec<i16>> = reader.get("ranked_scores")?;
    let counts: Option<Vec<i64>> = reader.get("ranked_counts")?;
    let counts: Vec<(i16, i64)> =
        scores.unwrap_or_default().into_iter().zip(counts.unwrap_or_default()).collect();
    Ok(Progress {
        run: read(row)?,
        center_version: reader.count("center_version")?,
        after: reader.get("after_id")?,
        ranking: ranking(&counts)?,
    })
}

fn read(row: &PgRow) -> Result<ValueRun, StoreError> {
    let row = Reader::new(row, "value_runs");
    Ok(ValueRun {
        id: row.get("id")?,
        phase: row.word("phase", RunPhase::parse)?,
        customers: row.count("customers")?,
        scored: row.count("scored")?,
        graded: row.count("graded")?,
        tiers_changed: row.count("tiers_changed")?,
        started_at: row.at("started_at")?,
        moved_at: row.at("moved_at")?,
        finished_at: row.at_optional("finished_at")?,
    })
}
