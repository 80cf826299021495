//! Open tickets that take up what comes in for the same issue.

use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::NewTicket;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::TicketOrder;

use super::words;
use crate::error::about;
use crate::row::Reader;
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
