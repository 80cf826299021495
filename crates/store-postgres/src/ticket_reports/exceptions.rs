//! Counts open tickets with which something is wrong.

use switchboard_store::error::StoreError;
use switchboard_store::ticket_reports::{ExceptionQuery, ExceptionReport, TicketExceptions};
use switchboard_store::tickets::TicketFilter;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::tickets::list;
use crate::timestamp::At;

/// Counts all of them, together and by department.
pub(super) async fn report(
    scope: &mut TenantScope<'_>,
    query: &ExceptionQuery,
) -> Result<ExceptionReport, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/ticket_exceptions.sql"))
        .bind(scope.tenant)
        .bind(&query.department)
        .bind(At(query.now))
        .bind(At(query.untouched_since))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the exceptions of tickets"))?;
    let mut report = ExceptionReport::default();
    for row in rows.iter().map(|row| Reader::new(row, "tickets")) {
        if row.get("is_all")? {
            report.all = exceptions(&row)?;
        } else {
            report.departments.push(exceptions(&row)?);
        }
    }
    Ok(report)
}

fn exceptions(row: &Reader<'_>) -> Result<TicketExceptions, StoreError> {
    Ok(TicketExceptions {
        department: row.get("department")?,
        open: row.count("open")?,
        overdue: row.count("overdue")?,
        stuck: row.count("stuck")?,
        bounced: row.count("bounced")?,
        reopened: row.count("reopened")?,
        unassigned: row.count("unassigned")?,
    })
}

/// Counts the first `most` tickets of a list.
pub(super) async fn count_up_to(
    scope: &mut TenantScope<'_>,
    filter: &TicketFilter,
    most: u32,
) -> Result<u64, StoreError> {
    read_indexes_only(scope).await?;
    let found: i64 = list::count("SELECT", scope.tenant, filter, most)
        .build_query_scalar()
        .fetch_one(scope.connection())
        .await
        .map_err(about("the number of tickets"))?;
    u64::try_from(found).map_err(|error| StoreError::corrupt("the number of tickets", error))
}

/// Keeps the rest of the transaction from reading more than it counts: the first rows of the table may all
/// be over, and a bitmap is made of every row that fits before the first is counted.
pub(crate) async fn read_indexes_only(scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)",
    )
    .execute(scope.connection())
    .await
    .map_err(about("the way to count"))?;
    Ok(())
}
