//! Rows into tickets.

use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{Informed, Medium, Ticket};
use switchboard_store::error::StoreError;
use switchboard_store::tickets::TicketEvent;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

/// Gives a ticket by its id.
pub(crate) async fn by_id(
    scope: &mut TenantScope<'_>,
    id: &TicketId,
) -> Result<Option<Ticket>, StoreError> {
    let row = sqlx::query("SELECT * FROM tickets WHERE tenant_id = $1 AND id = $2")
        .bind(scope.tenant)
        .bind(id.as_str())
        .fetch_optional(scope.connection())
        .await
        .map_err(about(format!("ticket {id}")))?;
    row.map(|row| ticket(&Reader::new(&row, "tickets"))).transpose()
}

/// Gives the ticket that an order made.
pub(super) async fn by_request(
    scope: &mut TenantScope<'_>,
    request_id: &str,
) -> Result<Option<Ticket>, StoreError> {
    let row = sqlx::query("SELECT * FROM tickets WHERE tenant_id = $1 AND request_id = $2")
        .bind(scope.tenant)
        .bind(request_id)
        .fetch_optional(scope.connection())
        .await
        .map_err(about("a ticket by its request"))?;
    row.map(|row| ticket(&Reader::new(&row, "tickets"))).transpose()
}

/// Gives the ticket that took up an order, and what it noted of it.
pub(super) async fn by_joined_request(
    scope: &mut TenantScope<'_>,
    request_id: &str,
) -> Result<Option<(Ticket, Option<String>)>, StoreError> {
    let row = sqlx::query(
        "SELECT tickets.*, ticket_events.note AS taken_up
         FROM ticket_joins
         JOIN tickets ON tickets.tenant_id = $1 AND tickets.id = ticket_joins.ticket_id
         JOIN ticket_events
             ON ticket_events.tenant_id = $1
                 AND ticket_events.ticket_id = ticket_joins.ticket_id
                 AND ticket_events.version = ticket_joins.version
         WHERE ticket_joins.tenant_id = $1 AND ticket_joins.request_id = $2",
    )
    .bind(scope.tenant)
    .bind(request_id)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("a ticket by what it took up"))?;
    let Some(row) = &row else { return Ok(None) };
    let row = Reader::new(row, "tickets");
    Ok(Some((ticket(&row)?, row.get("taken_up")?)))
}

/// Gives the life of a ticket.
pub(super) async fn events(
    scope: &mut TenantScope<'_>,
    id: &TicketId,
) -> Result<Vec<TicketEvent>, StoreError> {
    let rows = sqlx::query(
        "SELECT version, move, state, actor, note, happened_at
         FROM ticket_events
         WHERE tenant_id = $1 AND ticket_id = $2
         ORDER BY version",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("the life of ticket {id}")))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "ticket_events");
            Ok(TicketEvent {
                version: row.count("version")?,
                applied: row.parse_optional("move")?,
                state: row.parse("state")?,
                actor: row.get("actor")?,
                note: row.get("note")?,
                at: row.at("happened_at")?,
            })
        })
        .collect()
}

/// Reads a ticket.
pub(crate) fn ticket(row: &Reader<'_>) -> Result<Ticket, StoreError> {
    Ok(Ticket {
        id: row.parse("id")?,
        number: row.count("number")?,
        state: row.parse("state")?,
        subject: row.get("subject")?,
        body: row.get("body")?,
        kind: row.parse("kind")?,
        category: row.parse_optional("category")?,
        priority: row.parse("priority")?,
        medium: row.parse("medium")?,
        customer: row.parse_optional("customer_id")?,
        interaction: row.parse_optional("interaction_id")?,
        rule: row.get("rule")?,
        department: row.get("department")?,
        queue: row.parse_optional("queue_id")?,
        assignee: row.parse_optional("assignee_id")?,
        resolution: row.get("resolution")?,
        resolved_by: row.get("resolved_by")?,
        informed: informed(row)?,
        merged_into: row.parse_optional("merged_into")?,
        parent: row.parse_optional("parent_id")?,
        incident: row.parse_optional("incident_id")?,
        is_incident: row.get("is_incident")?,
        reopened: small(row, "reopened")?,
        bounced: small(row, "bounced")?,
        created_at: row.at("created_at")?,
        changed_at: row.at("changed_at")?,
        version: row.count("version")?,
    })
}

fn small(row: &Reader<'_>, column: &str) -> Result<u32, StoreError> {
    let number: i32 = row.get(column)?;
    u32::try_from(number).map_err(|error| StoreError::corrupt(format!("tickets.{column}"), error))
}

fn informed(row: &Reader<'_>) -> Result<Option<Informed>, StoreError> {
    let by: Option<Medium> = row.parse_optional("informed_by")?;
    by.map(|by| Ok(Informed { at: row.at("informed_at")?, by })).transpose()
}
