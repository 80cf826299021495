//! The audit trail.

mod trail;

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl Audit for PostgresStore {
    async fn append_all(
        &self,
        tenant: &TenantId,
        records: &[AuditRecord],
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope_of_functions(tenant).await?;
            add_by("SELECT append_audit($1, $2, $3, $4, $5, $6, $7)", &mut scope, records).await
        })
        .await
    }

    async fn about(&self, tenant: &TenantId, object: &str) -> Result<Vec<AuditRecord>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT actor, role, action, object, detail, happened_at
                 FROM audit
                 WHERE tenant_id = $1 AND object = $2
                 ORDER BY happened_at",
            )
            .bind(scope.tenant)
            .bind(object)
            .fetch_all(scope.connection())
            .await
            .map_err(about("the audit trail"))?;
            scope.commit().await?;
            rows.iter().map(|row| read(&Reader::new(row, "audit"))).collect()
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

/// Adds lines in a transaction that does what they tell.
pub(crate) async fn add(
    scope: &mut TenantScope<'_>,
    records: &[AuditRecord],
) -> Result<(), StoreError> {
    let statement =
        "INSERT INTO audit (tenant_id, actor, role, action, object, detail, happened_at)
         SELECT $1, told.*
         FROM unnest(
             $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[]
         ) AS told";
    add_by(statement, scope, records).await
}

async fn add_by(
    statement: &'static str,
    scope: &mut TenantScope<'_>,
    records: &[AuditRecord],
) -> Result<(), StoreError> {
    let texts = |of: fn(&AuditRecord) -> Option<&str>| -> Vec<Option<&str>> {
        records.iter().map(of).collect()
    };
    sqlx::query(statement)
        .bind(scope.tenant)
        .bind(texts(|record| Some(&record.actor)))
        .bind(texts(|record| Some(&record.role)))
        .bind(texts(|record| Some(&record.action)))
        .bind(texts(|record| Some(&record.object)))
        .bind(texts(|record| record.detail.as_deref()))
        .bind(records.iter().map(|record| At(record.at)).collect::<Vec<_>>())
        .execute(scope.connection())
        .await
        .map_err(about("audit records"))?;
    Ok(())
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
