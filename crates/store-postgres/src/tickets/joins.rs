//! Open tickets that take up what comes in for the same issue.

use switchboard_domain::ids::{ContactId, TicketId};
use switchboard_domain::ticket::{NewTicket, Ticket};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::TicketOrder;

use super::words;
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;

/// What comes in, and for whom it is recognised again.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    /// The person's order; none when a rule ordered.
    pub(super) request_id: Option<&'a str>,
    /// The rule; none when a person ordered.
    pub(super) rule: Option<&'a str>,
    /// Who ordered.
    pub(super) actor: &'a str,
    /// When.
    pub(super) at: Timestamp,
}

/// Says whether an open ticket might take up what is ordered.
pub(super) fn may_join(order: &TicketOrder) -> bool {
    order.ticket.customer.is_some() && order.joins_since.is_some()
}

/// Gives the open ticket that takes up an issue, if one was made since then; holds it until the
/// transaction ends.
pub(super) async fn find(
    scope: &mut TenantScope<'_>,
    issue: &NewTicket,
    since: Option<Timestamp>,
) -> Result<Option<TicketId>, StoreError> {
    let (Some(customer), Some(since)) = (&issue.customer, since) else { return Ok(None) };
    let row = sqlx::query(include_str!("../../queries/ticket_to_join.sql"))
        .bind(scope.tenant)
        .bind(customer.as_str())
        .bind(issue.kind.as_str())
        .bind(issue.category.as_ref().map(AsRef::<str>::as_ref))
        .bind(At(since))
        .fetch_optional(scope.connection())
        .await
        .map_err(about("a ticket to join"))?;
    row.map(|row| Reader::new(&row, "tickets").parse("id")).transpose()
}

/// Writes what came in into the life of a ticket.
pub(super) async fn join(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
    issue: &NewTicket,
    arrival: Arrival<'_>,
) -> Result<(), StoreError> {
    let taken_up = issue.taken_up();
    sqlx::query(include_str!("../../queries/join_ticket.sql"))
        .bind(scope.tenant)
        .bind(ticket.as_str())
        .bind(arrival.request_id)
        .bind(issue.interaction.as_ref().map(AsRef::<str>::as_ref))
        .bind(arrival.actor)
        .bind(&taken_up)
        .bind(At(arrival.at))
        .bind(arrival.rule)
        .execute(scope.connection())
        .await
        .map_err(about(format!("ticket {ticket}")))?;
    words::add(scope, ticket, [taken_up.as_str()]).await
}

/// Gives the interactions that a ticket took up or that were linked to it, by id.
pub(crate) async fn interactions(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
) -> Result<Vec<ContactId>, StoreError> {
    let linked: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT interaction_id
         FROM ticket_joins
         WHERE tenant_id = $1 AND ticket_id = $2 AND interaction_id IS NOT NULL
         ORDER BY interaction_id",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("the interactions of ticket {ticket}")))?;
    let contact = |id: String| {
        id.parse().map_err(|error| StoreError::corrupt("ticket_joins.interaction_id", error))
    };
    linked.into_iter().map(contact).collect()
}

/// Links an interaction to a ticket by the line of its life that was written last.
pub(crate) async fn link(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    contact: &ContactId,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO ticket_joins (tenant_id, ticket_id, version, interaction_id)
         SELECT $1, $2, $3, interactions.id
         FROM interactions
         WHERE interactions.tenant_id = $1 AND interactions.id = $4",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .bind(bigint(ticket.version))
    .bind(contact.as_str())
    .execute(scope.connection())
    .await
    .map_err(about(format!("ticket {}", ticket.id)))?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(StoreError::not_found(format!("interaction {contact}")))
}

/// Says whether a rule has led to a ticket, its own or one that took it up.
pub(super) async fn has_led(
    scope: &mut TenantScope<'_>,
    issue: &NewTicket,
    rule: &str,
) -> Result<bool, StoreError> {
    let row = sqlx::query(include_str!("../../queries/rule_has_led.sql"))
        .bind(scope.tenant)
        .bind(issue.interaction.as_ref().map(AsRef::<str>::as_ref))
        .bind(rule)
        .fetch_one(scope.connection())
        .await
        .map_err(about(format!("the ticket of rule {rule}")))?;
    Reader::new(&row, "tickets").get("has_led")
}
