//! Lists of tickets that people saved.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::{TenantId, TicketViewId};
use switchboard_domain::ticket::TicketState;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_views::{SavedView, TicketViews, ViewFilter};
use switchboard_store::tickets::TicketFilter;

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::store::PostgresStore;
use crate::timestamp::At;

const MAX_VIEWS: i64 = 500;

const OVERDUE: &str = "overdue";
const DUE_TODAY: &str = "due_today";
const UNASSIGNED: &str = "unassigned";
const OPEN: &str = "open";
const REOPENED: &str = "reopened";
const BOUNCED: &str = "bounced";
const IMPORTANT: &str = "important";
const FOLLOWED: &str = "followed";
const INCIDENT: &str = "incident";

#[async_trait]
impl TicketViews for PostgresStore {
    async fn view(&self, tenant: &TenantId, id: &TicketViewId) -> Result<SavedView, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let row = sqlx::query("SELECT * FROM ticket_views WHERE tenant_id = $1 AND id = $2")
                .bind(scope.tenant)
                .bind(id.as_str())
                .fetch_optional(scope.connection())
                .await
                .map_err(about(named(id)))?;
            scope.commit().await?;
            row.as_ref().map(read).transpose()?.ok_or_else(|| StoreError::not_found(named(id)))
        })
        .await
    }

    async fn views(
        &self,
        tenant: &TenantId,
        owner: &str,
        department: Option<&str>,
    ) -> Result<Vec<SavedView>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT *
                 FROM ticket_views
                 WHERE tenant_id = $1
                     AND (
                         owner = $2
                         OR (department IS NOT NULL AND ($3::text IS NULL OR department = $3))
                     )
                 ORDER BY title, id
                 LIMIT $4",
            )
            .bind(scope.tenant)
            .bind(owner)
            .bind(department)
            .bind(MAX_VIEWS)
            .fetch_all(scope.connection())
            .await
            .map_err(about("the views of tickets"))?;
            scope.commit().await?;
            rows.iter().map(read).collect()
        })
        .await
    }

    async fn save_view(&self, tenant: &TenantId, view: &SavedView) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let lasting = &view.filter.lasting;
            let done = sqlx::query(include_str!("../queries/save_ticket_view.sql"))
                .bind(scope.tenant)
                .bind(view.id.as_str())
                .bind(&view.title)
                .bind(&view.owner)
                .bind(&view.department)
                .bind(lasting.state.map(TicketState::as_str))
                .bind(lasting.kind.as_ref().map(AsRef::<str>::as_ref))
                .bind(lasting.category.as_ref().map(AsRef::<str>::as_ref))
                .bind(&lasting.department)
                .bind(lasting.assignee.as_ref().map(AsRef::<str>::as_ref))
                .bind(marks(&view.filter))
                .bind(view.filter.untouched_for.map(millis))
                .bind(At(view.saved_at))
                .bind(bigint(view.version))
                .execute(scope.connection())
                .await
                .map_err(about(named(&view.id)))?;
            if done.rows_affected() == 0 {
                return Err(StoreError::conflict(named(&view.id)));
            }
            scope.commit().await
        })
        .await
    }

    async fn delete_view(
        &self,
        tenant: &TenantId,
        id: &TicketViewId,
        version: u64,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let done = sqlx::query(
                "DELETE FROM ticket_views WHERE tenant_id = $1 AND id = $2 AND version = $3",
            )
            .bind(scope.tenant)
            .bind(id.as_str())
            .bind(bigint(version))
            .execute(scope.connection())
            .await
            .map_err(about(named(id)))?;
            if done.rows_affected() == 0 {
                return Err(StoreError::conflict(named(id)));
            }
            scope.commit().await
        })
        .await
    }
}

fn named(id: &TicketViewId) -> String {
    format!("ticket_view {id}")
}

/// Gives the names of what is said with yes or no.
fn marks(filter: &ViewFilter) -> Vec<&'static str> {
    let lasting = &filter.lasting;
    let said = [
        (OVERDUE, filter.is_overdue),
        (DUE_TODAY, filter.is_due_today),
        (UNASSIGNED, lasting.is_unassigned),
        (OPEN, lasting.is_open),
        (REOPENED, lasting.is_reopened),
        (BOUNCED, lasting.is_bounced),
        (IMPORTANT, lasting.is_important),
        (FOLLOWED, filter.is_followed),
        (INCIDENT, lasting.is_incident),
    ];
    said.into_iter().filter(|(_, is_said)| *is_said).map(|(mark, _)| mark).collect()
}

fn read(row: &PgRow) -> Result<SavedView, StoreError> {
    let row = Reader::new(row, "ticket_views");
    let marks: Vec<String> = row.get("marks")?;
    let says = |mark: &str| marks.iter().any(|said| said == mark);
    let untouched: Option<i64> = row.get("untouched_millis")?;
    let lasting = TicketFilter {
        state: row.parse_optional("state")?,
        kind: row.parse_optional("kind")?,
        category: row.parse_optional("category")?,
        department: row.get("of_department")?,
        assignee: row.parse_optional("assignee_id")?,
        is_unassigned: says(UNASSIGNED),
        is_open: says(OPEN),
        is_reopened: says(REOPENED),
        is_bounced: says(BOUNCED),
        is_important: says(IMPORTANT),
        is_incident: says(INCIDENT),
        ..TicketFilter::default()
    };
    Ok(SavedView {
        id: row.parse("id")?,
        title: row.get("title")?,
        owner: row.get("owner")?,
        department: row.get("department")?,
        filter: ViewFilter {
            lasting,
            is_overdue: says(OVERDUE),
            is_due_today: says(DUE_TODAY),
            is_followed: says(FOLLOWED),
            untouched_for: untouched.map(|time| Duration::from_millis(time.unsigned_abs())),
        },
        saved_at: row.at("saved_at")?,
        version: row.count("version")?,
    })
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
