//! What customers are worth: kept, computed anew step by step, and summed up.

mod inputs;
mod report;
mod risks;
mod rows;
mod runs;
mod step;
mod tiers;

use async_trait::async_trait;

use switchboard_domain::customer::value::TierSource;
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::values::{
    AccountAtRisk, CustomerValue, CustomerValues, RiskQuery, StepOrder, Stepped, ValueChange,
    ValueReport, ValueRun,
};

use crate::store::PostgresStore;

pub(crate) use rows::standing;
pub(crate) use tiers::{lock, stay_as_set};

#[async_trait]
impl CustomerValues for PostgresStore {
    async fn get(&self, tenant: &TenantId, id: &CustomerId) -> Result<CustomerValue, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = rows::one(&mut scope, id).await?;
            scope.commit().await?;
            found.ok_or_else(|| StoreError::not_found(format!("customer {id}")))
        })
        .await
    }

    async fn set(&self, tenant: &TenantId, change: &ValueChange) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            rows::save(&mut scope, change).await?;
            if let Some(tier) = change.computed.tier
                && change.given.tier_source == TierSource::Computed
            {
                let tiers = vec![(change.customer.as_str().to_owned(), tier)];
                tiers::apply(&mut scope, tiers, &change.actor, change.at).await?;
            }
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(())
        })
        .await
    }

    async fn report(&self, tenant: &TenantId, since: Timestamp) -> Result<ValueReport, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let report = report::whole(&mut scope, since).await?;
            scope.commit().await?;
            Ok(report)
        })
        .await
    }

    async fn at_risk(
        &self,
        tenant: &TenantId,
        query: &RiskQuery,
    ) -> Result<Vec<AccountAtRisk>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let accounts = risks::find(&mut scope, query).await?;
            scope.commit().await?;
            Ok(accounts)
        })
        .await
    }

    async fn begin_run(
        &self,
        tenant: &TenantId,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<ValueRun>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let run = runs::begin(&mut scope, id, now).await?;
            scope.commit().await?;
            Ok(run)
        })
        .await
    }

    async fn latest_run(&self, tenant: &TenantId) -> Result<Option<ValueRun>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let run = runs::latest(&mut scope).await?;
            scope.commit().await?;
            Ok(run)
        })
        .await
    }

    async fn step(&self, tenant: &TenantId, order: StepOrder<'_>) -> Result<Stepped, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let stepped = step::make(&mut scope, order).await?;
            scope.commit().await?;
            Ok(stepped)
        })
        .await
    }
}
