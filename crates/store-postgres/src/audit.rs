//! The audit trail.

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl Audit for PostgresStore {
    async fn append(&self, tenant: &TenantId, record: &AuditRecord) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            sqlx::query(
                "INSERT INTO audit (tenant_id, actor, role, action, object, detail, happened_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(scope.tenant)
            .bind(&record.actor)
            .bind(&record.role)
            .bind(&record.action)
            .bind(&record.object)
            .bind(&record.detail)
            .bind(At(record.at))
            .execute(scope.connection())
            .await
            .map_err(about("an audit record"))?;
            scope.commit().await
        })
        .await
    }

    async fn latest(&self, tenant: &TenantId, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT actor, role, action, object, detail, happened_at
                 FROM audit
                 WHERE tenant_id = $1
                 ORDER BY happened_at DESC
                 LIMIT $2",
            )
            .bind(scope.tenant)
            .bind(i64::from(limit))
            .fetch_all(scope.connection())
            .await
            .map_err(about("the audit trail"))?;
            scope.commit().await?;
            rows.iter().map(|row| read(&Reader::new(row, "audit"))).collect()
        })
        .await
    }
}

fn read(row: &Reader<'_>) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        actor: row.get("actor")?,
        role: row.get("role")?,
        action: row.get("action")?,
        object: row.get("object")?,
        detail: row.get("detail")?,
        at: row.at("happened_at")?,
    })
}
