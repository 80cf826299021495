//! Tickets as work of the floor.

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::{AgentId, ContactId, TenantId};
use switchboard_domain::ticket::{Ticket, TicketChange, TicketMove, WorkItem};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::work_items::WorkItems;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::tickets::keep_move;
use crate::timestamp::At;

const WHAT: &str = "the work of the floor";

#[async_trait]
impl WorkItems for PostgresStore {
    async fn due(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<WorkItem>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT *
                 FROM work_items
                 WHERE tenant_id = $1 AND look_at <= $2
                 ORDER BY look_at, contact_id
                 LIMIT $3",
            )
            .bind(scope.tenant)
            .bind(At(now))
            .bind(i64::from(most))
            .fetch_all(scope.connection())
            .await
            .map_err(about(WHAT))?;
            scope.commit().await?;
            rows.iter().map(read).collect()
        })
        .await
    }

    async fn find(
        &self,
        tenant: &TenantId,
        contact: &ContactId,
    ) -> Result<Option<WorkItem>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let row =
                sqlx::query("SELECT * FROM work_items WHERE tenant_id = $1 AND contact_id = $2")
                    .bind(scope.tenant)
                    .bind(contact.as_str())
                    .fetch_optional(scope.connection())
                    .await
                    .map_err(about(WHAT))?;
            scope.commit().await?;
            row.as_ref().map(read).transpose()
        })
        .await
    }

    async fn after(
        &self,
        tenant: &TenantId,
        contact: Option<&ContactId>,
        most: u32,
    ) -> Result<Vec<WorkItem>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT *
                 FROM work_items
                 WHERE tenant_id = $1 AND contact_id > $2
                 ORDER BY contact_id
                 LIMIT $3",
            )
            .bind(scope.tenant)
            .bind(contact.map_or("", ContactId::as_str))
            .bind(i64::from(most))
            .fetch_all(scope.connection())
            .await
            .map_err(about(WHAT))?;
            scope.commit().await?;
            rows.iter().map(read).collect()
        })
        .await
    }

    async fn hand_to(
        &self,
        tenant: &TenantId,
        contact: &ContactId,
        agent: &AgentId,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            give_to(&mut scope, contact, Some(agent)).await?;
            scope.commit().await
        })
        .await
    }

    async fn give_back(
        &self,
        tenant: &TenantId,
        contact: &ContactId,
        change: &TicketChange,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            keep_move(&mut scope, change).await?;
            give_to(&mut scope, contact, None).await?;
            scope.commit().await
        })
        .await
    }

    async fn rename(
        &self,
        tenant: &TenantId,
        item: &WorkItem,
        name: &ContactId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            sqlx::query(
                "UPDATE work_items
                 SET contact_id = $3, attempt = attempt + 1, agent_id = NULL, look_at = $4
                 WHERE tenant_id = $1 AND contact_id = $2",
            )
            .bind(scope.tenant)
            .bind(item.contact.as_str())
            .bind(name.as_str())
            .bind(At(at))
            .execute(scope.connection())
            .await
            .map_err(about(WHAT))?;
            scope.commit().await
        })
        .await
    }

    async fn look_again(
        &self,
        tenant: &TenantId,
        contact: &ContactId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            sqlx::query(
                "UPDATE work_items
                 SET look_at = $3
                 WHERE tenant_id = $1 AND contact_id = $2",
            )
            .bind(scope.tenant)
            .bind(contact.as_str())
            .bind(At(at))
            .execute(scope.connection())
            .await
            .map_err(about(WHAT))?;
            scope.commit().await
        })
        .await
    }

    async fn look_at_all(&self, tenant: &TenantId, now: Timestamp) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            sqlx::query("UPDATE work_items SET look_at = $2 WHERE tenant_id = $1 AND look_at > $2")
                .bind(scope.tenant)
                .bind(At(now))
                .execute(scope.connection())
                .await
                .map_err(about(WHAT))?;
            scope.commit().await
        })
        .await
    }

    async fn finish(&self, tenant: &TenantId, contact: &ContactId) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            sqlx::query("DELETE FROM work_items WHERE tenant_id = $1 AND contact_id = $2")
                .bind(scope.tenant)
                .bind(contact.as_str())
                .execute(scope.connection())
                .await
                .map_err(about(WHAT))?;
            scope.commit().await
        })
        .await
    }
}

/// Lets the work on a ticket follow a move of it.
pub(crate) async fn follow(
    scope: &mut TenantScope<'_>,
    change: &TicketChange,
) -> Result<(), StoreError> {
    let ticket = &change.ticket;
    let goes_elsewhere = matches!(change.applied, TicketMove::Dispatch | TicketMove::Escalate);
    sqlx::query(
        "UPDATE work_items
         SET look_at = $3, is_withdrawn = is_withdrawn OR $4
         WHERE tenant_id = $1 AND ticket_id = $2",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .bind(At(ticket.changed_at))
    .bind(goes_elsewhere)
    .execute(scope.connection())
    .await
    .map_err(about(WHAT))?;
    match WorkItem::of(ticket).filter(|_| goes_elsewhere) {
        Some(item) => insert(scope, ticket, &item).await,
        None => Ok(()),
    }
}

async fn insert(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    item: &WorkItem,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO work_items
             (tenant_id, contact_id, ticket_id, queue_id, attempt, is_withdrawn, look_at)
         VALUES ($1, $2, $3, $4, 1, FALSE, $5)",
    )
    .bind(scope.tenant)
    .bind(item.contact.as_str())
    .bind(ticket.id.as_str())
    .bind(item.queue.as_str())
    .bind(At(ticket.changed_at))
    .execute(scope.connection())
    .await
    .map_err(about(WHAT))?;
    Ok(())
}

async fn give_to(
    scope: &mut TenantScope<'_>,
    contact: &ContactId,
    agent: Option<&AgentId>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE work_items
         SET agent_id = $3
         WHERE tenant_id = $1 AND contact_id = $2",
    )
    .bind(scope.tenant)
    .bind(contact.as_str())
    .bind(agent.map(AgentId::as_str))
    .execute(scope.connection())
    .await
    .map_err(about(WHAT))?;
    Ok(())
}

fn read(row: &PgRow) -> Result<WorkItem, StoreError> {
    let row = Reader::new(row, "work_items");
    let attempt: i32 = row.get("attempt")?;
    Ok(WorkItem {
        contact: row.parse("contact_id")?,
        ticket: row.parse("ticket_id")?,
        queue: row.parse("queue_id")?,
        is_withdrawn: row.get("is_withdrawn")?,
        agent: row.parse_optional("agent_id")?,
        attempt: u32::try_from(attempt)
            .map_err(|error| StoreError::corrupt("work_items.attempt", error))?,
    })
}
