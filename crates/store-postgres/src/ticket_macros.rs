//! What macros changed of tickets, in one transaction each.

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::TicketChange;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_macros::{MacroRun, TicketMacros};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::tickets::keep_moves;
use crate::timestamp::At;

#[async_trait]
impl TicketMacros for PostgresStore {
    async fn macro_run(
        &self,
        tenant: &TenantId,
        request_id: &str,
    ) -> Result<Option<MacroRun>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let row = sqlx::query(
                "SELECT request_id, ticket_id, macro_id, applied_at
                 FROM ticket_macro_runs
                 WHERE tenant_id = $1 AND request_id = $2",
            )
            .bind(scope.tenant)
            .bind(request_id)
            .fetch_optional(scope.connection())
            .await
            .map_err(about(named(request_id)))?;
            scope.commit().await?;
            let Some(row) = row else { return Ok(None) };
            let row = Reader::new(&row, "ticket_macro_runs");
            Ok(Some(MacroRun {
                request_id: row.get("request_id")?,
                ticket: row.parse("ticket_id")?,
                applied: row.parse("macro_id")?,
                at: row.at("applied_at")?,
            }))
        })
        .await
    }

    async fn apply_macro(
        &self,
        tenant: &TenantId,
        changes: &[TicketChange],
        run: Option<&MacroRun>,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            keep_moves(&mut scope, changes).await?;
            if let Some(run) = run {
                insert(&mut scope, run).await?;
            }
            scope.commit().await
        })
        .await
    }
}

fn named(request_id: &str) -> String {
    format!("request {request_id}")
}

async fn insert(scope: &mut TenantScope<'_>, run: &MacroRun) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ticket_macro_runs (tenant_id, request_id, ticket_id, macro_id, applied_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(scope.tenant)
    .bind(&run.request_id)
    .bind(run.ticket.as_str())
    .bind(run.applied.as_str())
    .bind(At(run.at))
    .execute(scope.connection())
    .await
    .map_err(about(named(&run.request_id)))?;
    Ok(())
}
