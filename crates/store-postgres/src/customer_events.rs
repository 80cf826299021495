//! The life of customers' records, line by line.

use switchboard_domain::ids::CustomerId;
use switchboard_store::customers::CustomerEvent;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Adds lines to the lives of customers.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    lines: &[(&CustomerId, &CustomerEvent)],
) -> Result<(), StoreError> {
    let column =
        |of: fn(&CustomerEvent) -> String| lines.iter().map(|(_, line)| of(line)).collect();
    let fields: Vec<String> = column(|line| line.fields.join(","));
    let actors: Vec<String> = column(|line| line.actor.clone());
    sqlx::query(include_str!("../queries/insert_customer_events.sql"))
        .bind(scope.tenant)
        .bind(lines.iter().map(|(customer, _)| customer.as_str()).collect::<Vec<_>>())
        .bind(lines.iter().map(|(_, line)| bigint(line.version)).collect::<Vec<_>>())
        .bind(fields)
        .bind(actors)
        .bind(lines.iter().map(|(_, line)| At(line.at)).collect::<Vec<_>>())
        .execute(scope.connection())
        .await
        .map_err(about("the lives of customers"))?;
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
