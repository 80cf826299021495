//! What is past its time: counted, taken away in steps, month by month where all tenants agree.

mod customers;
mod months;
mod plan;
mod runs;
mod step;
mod tickets;
mod walk;

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::retention::{CutOffs, Kept};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::retention::{
    EventMonths, PlannedRecords, Retention, RetentionRun, RetentionStep,
};

use crate::store::PostgresStore;

pub(crate) use months::keep_back;

#[async_trait]
impl Retention for PostgresStore {
    async fn plan(
        &self,
        tenant: &TenantId,
        cut_offs: &CutOffs,
    ) -> Result<Vec<PlannedRecords>, StoreError> {
        let mut planned = Vec::new();
        for (kept, before) in cut_offs {
            // Each count is a call of its own, for each may be over many records.
            planned.push(
                self.bounded(async {
                    let mut scope = self.scope(tenant).await?;
                    let counted = plan::count(&mut scope, *kept, *before).await?;
                    scope.commit().await?;
                    Ok::<_, StoreError>(counted)
                })
                .await?,
            );
        }
        Ok(planned)
    }

    async fn begin_retention(
        &self,
        tenant: &TenantId,
        id: &str,
        cut_offs: &CutOffs,
        now: Timestamp,
    ) -> Result<Option<RetentionRun>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let run = runs::begin(&mut scope, id, cut_offs, now).await?;
            scope.commit().await?;
            Ok(run)
        })
        .await
    }

    async fn retention_step(
        &self,
        tenant: &TenantId,
        now: Timestamp,
    ) -> Result<RetentionStep, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let stepped = step::make(&mut scope, now).await?;
            scope.commit().await?;
            Ok(stepped)
        })
        .await
    }

    async fn latest_retention(
        &self,
        tenant: &TenantId,
    ) -> Result<Option<RetentionRun>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let run = runs::latest(&mut scope).await?;
            scope.commit().await?;
            Ok(run)
        })
        .await
    }

    async fn complete_from(
        &self,
        tenant: &TenantId,
        kept: Kept,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let from = runs::last_cut_off(&mut scope, kept).await?;
            scope.commit().await?;
            Ok(from)
        })
        .await
    }
}

#[async_trait]
impl EventMonths for PostgresStore {
    async fn make_event_month(&self, upto: Timestamp) -> Result<bool, StoreError> {
        self.bounded(months::make(&self.pool, upto)).await
    }

    async fn let_events_go(
        &self,
        tenant: &TenantId,
        before: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            months::let_go(&mut scope, before).await?;
            scope.commit().await
        })
        .await
    }

    async fn drop_event_month(&self) -> Result<bool, StoreError> {
        self.bounded(months::drop_one(&self.pool)).await
    }
}
