//! The gateways known to each tenant.

use async_trait::async_trait;

use switchboard_domain::ids::{GatewayId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::tenants::Gateways;

use crate::error::about;
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl Gateways for PostgresStore {
    async fn register(
        &self,
        tenant: &TenantId,
        gateway: &GatewayId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let done = sqlx::query(
                "INSERT INTO gateways (tenant_id, id, first_seen_at)
                 VALUES ($1, $2, $3)
                 ON CONFLICT DO NOTHING",
            )
            .bind(scope.tenant)
            .bind(gateway.as_str())
            .bind(At(now))
            .execute(scope.connection())
            .await
            .map_err(about(format!("gateway {gateway}")))?;
            scope.commit().await?;
            Ok(done.rows_affected() == 1)
        })
        .await
    }

    async fn known(&self, tenant: &TenantId) -> Result<Vec<GatewayId>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query("SELECT id FROM gateways WHERE tenant_id = $1 ORDER BY id")
                .bind(scope.tenant)
                .fetch_all(scope.connection())
                .await
                .map_err(about("the gateways"))?;
            scope.commit().await?;
            rows.iter().map(|row| Reader::new(row, "gateways").parse("id")).collect()
        })
        .await
    }
}
