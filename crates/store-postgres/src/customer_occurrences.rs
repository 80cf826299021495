//! What happened to customers elsewhere, line by line.

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::{CustomerId, OccurrenceId, TenantId};
use switchboard_domain::occurrence::Occurrence;
use switchboard_store::error::StoreError;
use switchboard_store::occurrences::Occurrences;

use crate::customers::stand_by;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl Occurrences for PostgresStore {
    async fn record(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        occurrence: &Occurrence,
    ) -> Result<Occurrence, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            stand_by(&mut scope, customer).await?;
            let is_new = insert(&mut scope, customer, occurrence).await?;
            let known = if is_new {
                Some(occurrence.clone())
            } else {
                by_id(&mut scope, customer, &occurrence.id).await?
            };
            scope.commit().await?;
            known
                .filter(|known| known.says_the_same(occurrence))
                .ok_or_else(|| StoreError::conflict(format!("occurrence {}", occurrence.id)))
        })
        .await
    }

    async fn occurrences(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
    ) -> Result<Vec<Occurrence>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT id, kind, summary, source, actor, happened_at, recorded_at
                 FROM customer_occurrences
                 WHERE tenant_id = $1 AND customer_id = ANY(ARRAY(
                     SELECT $2
                     UNION ALL
                     SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $2
                 ))
                 ORDER BY happened_at, id COLLATE \"C\"",
            )
            .bind(scope.tenant)
            .bind(customer.as_str())
            .fetch_all(scope.connection())
            .await
            .map_err(about(format!("what happened to customer {customer}")))?;
            scope.commit().await?;
            rows.iter().map(read).collect()
        })
        .await
    }
}

async fn insert(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    occurrence: &Occurrence,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO customer_occurrences (
             tenant_id, id, customer_id, kind, summary, source, actor, happened_at, recorded_at
         )
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(occurrence.id.as_str())
    .bind(customer.as_str())
    .bind(occurrence.kind.as_str())
    .bind(&occurrence.summary)
    .bind(&occurrence.source)
    .bind(&occurrence.actor)
    .bind(At(occurrence.at))
    .bind(At(occurrence.recorded_at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("occurrence {}", occurrence.id)))?;
    Ok(done.rows_affected() == 1)
}

async fn by_id(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    id: &OccurrenceId,
) -> Result<Option<Occurrence>, StoreError> {
    let row = sqlx::query(
        "SELECT id, kind, summary, source, actor, happened_at, recorded_at
         FROM customer_occurrences
         WHERE tenant_id = $1 AND id = $2 AND customer_id = $3",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .bind(customer.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("occurrence {id}")))?;
    row.as_ref().map(read).transpose()
}

fn read(row: &PgRow) -> Result<Occurrence, StoreError> {
    let row = Reader::new(row, "customer_occurrences");
    Ok(Occurrence {
        id: row.parse("id")?,
        kind: row.parse("kind")?,
        summary: row.get("summary")?,
        source: row.get("source")?,
        actor: row.get("actor")?,
        at: row.at("happened_at")?,
        recorded_at: row.at("recorded_at")?,
    })
}
