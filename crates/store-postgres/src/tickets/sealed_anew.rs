//! What is sealed beside a ticket, under another key since the ticket is about somebody else.

use sqlx::AssertSqlSafe;

use switchboard_domain::ticket::Ticket;
use switchboard_sealing::DataKey;
use switchboard_store::error::StoreError;

use super::forms;
use crate::data_keys;
use crate::error::about;
use crate::scope::TenantScope;

/// The tables whose `sealed` is bound to the key of whom a ticket is about.
const TABLES: [&str; 5] =
    ["ticket_forms", "ticket_attachments", "side_conversations", "side_messages", "evaluations"];

/// Seals what stands beside a ticket with the key of its customer from now on, within the transaction
/// that holds the ticket; refused when that customer was erased.
pub(super) async fn move_to_customer(
    scope: &mut TenantScope<'_>,
    before: &Ticket,
    after: &Ticket,
) -> Result<(), StoreError> {
    let (from, to) = (forms::subject(before), forms::subject(after));
    if from == to {
        return Ok(());
    }
    let keys = data_keys::ensure(scope, &[to.clone()].into()).await?;
    let former = data_keys::find(scope, [from.clone()]).await?;
    let Some(key) = keys.of(&to) else {
        let what = format!("ticket {}", after.id);
        return Err(StoreError::Refused { what, source: "the customer was erased".into() });
    };
    // Without the former key nothing is there any more.
    let Some(former) = former.of(&from) else { return Ok(()) };
    for table in TABLES {
        seal_anew(scope, after, table, (former, key)).await?;
    }
    Ok(())
}

async fn seal_anew(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    table: &str,
    (former, key): (&DataKey, &DataKey),
) -> Result<(), StoreError> {
    let select = format!(
        "SELECT sealed
         FROM {table}
         WHERE tenant_id = $1 AND ticket_id = $2 AND sealed IS NOT NULL"
    );
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(AssertSqlSafe(select))
        .bind(scope.tenant)
        .bind(ticket.id.as_str())
        .fetch_all(scope.connection())
        .await
        .map_err(about(format!("{table} of ticket {}", ticket.id)))?;
    let place = format!("{table}.sealed");
    // No two texts are sealed alike, so that what is sealed names its row.
    let update = format!(
        "UPDATE {table} SET sealed = $4 WHERE tenant_id = $1 AND ticket_id = $2 AND sealed = $3"
    );
    for sealed in rows {
        let open = former.open(&place, &sealed);
        let open = open.map_err(|error| StoreError::corrupt(place.as_str(), error))?;
        sqlx::query(AssertSqlSafe(update.clone()))
            .bind(scope.tenant)
            .bind(ticket.id.as_str())
            .bind(&sealed)
            .bind(key.seal(&place, &open))
            .execute(scope.connection())
            .await
            .map_err(about(format!("{table} of ticket {}", ticket.id)))?;
    }
    Ok(())
}
