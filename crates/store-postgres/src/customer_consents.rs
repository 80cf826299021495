//! What customers agreed to, line by line.

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::consent::{Consent, ConsentState};
use switchboard_domain::ids::{ConsentId, CustomerId, TenantId};
use switchboard_domain::ticket::Medium;
use switchboard_store::consents::Consents;
use switchboard_store::error::StoreError;

use crate::customers::stand_by;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl Consents for PostgresStore {
    async fn set(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        consent: &Consent,
    ) -> Result<Consent, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            stand_by(&mut scope, customer).await?;
            if insert(&mut scope, customer, consent).await? {
                look_at_calls(&mut scope, customer, consent).await?;
                scope.commit().await?;
                return Ok(consent.clone());
            }
            let known = by_id(&mut scope, customer, &consent.id).await?;
            scope.commit().await?;
            known
                .filter(|known| known.says_the_same(consent))
                .ok_or_else(|| StoreError::conflict(format!("consent {}", consent.id)))
        })
        .await
    }

    async fn consents(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        most: Option<u32>,
    ) -> Result<Vec<Consent>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let said = history(&mut scope, customer, most).await?;
            scope.commit().await?;
            Ok(said)
        })
        .await
    }

    async fn last_words(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
    ) -> Result<Vec<Consent>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT DISTINCT ON (purpose, medium)
                     id, purpose, medium, state, source, actor, happened_at, recorded_at
                 FROM customer_consents
                 WHERE tenant_id = $1 AND customer_id = ANY(ARRAY(
                     SELECT $2
                     UNION ALL
                     SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $2
                 ))
                 ORDER BY purpose, medium, happened_at DESC, recorded_at DESC, id DESC",
            )
            .bind(scope.tenant)
            .bind(customer.as_str())
            .fetch_all(scope.connection())
            .await
            .map_err(about(format!("the last words of customer {customer}")))?;
            scope.commit().await?;
            rows.iter().map(read).collect()
        })
        .await
    }
}

/// Reads what a customer said, or the latest lines of it; the oldest first.
async fn history(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    most: Option<u32>,
) -> Result<Vec<Consent>, StoreError> {
    // Without a limit all are read.
    let mut rows = sqlx::query(
        "SELECT id, purpose, medium, state, source, actor, happened_at, recorded_at
         FROM customer_consents
         WHERE tenant_id = $1 AND customer_id = ANY(ARRAY(
             SELECT $2
             UNION ALL
             SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $2
         ))
         ORDER BY happened_at DESC, recorded_at DESC, id DESC
         LIMIT $3",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .bind(most.map(i64::from))
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("what customer {customer} agreed to")))?;
    rows.reverse();
    rows.iter().map(read).collect()
}

async fn insert(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    consent: &Consent,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO customer_consents (
             tenant_id, id, customer_id, purpose, medium, state, source, actor, happened_at, recorded_at
         )
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(consent.id.as_str())
    .bind(customer.as_str())
    .bind(consent.purpose.as_str())
    .bind(consent.medium.map(Medium::as_str))
    .bind(consent.state.as_str())
    .bind(&consent.source)
    .bind(&consent.actor)
    .bind(At(consent.at))
    .bind(At(consent.recorded_at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("consent {}", consent.id)))?;
    Ok(done.rows_affected() == 1)
}

/// Has the calls to a customer looked at again, whichever of the customer's records they are for: the
/// customer may not want them any more. Whoever is about to order or keep one looks again too, because it
/// is in another version.
async fn look_at_calls(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    consent: &Consent,
) -> Result<(), StoreError> {
    if consent.state != ConsentState::Withdrawn {
        return Ok(());
    }
    sqlx::query(
        "UPDATE follow_ups
         SET version = version + 1,
             due_at = CASE WHEN state = 'calling' THEN least(due_at, $3) ELSE due_at END
         WHERE tenant_id = $1 AND state IN ('due', 'calling') AND customer_id = ANY(ARRAY(
             WITH lead_record AS (
                 SELECT coalesce(merged_into, id) AS id FROM customers WHERE tenant_id = $1 AND id = $2
             )
             SELECT lead_record.id FROM lead_record
             UNION ALL
             SELECT customers.id
             FROM customers
             JOIN lead_record ON customers.merged_into = lead_record.id
             WHERE customers.tenant_id = $1
         ))",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .bind(At(consent.recorded_at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("the calls to customer {customer}")))?;
    Ok(())
}

async fn by_id(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    id: &ConsentId,
) -> Result<Option<Consent>, StoreError> {
    let row = sqlx::query(
        "SELECT id, purpose, medium, state, source, actor, happened_at, recorded_at
         FROM customer_consents
         WHERE tenant_id = $1 AND id = $2 AND customer_id = $3",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .bind(customer.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("consent {id}")))?;
    row.as_ref().map(read).transpose()
}

fn read(row: &PgRow) -> Result<Consent, StoreError> {
    let row = Reader::new(row, "customer_consents");
    Ok(Consent {
        id: row.parse("id")?,
        purpose: row.parse("purpose")?,
        medium: row.parse_optional("medium")?,
        state: row.word("state", ConsentState::parse)?,
        source: row.get("source")?,
        actor: row.get("actor")?,
        at: row.at("happened_at")?,
        recorded_at: row.at("recorded_at")?,
    })
}
