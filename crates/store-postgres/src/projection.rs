//! The recorder's transaction: events, interactions, tickets and offset move together or not at all.

mod fold;
mod offset;

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use tokio::time::timeout;

use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::outbox::{OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, DeadEntry, Projection, ProjectionError};

use crate::data_keys::{self, KeySet};
use crate::error::about;
use crate::recorded::Place;
use crate::row::{Reader, bigint};
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::{outbox_rows, personal};

#[async_trait]
impl Projection for PostgresStore {
    async fn offset(&self, tenant: &TenantId, epoch: u64) -> Result<Option<OutboxId>, StoreError> {
        self.bounded(self.read_offset(tenant, epoch)).await
    }

    async fn commit(&self, tenant: &TenantId, batch: &Batch) -> Result<(), ProjectionError> {
        let Some(last) = batch.entries.last() else { return Ok(()) };
        self.bounded(self.commit_batch(tenant, batch, last.id)).await?;
        self.note_recorded(tenant, batch.epoch, Some(last.id));
        Ok(())
    }

    async fn bury(&self, tenant: &TenantId, dead: &DeadEntry) -> Result<(), ProjectionError> {
        self.bounded(self.bury_entry(tenant, dead)).await?;
        self.note_recorded(tenant, dead.entry.epoch, Some(dead.entry.id));
        Ok(())
    }

    async fn dead(&self, tenant: &TenantId) -> Result<Vec<DeadEntry>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(include_str!("../queries/dead_events.sql"))
                .bind(scope.tenant)
                .fetch_all(scope.connection())
                .await
                .map_err(about("the dead events"))?;
            let keys = data_keys::find(&mut scope, subjects_of_dead(&rows)?).await?;
            scope.commit().await?;
            rows.iter().map(|row| read_dead(&Reader::new(row, "dead_events"), &keys)).collect()
        })
        .await
    }

    async fn recorded(
        &self,
        tenant: &TenantId,
        epoch: u64,
        known: Option<OutboxId>,
        wait: Duration,
    ) -> Result<Option<OutboxId>, StoreError> {
        // Following before looking misses nothing in between.
        let mut news = self.signals.recorded.follow(tenant.as_str());
        if news.borrow_and_update().is_none_or(|place| place.epoch != epoch) {
            let offset = self.look_up(tenant, epoch).await?;
            if offset > known {
                return Ok(offset);
            }
        }
        let is_news = |place: Place| place.epoch == epoch && place.upto > known;
        let heard = timeout(wait, news.wait_for(|place| place.is_none_or(is_news))).await;
        let heard = heard.ok().and_then(|heard| heard.ok().and_then(|place| *place));
        match heard {
            Some(place) => Ok(place.upto),
            None => self.look_up(tenant, epoch).await,
        }
    }
}

impl PostgresStore {
    async fn commit_batch(
        &self,
        tenant: &TenantId,
        batch: &Batch,
        last: OutboxId,
    ) -> Result<(), ProjectionError> {
        let mut scope = self.scope(tenant).await?;
        // Moving the offset first makes a second recorder wait here, and then fail.
        offset::advance(&mut scope, batch.epoch, batch.expected, last).await?;
        fold::keep(&mut scope, batch).await?;
        offset::announce(&mut scope, batch.epoch, last).await?;
        scope.commit().await?;
        Ok(())
    }

    async fn bury_entry(&self, tenant: &TenantId, dead: &DeadEntry) -> Result<(), ProjectionError> {
        let entry = &buriable(&dead.entry);
        let mut scope = self.scope(tenant).await?;
        let subject = outbox_rows::subject(entry);
        let keys = data_keys::ensure(&mut scope, &subject.iter().cloned().collect()).await?;
        let fields = personal::part(&entry.fields);
        let sealed =
            fields.seal(subject.and_then(|subject| keys.of(&subject)), outbox_rows::DEAD)?;
        offset::advance(&mut scope, entry.epoch, dead.expected, entry.id).await?;
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
        offset::announce(&mut scope, entry.epoch, entry.id).await?;
        scope.commit().await?;
        Ok(())
    }

    /// Reads the offset of an epoch, for everyone who waits for it.
    async fn look_up(&self, tenant: &TenantId, epoch: u64) -> Result<Option<OutboxId>, StoreError> {
        let offset = self.bounded(self.read_offset(tenant, epoch)).await?;
        self.note_recorded(tenant, epoch, offset);
        Ok(offset)
    }

    fn note_recorded(&self, tenant: &TenantId, epoch: u64, upto: Option<OutboxId>) {
        self.signals.recorded.note(tenant.as_str(), Place { epoch, upto });
    }

    async fn read_offset(
        &self,
        tenant: &TenantId,
        epoch: u64,
    ) -> Result<Option<OutboxId>, StoreError> {
        let mut scope = self.scope(tenant).await?;
        let offset = offset::read(&mut scope, epoch).await?;
        scope.commit().await?;
        Ok(offset)
    }
}

fn subjects_of_dead(rows: &[PgRow]) -> Result<Vec<String>, StoreError> {
    let clear = rows.iter().map(|row| outbox_rows::read_clear(&Reader::new(row, "dead_events")));
    clear.filter_map(|entry| entry.map(|entry| outbox_rows::subject(&entry)).transpose()).collect()
}

fn read_dead(row: &Reader<'_>, keys: &KeySet) -> Result<DeadEntry, StoreError> {
    Ok(DeadEntry {
        expected: None,
        entry: outbox_rows::read(row, outbox_rows::DEAD, keys)?,
        reason: row.get("reason")?,
        attempts: row.small_count("attempts")?,
        at: row.at("buried_at")?,
    })
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
