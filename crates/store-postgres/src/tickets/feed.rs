//! Every change of tickets, in the order in which they were kept.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_feed::{ChangedTicket, TicketFeed};
use switchboard_store::tickets::Standing;

use super::read;
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::store::PostgresStore;

#[async_trait]
impl TicketFeed for PostgresStore {
    async fn last_change(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let last: Option<i64> =
                sqlx::query_scalar("SELECT last FROM ticket_change_counts WHERE tenant_id = $1")
                    .bind(scope.tenant)
                    .fetch_optional(scope.connection())
                    .await
                    .map_err(about("the changes of tickets"))?;
            scope.commit().await?;
            Ok(last.and_then(|last| u64::try_from(last).ok()).unwrap_or(0))
        })
        .await
    }

    async fn changes_after(
        &self,
        tenant: &TenantId,
        after: u64,
        most: u32,
        wait: Duration,
    ) -> Result<Vec<ChangedTicket>, StoreError> {
        let look = || self.bounded(self.changes(tenant, after, most));
        let bells = &self.signals.tickets;
        bells.look_until(tenant, wait, look, |changes| !changes.is_empty()).await
    }
}

impl PostgresStore {
    async fn changes(
        &self,
        tenant: &TenantId,
        after: u64,
        most: u32,
    ) -> Result<Vec<ChangedTicket>, StoreError> {
        let mut scope = self.scope(tenant).await?;
        let rows = sqlx::query(include_str!("../../queries/ticket_changes.sql"))
            .bind(scope.tenant)
            .bind(bigint(after))
            .bind(i64::from(most))
            .fetch_all(scope.connection())
            .await
            .map_err(about("the changes of tickets"))?;
        scope.commit().await?;
        rows.iter().map(changed).collect()
    }
}

fn changed(row: &PgRow) -> Result<ChangedTicket, StoreError> {
    let row = Reader::new(row, "tickets");
    let joined: Vec<String> = row.get("joined")?;
    let contact = |id: String| {
        id.parse().map_err(|error| StoreError::corrupt("ticket_joins.interaction_id", error))
    };
    let standing = Standing {
        due_at: row.at_optional("due_at")?,
        told_until: row.at_optional("alarms_told_until")?,
        tier: row.parse_optional("tier")?,
        leading_customer: row.parse_optional("leading_customer")?,
        followers: row.get("followers")?,
        joined: joined.into_iter().map(contact).collect::<Result<_, _>>()?,
    };
    Ok(ChangedTicket { change: row.count("change")?, ticket: read::ticket(&row)?, standing })
}
