//! New tickets into rows.

use switchboard_domain::ticket::Ticket;
use switchboard_domain::ticket::sla::Outlook;
use switchboard_store::error::StoreError;

use super::words;
use crate::error::about;
use crate::row::bigint;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// How a ticket comes to be.
#[derive(Clone, Copy)]
pub(crate) struct Making<'a> {
    /// The person's order; none when the program makes it.
    pub(crate) request_id: Option<&'a str>,
    /// Who makes it.
    pub(crate) actor: &'a str,
    /// What is to come of its deadlines; none when they are to be looked at, at once.
    pub(crate) outlook: Option<Outlook>,
}

/// Keeps a new ticket, with the first line of its life and the words it is found by.
pub(crate) async fn keep(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    making: Making<'_>,
) -> Result<(), StoreError> {
    let Making { request_id, actor, outlook } = making;
    let made_at = ticket.created_at;
    let look_at = outlook.map_or(Some(made_at), |foreseen| foreseen.next);
    sqlx::query(include_str!("../../queries/make_ticket.sql"))
        .bind(scope.tenant)
        .bind(ticket.id.as_str())
        .bind(bigint(ticket.number))
        .bind(request_id)
        .bind(ticket.state.as_str())
        .bind(&ticket.subject)
        .bind(&ticket.body)
        .bind(ticket.priority.as_str())
        .bind(ticket.customer.as_ref().map(AsRef::<str>::as_ref))
        .bind(ticket.interaction.as_ref().map(AsRef::<str>::as_ref))
        .bind(&ticket.rule)
        .bind(&ticket.department)
        .bind(At(made_at))
        .bind(At(ticket.changed_at))
        .bind(bigint(ticket.version))
        .bind(ticket.kind.as_str())
        .bind(ticket.category.as_ref().map(AsRef::<str>::as_ref))
        .bind(ticket.medium.as_str())
        .bind(ticket.parent.as_ref().map(AsRef::<str>::as_ref))
        .bind(ticket.is_incident)
        .bind(look_at.map(At))
        .bind(outlook.map(|_| At(made_at)))
        .bind(outlook.and_then(|foreseen| foreseen.deadline).map(At))
        .bind(actor)
        .bind(words::of_new(ticket.number, [&ticket.subject, &ticket.body]))
        .execute(scope.connection())
        .await
        .map_err(about(format!("ticket {}", ticket.id)))?;
    Ok(())
}
