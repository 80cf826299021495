//! Tickets into rows.

use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{Ticket, TicketChange, TicketMove, TicketState};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::TicketEvent;

use super::words;
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Takes the next human numbers before the transaction that makes the tickets, so that nobody waits for
/// that; none for a request that made its ticket before. One that is not used then is a gap.
pub(super) async fn take_numbers(
    asking: &mut TenantScope<'_>,
    requests: Vec<&str>,
) -> Result<Vec<Option<u64>>, StoreError> {
    let rows = sqlx::query(
        "SELECT take_ticket_number($1, asked.request) AS taken
         FROM unnest($2::text[]) WITH ORDINALITY AS asked (request, place)
         ORDER BY asked.place",
    )
    .bind(asking.tenant)
    .bind(requests)
    .fetch_all(asking.connection())
    .await
    .map_err(about("the next ticket numbers"))?;
    let read = |row| Reader::new(row, "take_ticket_number").count_optional("taken");
    rows.iter().map(read).collect()
}

/// Takes the next human number; whoever takes one makes others wait until the transaction ends.
pub(crate) async fn next_number(scope: &mut TenantScope<'_>) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "INSERT INTO ticket_numbers (tenant_id, last)
         VALUES ($1, 1)
         ON CONFLICT (tenant_id) DO UPDATE SET last = ticket_numbers.last + 1
         RETURNING last",
    )
    .bind(scope.tenant)
    .fetch_one(scope.connection())
    .await
    .map_err(about("the next ticket number"))?;
    Reader::new(&row, "ticket_numbers").count("last")
}

/// Holds what a move is about until the transaction ends: the ticket, the one it is merged into, and the
/// one whose task it is if it ends or comes back. A conflict if the target of a merge is not open any more.
pub(super) async fn hold_moved(
    scope: &mut TenantScope<'_>,
    change: &TicketChange,
) -> Result<(), StoreError> {
    let target = change.goes_on_in();
    let is_told = change.from.is_open() != change.ticket.state.is_open();
    let parent = change.ticket.parent.as_ref().filter(|_| is_told);
    let others: Vec<&TicketId> = target.into_iter().chain(parent).collect();
    if others.is_empty() {
        return Ok(());
    }
    let ids: Vec<&TicketId> = [&change.ticket.id].into_iter().chain(others).collect();
    let held = hold(scope, &ids).await?;
    match target.filter(|target| held.iter().any(|(id, state)| id == *target && !state.is_open())) {
        Some(target) => Err(StoreError::conflict(format!("ticket {target}"))),
        None => Ok(()),
    }
}

