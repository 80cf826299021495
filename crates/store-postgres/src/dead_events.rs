//! The dead events: put aside, read, replayed, given up. Their personal fields are sealed.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::types::Json;

use switchboard_domain::ids::TenantId;
use switchboard_store::dead_events::{DeadEvents, Replay, ReplayError};
use switchboard_store::error::StoreError;
use switchboard_store::outbox::{OutboxEntry, OutboxPosition};
use switchboard_store::page::{Cursor, Page, PageRequest};
use switchboard_store::projection::{DeadEntry, ProjectionError};

use crate::data_keys::{self, KeySet};
use crate::error::about;
use crate::projection::{fold, turn};
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::{outbox_rows, personal};

#[async_trait]
impl DeadEvents for PostgresStore {
    async fn dead(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<Page<DeadEntry>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let after = page.after().map(after).transpose()?;
            let rows = sqlx::query(include_str!("../queries/dead_events.sql"))
                .bind(scope.tenant)
                .bind(page.after().map(|cursor| At(cursor.at)))
                .bind(after.map(|at| bigint(at.epoch)))
                .bind(after.map(|at| bigint(at.id.millis)))
                .bind(after.map(|at| bigint(at.id.sequence)))
                .bind(i64::from(page.size()) + 1)
                .fetch_all(scope.connection())
                .await
                .map_err(about("the dead events"))?;
            let dead = read_all(&mut scope, &rows).await?;
            scope.commit().await?;
            Ok(Page::cut(dead, page.size(), |dead| Cursor {
                at: dead.at,
                id: dead.entry.position().to_string(),
            }))
        })
        .await
    }

    async fn dead_at(
        &self,
        tenant: &TenantId,
        at: OutboxPosition,
    ) -> Result<DeadEntry, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let dead = find(&mut scope, at).await?;
            scope.commit().await?;
            Ok(dead)
        })
        .await
    }

    async fn replay(&self, tenant: &TenantId, replay: &Replay) -> Result<OutboxEntry, ReplayError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            turn::take(&mut scope).await?;
            let entry = find(&mut scope, replay.at).await?.entry;
            remove(&mut scope, replay.at).await?;
            fold::replay(&mut scope, &entry, replay).await.map_err(still_dead)?;
            scope.commit().await?;
            Ok(entry)
        })
        .await
    }

    async fn drop_dead(
        &self,
        tenant: &TenantId,
        at: OutboxPosition,
    ) -> Result<DeadEntry, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let dead = find(&mut scope, at).await?;
            remove(&mut scope, at).await?;
            scope.commit().await?;
            Ok(dead)
        })
        .await
    }
}

/// Puts an entry aside.
pub(crate) async fn bury(
    scope: &mut TenantScope<'_>,
    dead: &DeadEntry,
) -> Result<(), ProjectionError> {
    let entry = &buriable(&dead.entry);
    let subject = outbox_rows::subject(entry);
    let keys = data_keys::ensure(scope, &subject.iter().cloned().collect()).await?;
    let fields = personal::part(&entry.fields);
    let sealed = fields.seal(subject.and_then(|subject| keys.of(&subject)), outbox_rows::DEAD)?;
    sqlx::query(include_str!("../queries/bury_event.sql"))
        .bind(scope.tenant)
        .bind(bigint(entry.epoch))
        .bind(bigint(entry.id.millis))
        .bind(bigint(entry.id.sequence))
        .bind(entry.entity.as_str())
        .bind(&entry.entity_id)
        .bind(bigint(entry.version))
        .bind(At(entry.at))
        .bind(At(entry.wall))
        .bind(&entry.kind)
        .bind(Json(fields.clear))
        .bind(sealed)
        .bind(&entry.trace)
        .bind(without_nul(&dead.reason))
        .bind(i64::from(dead.attempts))
        .bind(At(dead.at))
        .execute(scope.connection())
        .await
        .map_err(about("a dead event"))?;
    Ok(())
}

fn after(cursor: &Cursor) -> Result<OutboxPosition, StoreError> {
    cursor
        .id
        .parse()
        .map_err(|error| StoreError::corrupt("the page of dead events", Box::new(error)))
}

/// Gives a dead event.
async fn find(scope: &mut TenantScope<'_>, at: OutboxPosition) -> Result<DeadEntry, StoreError> {
    let row = sqlx::query(
        "SELECT
             epoch, stream_millis, stream_sequence, entity, entity_id, version, floor_at,
             happened_at, kind, fields, sealed, trace, reason, attempts, buried_at
         FROM dead_events
         WHERE tenant_id = $1 AND epoch = $2 AND stream_millis = $3 AND stream_sequence = $4",
    )
    .bind(scope.tenant)
    .bind(bigint(at.epoch))
    .bind(bigint(at.id.millis))
    .bind(bigint(at.id.sequence))
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("dead_event {at}")))?;
    let missing = || StoreError::not_found(format!("dead_event {at}"));
    read_all(scope, &[row.ok_or_else(missing)?]).await?.pop().ok_or_else(missing)
}

/// Takes an event from among the dead; whoever comes second finds it gone.
async fn remove(scope: &mut TenantScope<'_>, at: OutboxPosition) -> Result<(), StoreError> {
    let done = sqlx::query(
        "DELETE FROM dead_events
         WHERE tenant_id = $1 AND epoch = $2 AND stream_millis = $3 AND stream_sequence = $4",
    )
    .bind(scope.tenant)
    .bind(bigint(at.epoch))
    .bind(bigint(at.id.millis))
    .bind(bigint(at.id.sequence))
    .execute(scope.connection())
    .await
    .map_err(about(format!("dead_event {at}")))?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(StoreError::not_found(format!("dead_event {at}")))
}

async fn read_all(
    scope: &mut TenantScope<'_>,
    rows: &[PgRow],
) -> Result<Vec<DeadEntry>, StoreError> {
    let clear = rows.iter().map(|row| outbox_rows::read_clear(&Reader::new(row, "dead_events")));
    let subjects = clear
        .filter_map(|entry| entry.map(|entry| outbox_rows::subject(&entry)).transpose())
        .collect::<Result<BTreeSet<_>, _>>()?;
    let keys = data_keys::find(scope, subjects).await?;
    rows.iter().map(|row| read(&Reader::new(row, "dead_events"), &keys)).collect()
}

fn read(row: &Reader<'_>, keys: &KeySet) -> Result<DeadEntry, StoreError> {
    Ok(DeadEntry {
        expected: None,
        entry: outbox_rows::read(row, outbox_rows::DEAD, keys)?,
        reason: row.get("reason")?,
        attempts: row.small_count("attempts")?,
        at: row.at("buried_at")?,
    })
}

fn still_dead(error: ProjectionError) -> ReplayError {
    match error {
        ProjectionError::Poison(cause) => ReplayError::StillPoison(cause),
        ProjectionError::Store(error) => ReplayError::Store(error),
        ProjectionError::OffsetMoved => ReplayError::Store(StoreError::conflict("the offset")),
    }
}

/// Gives an entry as the dead are kept.
fn buriable(entry: &OutboxEntry) -> OutboxEntry {
    let clean = |(name, text): (&String, &String)| (without_nul(name), without_nul(text));
    OutboxEntry {
        entity_id: without_nul(&entry.entity_id),
        kind: without_nul(&entry.kind),
        fields: entry.fields.iter().map(clean).collect(),
        trace: entry.trace.as_deref().map(without_nul),
        ..entry.clone()
    }
}

/// Postgres holds no NUL in a text; whatever killed the entry must not keep it from its grave.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
