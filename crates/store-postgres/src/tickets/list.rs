//! Lists of tickets: each asks for exactly what its filter says, so that an index that was made for it
//! answers it.
//!
//! A statement that leaves filters open (`$2 IS NULL OR …`) is planned for all of them at once, and
//! partial indexes are out of its reach.

use sqlx::QueryBuilder;
use sqlx::postgres::{PgRow, Postgres};

use switchboard_domain::ticket::{Category, Ticket};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::page::{Cursor, Page, PageRequest, fitting};
use switchboard_store::tickets::{TicketFilter, TicketSort, weight};

use super::read;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// What the indexes of open tickets say, word for word.
const OPEN: &str = " AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled')";

/// Gives one page of the tickets that fit.
pub(super) async fn page(
    scope: &mut TenantScope<'_>,
    filter: &TicketFilter,
    page: &PageRequest,
) -> Result<Page<Ticket>, StoreError> {
    let sort = filter.sort();
    let beginning = format!("SELECT tickets.*, {} AS listed_at", column(sort));
    let rows = statement(&beginning, scope.tenant, filter, page)
        .build()
        .fetch_all(scope.connection())
        .await
        .map_err(about("the tickets"))?;
    let read = |row: &PgRow| {
        let row = Reader::new(row, "tickets");
        Ok((row.at("listed_at")?, read::ticket(&row)?))
    };
    let found: Vec<(Timestamp, Ticket)> =
        rows.iter().map(read).collect::<Result<_, StoreError>>()?;
    let fitting = fitting(found.iter().map(|(_, ticket)| weight(ticket)));
    let size = page.size().min(u32::try_from(fitting).unwrap_or(u32::MAX));
    let cursor = |(at, ticket): &(Timestamp, Ticket)| Cursor { at: *at, id: ticket.id.to_string() };
    let Page { records, next } = Page::cut(found, size, cursor);
    Ok(Page { records: records.into_iter().map(|(_, ticket)| ticket).collect(), next })
}

/// Writes the statement of a page, which gives one more than the page holds if there are more.
pub(crate) fn statement(
    beginning: &str,
    tenant: &str,
    filter: &TicketFilter,
    page: &PageRequest,
) -> QueryBuilder<Postgres> {
    let mut sql = wanted(beginning, tenant, filter);
    let sort = filter.sort();
    let (column, direction, further) = match sort {
        TicketSort::Newest | TicketSort::Closed => (column(sort), "DESC", '<'),
        TicketSort::Due | TicketSort::Untouched => (column(sort), "ASC", '>'),
    };
    if let Some(cursor) = page.after() {
        sql.push(format!(" AND ({column}, id) {further} ("));
        sql.push_bind(At(cursor.at)).push(", ").push_bind(cursor.id.clone()).push(")");
    }
    sql.push(format!(" ORDER BY {column} {direction}, id {direction} LIMIT "));
    sql.push_bind(i64::from(page.size()) + 1);
    sql
}

/// Writes the statement that counts the tickets of a list, the first `most` of them.
pub(crate) fn count(
    beginning: &str,
    tenant: &str,
    filter: &TicketFilter,
    most: u32,
) -> QueryBuilder<Postgres> {
    let mut sql = wanted(&format!("{beginning} count(*) FROM (SELECT"), tenant, filter);
    // Written out, because a plan depends on it.
    sql.push(format!(" LIMIT {most}) AS counted"));
    sql
}

fn wanted(beginning: &str, tenant: &str, filter: &TicketFilter) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(format!("{beginning} FROM tickets WHERE tenant_id = "));
    sql.push_bind(tenant.to_owned());
    add_kind(&mut sql, filter);
    add_origin(&mut sql, tenant, filter);
    add_work(&mut sql, filter);
    sql
}

fn add_kind(sql: &mut QueryBuilder<Postgres>, filter: &TicketFilter) {
    if let Some(state) = filter.state {
        // Written out, because an index may be for it alone.
        sql.push(format!(" AND state = '{state}'"));
    }
    if filter.wants_open() {
        sql.push(OPEN);
    }
    if let Some(kind) = &filter.kind {
        sql.push(" AND kind = ").push_bind(kind.to_string());
    }
    if let Some(category) = filter.category.as_ref().map(Category::to_string) {
        sql.push(" AND (category = ").push_bind(category.clone());
        sql.push(" OR starts_with(category, ").push_bind(format!("{category}/")).push("))");
    }
}

fn add_origin(sql: &mut QueryBuilder<Postgres>, tenant: &str, filter: &TicketFilter) {
    let tenant = || tenant.to_owned();
    if let Some(customer) = filter.customer.as_ref().map(ToString::to_string) {
        sql.push(" AND customer_id = ANY(ARRAY(SELECT ").push_bind(customer.clone());
        sql.push(" UNION ALL SELECT id FROM customers WHERE tenant_id = ").push_bind(tenant());
        sql.push(" AND merged_into = ").push_bind(customer).push("))");
    }
    if let Some(contact) = filter.interaction.as_ref().map(ToString::to_string) {
        sql.push(" AND id = ANY(ARRAY(SELECT id FROM tickets WHERE tenant_id = ");
        sql.push_bind(tenant()).push(" AND interaction_id = ").push_bind(contact.clone());
        sql.push(" UNION ALL SELECT ticket_id FROM ticket_joins WHERE tenant_id = ");
        sql.push_bind(tenant()).push(" AND interaction_id = ").push_bind(contact).push("))");
    }
    if let Some(follower) = filter.follower.clone() {
        sql.push(" AND id = ANY(ARRAY(SELECT ticket_id FROM ticket_followers WHERE tenant_id = ");
        sql.push_bind(tenant()).push(" AND actor = ").push_bind(follower).push("))");
    }
    if let Some(parent) = &filter.parent {
        sql.push(" AND parent_id = ").push_bind(parent.to_string());
    }
    if let Some(incident) = &filter.incident {
        sql.push(" AND incident_id = ").push_bind(incident.to_string());
    }
    if filter.is_incident {
        sql.push(" AND is_incident");
    }
    if filter.is_important {
        sql.push(" AND tier IN ('A1', 'A2', 'A3')");
    }
}

fn add_work(sql: &mut QueryBuilder<Postgres>, filter: &TicketFilter) {
    if let Some(assignee) = &filter.assignee {
        sql.push(" AND assignee_id = ").push_bind(assignee.to_string());
    }
    if let Some(department) = &filter.department {
        sql.push(" AND department = ").push_bind(department.clone());
    }
    if filter.is_unassigned {
        sql.push(" AND assignee_id IS NULL");
    }
    if let Some(from) = filter.due_from {
        sql.push(" AND due_at >= ").push_bind(At(from));
    }
    if let Some(before) = filter.due_before {
        sql.push(" AND due_at < ").push_bind(At(before));
    }
    if let Some(since) = filter.unchanged_since {
        sql.push(" AND changed_at < ").push_bind(At(since));
    }
    if filter.is_reopened {
        sql.push(" AND reopened > 0");
    }
    if filter.is_bounced {
        sql.push(" AND bounced > 1");
    }
}

const fn column(sort: TicketSort) -> &'static str {
    match sort {
        TicketSort::Newest => "created_at",
        TicketSort::Due => "due_at",
        TicketSort::Untouched => "changed_at",
        // Tickets that were closed before that was kept have their last change.
        TicketSort::Closed => "coalesce(closed_at, changed_at)",
    }
}
