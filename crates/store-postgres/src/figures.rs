//! Counts what queues did.

use std::time::Duration;

use switchboard_domain::interaction::{QueueFigures, SHORT_ABANDON, USUAL_TARGET};
use switchboard_store::error::StoreError;
use switchboard_store::history::{FiguresFilter, QueueStep};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Gives what each queue did, step by step.
pub(crate) async fn of_queues(
    scope: &mut TenantScope<'_>,
    filter: &FiguresFilter,
) -> Result<Vec<QueueStep>, StoreError> {
    let (queues, targets): (Vec<_>, Vec<_>) =
        filter.targets.iter().map(|(queue, target)| (queue.to_string(), millis(*target))).unzip();
    let rows = sqlx::query(include_str!("../queries/queue_figures.sql"))
        .bind(scope.tenant)
        .bind(At(filter.from))
        .bind(At(filter.until))
        .bind(filter.step.as_secs_f64())
        .bind(queues)
        .bind(targets)
        .bind(millis(USUAL_TARGET))
        .bind(millis(SHORT_ABANDON))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the figures of queues"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "interactions");
            Ok(QueueStep {
                queue: row.parse("queue_id")?,
                from: row.at("step")?,
                figures: figures(&row)?,
            })
        })
        .collect()
}

fn figures(row: &Reader<'_>) -> Result<QueueFigures, StoreError> {
    let span = |column| row.count(column).map(Duration::from_millis);
    Ok(QueueFigures {
        offered: row.count("offered")?,
        answered: row.count("answered")?,
        answered_in_time: row.count("answered_in_time")?,
        abandoned: row.count("abandoned")?,
        short_abandoned: row.count("short_abandoned")?,
        overflowed: row.count("overflowed")?,
        lost: row.count("lost")?,
        callbacks_booked: row.count("callbacks_booked")?,
        unreached: row.count("unreached")?,
        open: row.count("open")?,
        waited: span("waited")?,
        talked: span("talked")?,
        longest_wait: span("longest_wait")?,
    })
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