/// Holds tickets until the transaction ends, and gives where each stands; those that are not there are
/// left out.
///
/// They are held in the order of their ids, so that two who hold the same ones do not wait for each
/// other, and the later one sees what the first has done.
pub(crate) async fn hold(
    scope: &mut TenantScope<'_>,
    ids: &[&TicketId],
) -> Result<Vec<(TicketId, TicketState)>, StoreError> {
    let held = sqlx::query(
        "SELECT id, state
         FROM tickets
         WHERE tenant_id = $1 AND id = ANY($2)
         ORDER BY id
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(ids.iter().map(|id| id.as_str()).collect::<Vec<_>>())
    .fetch_all(scope.connection())
    .await
    .map_err(about("the tickets of a move"))?;
    held.iter()
        .map(|row| {
            let row = Reader::new(row, "tickets");
            Ok((row.parse("id")?, row.parse("state")?))
        })
        .collect()
}

/// Keeps a moved ticket, if it still is at the version before.
pub(super) async fn update(
    scope: &mut TenantScope<'_>,
    change: &TicketChange,
) -> Result<(), StoreError> {
    let ticket = &change.ticket;
    let what = format!("ticket {}", ticket.id);
    let done = sqlx::query(
        "UPDATE tickets
         SET state = $4, department = $5, assignee_id = $6, resolution = $7, merged_into = $8,
             changed_at = $9, version = $3 + 1, resolved_by = $10, informed_at = $11,
             informed_by = $12, alarm_at = $9, reopened = $13, bounced = $14,
             queue_id = $15, priority = $16, category = $17,
             subject = coalesce($18, subject), body = coalesce($19, body),
             kind = coalesce($20, kind), customer_id = coalesce($21, customer_id),
             tier = customer_tier($1, coalesce($21, customer_id)),
             closed_at = CASE WHEN $4 = 'closed' THEN coalesce(closed_at, $9) END
         WHERE tenant_id = $1 AND id = $2 AND version = $3",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .bind(bigint(ticket.version.saturating_sub(1)))
    .bind(ticket.state.as_str())
    .bind(&ticket.department)
    .bind(ticket.assignee.as_ref().map(AsRef::<str>::as_ref))
    .bind(&ticket.resolution)
    .bind(ticket.merged_into.as_ref().map(AsRef::<str>::as_ref))
    .bind(At(ticket.changed_at))
    .bind(&ticket.resolved_by)
    .bind(ticket.informed.map(|informed| At(informed.at)))
    .bind(ticket.informed.map(|informed| informed.by.as_str()))
    .bind(i32::try_from(ticket.reopened).unwrap_or(i32::MAX))
    .bind(i32::try_from(ticket.bounced).unwrap_or(i32::MAX))
    .bind(ticket.queue.as_ref().map(AsRef::<str>::as_ref))
    .bind(ticket.priority.as_str())
    .bind(ticket.category.as_ref().map(AsRef::<str>::as_ref))
    // Only what is corrected is written: what was erased meanwhile stays erased.
    .bind(&change.revision.subject)
    .bind(&change.revision.body)
    .bind(change.revision.kind.as_ref().map(AsRef::<str>::as_ref))
    .bind(change.revision.customer.as_ref().map(AsRef::<str>::as_ref))
    .execute(scope.connection())
    .await
    .map_err(about(what.clone()))?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::conflict(what)) }
}

/// Keeps that a ticket was closed, until it is decided whether that is followed up.
pub(super) async fn closing(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ticket_closings (tenant_id, ticket_id, version, closed_at)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .bind(bigint(ticket.version))
    .bind(At(ticket.changed_at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("ticket {}", ticket.id)))?;
    Ok(())
}

/// Notes something in a ticket's life, wherever the ticket stands.
pub(crate) async fn note(
    scope: &mut TenantScope<'_>,
    id: &TicketId,
    (actor, text): (&str, &str),
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "WITH noted AS (
             UPDATE tickets
             SET version = version + 1, changed_at = $5, alarm_at = $5
             WHERE tenant_id = $1 AND id = $2
             RETURNING version, state
         )
         INSERT INTO ticket_events
             (tenant_id, ticket_id, version, move, state, actor, note, happened_at)
         SELECT $1, $2, noted.version, 'note', noted.state, $3, $4, $5
         FROM noted",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .bind(actor)
    .bind(text)
    .bind(At(at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("ticket {id}")))?;
    words::add(scope, id, [text]).await
}

/// Notes in a ticket's life what the program says of its relations, which are no words to find it by;
/// nothing once its life is over.
pub(crate) async fn tell(
    scope: &mut TenantScope<'_>,
    id: &TicketId,
    (applied, actor, text): (TicketMove, &str, &str),
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(include_str!("../../queries/tell_ticket.sql"))
        .bind(scope.tenant)
        .bind(id.as_str())
        .bind(applied.as_str())
        .bind(actor)
        .bind(text)
        .bind(At(at))
        .execute(scope.connection())
        .await
        .map_err(about(format!("ticket {id}")))?;
    Ok(())
}

/// Adds a line to a ticket's life.
pub(crate) async fn event(
    scope: &mut TenantScope<'_>,
    id: &TicketId,
    event: &TicketEvent,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ticket_events
             (tenant_id, ticket_id, version, move, state, actor, note, happened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .bind(bigint(event.version))
    .bind(event.applied.map(TicketMove::as_str))
    .bind(event.state.as_str())
    .bind(&event.actor)
    .bind(&event.note)
    .bind(At(event.at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("ticket {id}")))?;
    Ok(())
}
