//! Tickets made by rules: exactly one per interaction and rule.

use switchboard_domain::ticket::{NewTicket, TicketRule, TicketState};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Makes the ticket of a rule for an interaction, unless it is there.
///
/// The recorder's offset lets one transaction at a time get here; the table's key has the last word.
pub(crate) async fn make(
    scope: &mut TenantScope<'_>,
    rule: &TicketRule,
    order: &NewTicket,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(include_str!("../../queries/make_rule_ticket.sql"))
        .bind(scope.tenant)
        .bind(order.interaction.as_ref().map(AsRef::<str>::as_ref))
        .bind(&rule.id)
        .bind(TicketState::New.as_str())
        .bind(&order.subject)
        .bind(&order.body)
        .bind(order.priority.as_str())
        .bind(order.customer.as_ref().map(AsRef::<str>::as_ref))
        .bind(&order.department)
        .bind(At(now))
        .bind(format!("rule:{}", rule.id))
        .execute(scope.connection())
        .await
        .map_err(about(format!("the ticket of rule {}", rule.id)))?;
    Ok(())
}
