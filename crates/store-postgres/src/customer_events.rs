//! The life of customers' records, line by line.

use switchboard_domain::ids::CustomerId;
use switchboard_store::customers::CustomerEvent;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Adds a line.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    event: &CustomerEvent,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO customer_events
             (tenant_id, customer_id, version, fields, actor, happened_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .bind(bigint(event.version))
    .bind(&event.fields)
    .bind(&event.actor)
    .bind(At(event.at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("the life of customer {customer}")))?;
    Ok(())
}

/// Gives every line of a record, the oldest first.
pub(crate) async fn all(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
) -> Result<Vec<CustomerEvent>, StoreError> {
    let rows = sqlx::query(
        "SELECT version, fields, actor, happened_at
         FROM customer_events
         WHERE tenant_id = $1 AND customer_id = $2
         ORDER BY version",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("the life of customer {customer}")))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "customer_events");
            Ok(CustomerEvent {
                version: row.count("version")?,
                fields: row.get("fields")?,
                actor: row.get("actor")?,
                at: row.at("happened_at")?,
            })
        })
        .collect()
}
