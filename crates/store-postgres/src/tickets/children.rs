//! Tasks below a ticket: made under an open one, whose life tells of them.

use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{NewTicket, Ticket, TicketChange, TicketMove};
use switchboard_store::error::StoreError;
use switchboard_store::ticket_relations::TicketBrief;

use super::{read, write};
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

/// Holds the parent of a new task until the transaction ends; a conflict if it admits none.
///
/// Whoever judges a move of the parent meanwhile finds another version of it.
pub(super) async fn admit(
    scope: &mut TenantScope<'_>,
    ticket: &NewTicket,
) -> Result<(), StoreError> {
    let Some(id) = &ticket.parent else { return Ok(()) };
    write::hold(scope, &[id]).await?;
    let parent = read::by_id(scope, id).await?;
    let parent = parent.ok_or_else(|| StoreError::not_found(format!("ticket {id}")))?;
    let children = of(scope, id).await?.len();
    let refused = |_| StoreError::conflict(format!("parent {id}"));
    parent.admit_child(children).map_err(refused)
}

/// Notes a new task in the life of its parent.
pub(super) async fn tell_making(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    actor: &str,
) -> Result<(), StoreError> {
    let Some(parent) = &ticket.parent else { return Ok(()) };
    let text = format!("task #{} is new", ticket.number);
    write::tell(scope, parent, (TicketMove::Note, actor, &text), ticket.created_at).await
}

/// Notes in the life of the parent that no task is open any more, or that one came back; the parent is
/// held already, so that of two tasks that end at once the later one is the last.
pub(super) async fn tell_parent(
    scope: &mut TenantScope<'_>,
    change: &TicketChange,
) -> Result<(), StoreError> {
    let ticket = &change.ticket;
    let Some(parent) = &ticket.parent else { return Ok(()) };
    if change.from.is_open() == ticket.state.is_open() {
        return Ok(());
    }
    let children = of(scope, parent).await?;
    let open = children.iter().filter(|child| child.state.is_open()).count();
    let Some(text) = ticket.told_to_parent(change.from, open) else { return Ok(()) };
    let line = (TicketMove::Note, change.actor.as_str(), text.as_str());
    write::tell(scope, parent, line, ticket.changed_at).await
}

/// Gives the tasks below a ticket, by number.
pub(crate) async fn of(
    scope: &mut TenantScope<'_>,
    parent: &TicketId,
) -> Result<Vec<TicketBrief>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, number, subject, state, department
         FROM tickets
         WHERE tenant_id = $1 AND parent_id = $2
         ORDER BY number",
    )
    .bind(scope.tenant)
    .bind(parent.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("the tasks of ticket {parent}")))?;
    rows.iter().map(|row| brief(&Reader::new(row, "tickets"))).collect()
}

/// Reads a ticket as another one names it.
pub(crate) fn brief(row: &Reader<'_>) -> Result<TicketBrief, StoreError> {
    Ok(TicketBrief {
        id: row.parse("id")?,
        number: row.count("number")?,
        subject: row.get("subject")?,
        state: row.parse("state")?,
        department: row.get("department")?,
    })
}
