//! The offset of one epoch: read, moved by compare-and-set, announced.

use switchboard_store::error::StoreError;
use switchboard_store::outbox::OutboxId;
use switchboard_store::projection::ProjectionError;

use crate::error::about;
use crate::recorded;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::signals::Topic;

/// Gives up to where an epoch is kept.
pub(super) async fn read(
    scope: &mut TenantScope<'_>,
    epoch: u64,
) -> Result<Option<OutboxId>, StoreError> {
    let row = sqlx::query(
        "SELECT stream_millis, stream_sequence
         FROM recorder_offsets
         WHERE tenant_id = $1 AND epoch = $2",
    )
    .bind(scope.tenant)
    .bind(bigint(epoch))
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the offset"))?;
    row.map(|row| {
        let row = Reader::new(&row, "recorder_offsets");
        Ok(OutboxId::new(row.count("stream_millis")?, row.count("stream_sequence")?))
    })
    .transpose()
}

/// Moves the offset from `expected` to `upto`, or says that it stands elsewhere.
pub(super) async fn advance(
    scope: &mut TenantScope<'_>,
    epoch: u64,
    expected: Option<OutboxId>,
    upto: OutboxId,
) -> Result<(), ProjectionError> {
    if expected >= Some(upto) {
        return Err(ProjectionError::OffsetMoved);
    }
    let moved = match expected {
        None => begin(scope, epoch, upto).await?,
        Some(expected) => go_on(scope, epoch, expected, upto).await?,
    };
    if moved { Ok(()) } else { Err(ProjectionError::OffsetMoved) }
}

/// Tells other processes where the offset is, as soon as this transaction is kept.
pub(super) async fn announce(
    scope: &mut TenantScope<'_>,
    epoch: u64,
    upto: OutboxId,
) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_notify($1, $2)")
        .bind(Topic::Recorded.channel())
        .bind(recorded::tell(scope.tenant, epoch, upto))
        .execute(scope.connection())
        .await
        .map_err(about("the offset"))?;
    Ok(())
}

async fn begin(
    scope: &mut TenantScope<'_>,
    epoch: u64,
    upto: OutboxId,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO recorder_offsets (tenant_id, epoch, stream_millis, stream_sequence)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(bigint(epoch))
    .bind(bigint(upto.millis))
    .bind(bigint(upto.sequence))
    .execute(scope.connection())
    .await
    .map_err(about("the offset"))?;
    Ok(done.rows_affected() == 1)
}

async fn go_on(
    scope: &mut TenantScope<'_>,
    epoch: u64,
    expected: OutboxId,
    upto: OutboxId,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE recorder_offsets
         SET stream_millis = $5, stream_sequence = $6
         WHERE tenant_id = $1
             AND epoch = $2
             AND stream_millis = $3
             AND stream_sequence = $4",
    )
    .bind(scope.tenant)
    .bind(bigint(epoch))
    .bind(bigint(expected.millis))
    .bind(bigint(expected.sequence))
    .bind(bigint(upto.millis))
    .bind(bigint(upto.sequence))
    .execute(scope.connection())
    .await
    .map_err(about("the offset"))?;
    Ok(done.rows_affected() == 1)
}
