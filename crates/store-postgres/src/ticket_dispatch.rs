//! How far the rules that say where tickets go have looked.

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_dispatch::{DispatchMark, DispatchMarks};

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::store::PostgresStore;

#[async_trait]
impl DispatchMarks for PostgresStore {
    async fn mark(&self, tenant: &TenantId) -> Result<Option<DispatchMark>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let row = sqlx::query(
                "SELECT center_version, change
                 FROM dispatch_marks
                 WHERE tenant_id = $1",
            )
            .bind(scope.tenant)
            .fetch_optional(scope.connection())
            .await
            .map_err(about("the dispatch"))?;
            scope.commit().await?;
            let Some(row) = row else { return Ok(None) };
            let row = Reader::new(&row, "dispatch_marks");
            let (center, change) = (row.count("center_version")?, row.count("change")?);
            Ok(Some(DispatchMark { center, change }))
        })
        .await
    }

    async fn advance(&self, tenant: &TenantId, mark: DispatchMark) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            sqlx::query(
                "INSERT INTO dispatch_marks (tenant_id, center_version, change)
                 VALUES ($1, $2, $3)
                 ON CONFLICT (tenant_id) DO UPDATE
                 SET center_version = excluded.center_version, change = excluded.change
                 WHERE (excluded.center_version, excluded.change)
                     > (dispatch_marks.center_version, dispatch_marks.change)",
            )
            .bind(scope.tenant)
            .bind(bigint(mark.center))
            .bind(bigint(mark.change))
            .execute(scope.connection())
            .await
            .map_err(about("the dispatch"))?;
            scope.commit().await
        })
        .await
    }
}
