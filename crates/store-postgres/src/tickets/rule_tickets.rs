//! Tickets made by rules: exactly one per interaction and rule.

use sqlx::types::Uuid;

use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{NewTicket, Ticket, TicketRule, TicketState};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

use super::{made, write};

/// Makes the ticket of a rule for an interaction, unless it is there.
///
/// The recorder's offset lets one transaction at a time get here; the table's key has the last word.
pub(crate) async fn make(
    scope: &mut TenantScope<'_>,
    rule: &TicketRule,
    order: &NewTicket,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(id) = free_id(scope, rule, order).await? else { return Ok(()) };
    let number = write::next_number(scope).await?;
    let ticket = Ticket {
        id,
        number,
        state: TicketState::New,
        subject: order.subject.clone(),
        body: order.body.clone(),
        priority: order.priority,
        customer: order.customer.clone(),
        interaction: order.interaction.clone(),
        rule: Some(rule.id.clone()),
        department: order.department.clone(),
        assignee: None,
        resolution: None,
        merged_into: None,
        created_at: now,
        changed_at: now,
        version: 1,
    };
    write::insert(scope, &ticket, None).await?;
    write::event(scope, &ticket.id, &made(&ticket, &format!("rule:{}", rule.id))).await
}

/// Gives a new id, or none when the rule has made its ticket.
async fn free_id(
    scope: &mut TenantScope<'_>,
    rule: &TicketRule,
    order: &NewTicket,
) -> Result<Option<TicketId>, StoreError> {
    let row = sqlx::query(
        "SELECT gen_random_uuid() AS id
         WHERE NOT EXISTS (
             SELECT FROM tickets
             WHERE tenant_id = $1 AND interaction_id = $2 AND rule = $3
         )",
    )
    .bind(scope.tenant)
    .bind(order.interaction.as_ref().map(AsRef::<str>::as_ref))
    .bind(&rule.id)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the tickets of a rule"))?;
    row.map(|row| {
        let id: Uuid = Reader::new(&row, "tickets").get("id")?;
        TicketId::parse(id.to_string()).map_err(|error| StoreError::corrupt("tickets.id", error))
    })
    .transpose()
}
