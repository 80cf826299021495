//! Handing out epochs: the key of the table is what makes a number unique for ever.

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::tenants::{EPOCH_STEP, Epochs};

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::store::PostgresStore;
use crate::timestamp::At;

/// How often a race for the next number is run again.
const RACES: u32 = 20;

impl PostgresStore {
    async fn try_next(
        &self,
        tenant: &TenantId,
        seen: u64,
        run_id: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut scope = self.scope(tenant).await?;
        let row = sqlx::query(
            "INSERT INTO epochs (tenant_id, number, run_id, handed_out_at)
             SELECT $1, (GREATEST(COALESCE(max(number), 0), $2) / $5 + 1) * $5, $3, $4
             FROM epochs
             WHERE tenant_id = $1
             RETURNING number",
        )
        .bind(scope.tenant)
        .bind(bigint(seen))
        .bind(run_id)
        .bind(At(now))
        .bind(bigint(EPOCH_STEP))
        .fetch_one(scope.connection())
        .await
        .map_err(about("the next epoch"))?;
        let number = Reader::new(&row, "epochs").count("number")?;
        scope.commit().await?;
        Ok(number)
    }
}

#[async_trait]
impl Epochs for PostgresStore {
    async fn next(
        &self,
        tenant: &TenantId,
        seen: u64,
        run_id: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.bounded(async {
            for _ in 1..RACES {
                match self.try_next(tenant, seen, run_id, now).await {
                    Err(StoreError::Conflict { .. }) => {}
                    answer => return answer,
                }
            }
            self.try_next(tenant, seen, run_id, now).await
        })
        .await
    }
}
