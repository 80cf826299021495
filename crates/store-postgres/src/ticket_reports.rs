//! Counts what became of tickets, what their customers answered, and with which something is wrong.

pub(crate) mod exceptions;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::survey::{PointFigures, ResponseFigures, SATISFIED};
use switchboard_domain::ticket::sla::{OVERDUE, UNANSWERED};
use switchboard_domain::ticket::{StageTimes, Standing, TicketFigures};
use switchboard_store::error::StoreError;
use switchboard_store::ticket_reports::{
    ExceptionQuery, ExceptionReport, TicketGroup, TicketGrouping, TicketReport, TicketReports,
};
use switchboard_store::tickets::TicketFilter;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
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
            let mut figures = ticket_figures(&mut scope, report).await?;
            let mut responses = response_figures(&mut scope, report).await?;
            scope.commit().await?;
            // Somebody may have answered of whose tickets none was open or moved in the time.
            for name in responses.keys() {
                figures.entry(name.clone()).or_default();
            }
            let grouped = figures.into_iter().map(|(name, figures)| {
                let responses = responses.remove(&name).unwrap_or_default();
                TicketGroup { name, figures, responses }
            });
            Ok(grouped.collect())
        })
        .await
    }

    async fn ticket_exceptions(
        &self,
        tenant: &TenantId,
        query: &ExceptionQuery,
    ) -> Result<ExceptionReport, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let report = exceptions::report(&mut scope, query).await?;
            scope.commit().await?;
            Ok(report)
        })
        .await
    }

    async fn count_tickets_up_to(
        &self,
        tenant: &TenantId,
        filter: &TicketFilter,
        most: u32,
    ) -> Result<u64, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = exceptions::count_up_to(&mut scope, filter, most).await?;
            scope.commit().await?;
            Ok(found)
        })
        .await
    }
}

async fn ticket_figures(
    scope: &mut TenantScope<'_>,
    report: &TicketReport,
) -> Result<BTreeMap<String, TicketFigures>, StoreError> {
    let rows = sqlx::query(include_str!("../queries/ticket_figures.sql"))
        .bind(scope.tenant)
        .bind(At(report.from))
        .bind(At(report.until))
        .bind(column(report.by))
        .bind(&report.department)
        .bind(OVERDUE)
        .bind(UNANSWERED)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the figures of tickets"))?;
    let readers = rows.iter().map(|row| Reader::new(row, "tickets"));
    readers.map(|row| Ok((row.get("name")?, figures(&row)?))).collect()
}

async fn response_figures(
    scope: &mut TenantScope<'_>,
    report: &TicketReport,
) -> Result<BTreeMap<String, ResponseFigures>, StoreError> {
    let rows = sqlx::query(include_str!("../queries/response_figures.sql"))
        .bind(scope.tenant)
        .bind(At(report.from))
        .bind(At(report.until))
        .bind(column(report.by))
        .bind(&report.department)
        .bind(i16::from(SATISFIED))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the figures of answers"))?;
    let readers = rows.iter().map(|row| Reader::new(row, "follow_ups"));
    readers.map(|row| Ok((row.get("name")?, responses(&row)?))).collect()
}

const fn column(by: TicketGrouping) -> &'static str {
    match by {
        TicketGrouping::Nothing => "nothing",
        TicketGrouping::Kind => "kind",
        TicketGrouping::Category => "category",
        TicketGrouping::Department => "department",
        TicketGrouping::Agent => "agent",
        TicketGrouping::Priority => "priority",
        TicketGrouping::Tier => "tier",
    }
}

fn figures(row: &Reader<'_>) -> Result<TicketFigures, StoreError> {
    let span = |column| row.count(column).map(Duration::from_millis);
    Ok(TicketFigures {
        made: row.count("made")?,
        resolved: row.count("resolved")?,
        late: row.count("late")?,
        answered: row.count("answered")?,
        answered_late: row.count("answered_late")?,
        answering: span("answering")?,
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

fn responses(row: &Reader<'_>) -> Result<ResponseFigures, StoreError> {
    Ok(ResponseFigures {
        asked: row.count("asked")?,
        answered: row.count("answered")?,
        satisfaction: PointFigures {
            answers: row.count("answers")?,
            sum: row.count("sum")?,
            satisfied: row.count("satisfied")?,
        },
        judged: row.count("judged")?,
        loyal: row.count("loyal")?,
    })
}
