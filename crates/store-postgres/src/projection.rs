//! The recorder's transaction: events, interactions, tickets and offset move together or not at all.

pub(crate) mod fold;
mod offset;
pub(crate) mod turn;

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::outbox::OutboxId;
use switchboard_store::projection::{Batch, DeadEntry, Projection, ProjectionError};

use crate::recorded::Place;
use crate::store::PostgresStore;
use crate::{dead_events, interactions};

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
        let mut scope = self.scope_of_kept_plans(tenant).await?;
        turn::take(&mut scope).await?;
        interactions::plan_for_many(&mut scope).await?;
        // Whoever had the turn before may have kept the same batch.
        offset::advance(&mut scope, batch.epoch, batch.expected, last).await?;
        fold::keep(&mut scope, batch).await?;
        offset::announce(&mut scope, batch.epoch, last).await?;
        scope.commit().await?;
        Ok(())
    }

    async fn bury_entry(&self, tenant: &TenantId, dead: &DeadEntry) -> Result<(), ProjectionError> {
        let entry = &dead.entry;
        let mut scope = self.scope(tenant).await?;
        offset::advance(&mut scope, entry.epoch, dead.expected, entry.id).await?;
        dead_events::bury(&mut scope, dead).await?;
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
