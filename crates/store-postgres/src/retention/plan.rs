//! What would go, counted as a run takes it.

use switchboard_domain::retention::Kept;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::retention::PlannedRecords;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Counts the records of a kind before a time.
pub(super) async fn count(
    scope: &mut TenantScope<'_>,
    kept: Kept,
    before: Timestamp,
) -> Result<PlannedRecords, StoreError> {
    let statement = match kept {
        Kept::Events => include_str!("../../queries/count_events.sql"),
        Kept::Interactions => include_str!("../../queries/count_interactions.sql"),
        Kept::Tickets => include_str!("../../queries/count_tickets.sql"),
        Kept::Customers => include_str!("../../queries/count_idle_customers.sql"),
        Kept::Lookups => include_str!("../../queries/count_lookups.sql"),
        Kept::Audit => include_str!("../../queries/count_audit.sql"),
    };
    let row = sqlx::query(statement)
        .bind(scope.tenant)
        .bind(At(before))
        .fetch_one(scope.connection())
        .await
        .map_err(about(format!("{kept} past their time")))?;
    let row = Reader::new(&row, kept.as_str());
    Ok(PlannedRecords { kept, before, due: row.count("due")?, held: row.count("held")? })
}
