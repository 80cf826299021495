//! One step of a run: a bounded number of records, and how far the run has come with them.
//!
//! The row of the run is locked meanwhile and committed with what went, so nothing is counted twice or
//! left out, whoever works on it and whenever that one dies.

use switchboard_domain::retention::Kept;
use switchboard_domain::time::Timestamp;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::retention::{RETENTION, RetentionRun, RetentionStep};

use super::runs::{self, Progress};
use super::walk::{self, Place, Taken};
use super::{customers, tickets};
use crate::audit;
use crate::error::about;
use crate::scope::TenantScope;

/// Makes a step of the run under way.
pub(super) async fn make(
    scope: &mut TenantScope<'_>,
    now: Timestamp,
) -> Result<RetentionStep, StoreError> {
    let Some(mut progress) = runs::lock(scope).await? else {
        let is_busy = runs::is_under_way(scope).await?;
        return Ok(if is_busy { RetentionStep::Busy } else { RetentionStep::Idle });
    };
    progress.run.moved_at = now;
    if let Some(kept) = progress.run.phase {
        go_on(scope, kept, &mut progress, now).await?;
    }
    runs::save(scope, &progress).await?;
    Ok(RetentionStep::Moved(progress.run))
}

async fn go_on(
    scope: &mut TenantScope<'_>,
    kept: Kept,
    progress: &mut Progress,
    now: Timestamp,
) -> Result<(), StoreError> {
    let taken = match progress.run.cut_offs.get(&kept) {
        Some(before) => take(scope, kept, (*before, &progress.place), now).await?,
        None => Taken::default(),
    };
    let run = &mut progress.run;
    for (counts, count) in [(&mut run.gone, taken.gone), (&mut run.held, taken.held)] {
        if count > 0 {
            *counts.entry(kept).or_default() += count;
        }
    }
    progress.place = taken.place.clone().unwrap_or_default();
    if taken.place.is_none() {
        run.phase = kept.next();
    }
    if run.phase.is_none() {
        run.finished_at = Some(now);
        audit::add(scope, &[line(run, now)]).await?;
    }
    Ok(())
}

async fn take(
    scope: &mut TenantScope<'_>,
    kept: Kept,
    (before, place): (Timestamp, &Place),
    now: Timestamp,
) -> Result<Taken, StoreError> {
    let limits = (before, place);
    let statement = match kept {
        Kept::Events => include_str!("../../queries/take_events.sql"),
        Kept::Interactions => include_str!("../../queries/take_interactions.sql"),
        Kept::Lookups => include_str!("../../queries/take_lookups.sql"),
        Kept::Audit => include_str!("../../queries/take_audit.sql"),
        Kept::Tickets => {
            keeps_from(scope, before).await?;
            return tickets::take(scope, limits).await;
        }
        Kept::Customers => return customers::take(scope, limits, now).await,
    };
    keeps_from(scope, before).await?;
    walk::take(scope, kept, statement, limits).await
}

/// Lets this transaction delete what happened before a time, and nothing later.
async fn keeps_from(scope: &mut TenantScope<'_>, before: Timestamp) -> Result<(), StoreError> {
    let seconds = before.as_millis().div_euclid(1_000);
    let millis = before.as_millis().rem_euclid(1_000);
    sqlx::query(
        "SELECT set_config(
             'app.keeps_from',
             (to_timestamp($1::bigint) + $2::bigint * interval '1 millisecond')::text,
             true
         )",
    )
    .bind(seconds)
    .bind(millis)
    .execute(scope.connection())
    .await
    .map_err(about("what may be deleted"))?;
    Ok(())
}

/// Gives the line for the audit trail: what went, and before when.
fn line(run: &RetentionRun, at: Timestamp) -> AuditRecord {
    let told = run.cut_offs.keys().map(|kept| {
        let count = |counts: &std::collections::BTreeMap<Kept, u64>| {
            counts.get(kept).copied().unwrap_or_default()
        };
        format!("{kept}: {} gone, {} held", count(&run.gone), count(&run.held))
    });
    AuditRecord {
        actor: RETENTION.to_owned(),
        role: "system".to_owned(),
        action: "retention.run".to_owned(),
        object: format!("retention/{}", run.id),
        detail: Some(told.collect::<Vec<_>>().join("; ")),
        at,
    }
}
