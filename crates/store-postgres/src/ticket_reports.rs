//! Counts what became of tickets.

use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::sla::OVERDUE;
use switchboard_domain::ticket::{StageTimes, Standing, TicketFigures};
use switchboard_store::error::StoreError;
use switchboard_store::ticket_reports::{TicketGroup, TicketGrouping, TicketReport, TicketReports};

use crate::error::about;
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl TicketReports for PostgresStore {
    async fn ticket_figures(
        &self,
        tenant: &TenantId,
        report: &TicketReport,
    ) -> Result<Vec<TicketGroup>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(include_str!("../queries/ticket_figures.sql"))
                .bind(scope.tenant)
                .bind(At(report.from))
                .bind(At(report.until))
                .bind(column(report.by))
                .bind(&report.department)
                .bind(OVERDUE)
                .fetch_all(scope.connection())
                .await
                .map_err(about("the figures of tickets"))?;
            scope.commit().await?;
            rows.iter()
                .map(|row| {
                    let row = Reader::new(row, "tickets");
                    Ok(TicketGroup { name: row.get("name")?, figures: figures(&row)? })
                })
                .collect()
        })
        .await
    }
}

const fn column(by: TicketGrouping) -> &'static str {
    match by {
        TicketGrouping::Nothing => "nothing",
        TicketGrouping::Kind => "kind",
        TicketGrouping::Category => "category",
        TicketGrouping::Department => "department",
        TicketGrouping::Agent => "agent",
        TicketGrouping::Priority => "priority",
    }
}

fn figures(row: &Reader<'_>) -> Result<TicketFigures, StoreError> {
    let span = |column| row.count(column).map(Duration::from_millis);
    Ok(TicketFigures {
        made: row.count("made")?,
        resolved: row.count("resolved")?,
        late: row.count("late")?,
        first_contact: row.count("first_contact")?,
        closed: row.count("closed")?,
        reopened: row.count("reopened")?,
        merged: row.count("merged")?,
        cancelled: row.count("cancelled")?,
        resolving: span("resolving")?,
        spent: StageTimes {
            acceptance: span("spent_acceptance")?,
            dispatch: span("spent_dispatch")?,
            handling: span("spent_handling")?,
            waiting: span("spent_waiting")?,
            closure: span("spent_closure")?,
        },
        standing: Standing {
            acceptance: row.count("standing_acceptance")?,
            dispatch: row.count("standing_dispatch")?,
            handling: row.count("standing_handling")?,
            waiting: row.count("standing_waiting")?,
            closure: row.count("standing_closure")?,
        },
        age: span("age")?,
        oldest: span("oldest")?,
        older_than_week: row.count("older_than_week")?,
        older_than_month: row.count("older_than_month")?,
    })
}
