//! Tickets made by rules: exactly one per interaction and rule.

use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{NewTicket, TicketRule, TicketState};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::follow_ups::call_backs;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

use super::joins::{self, Arrival};
use super::words;

/// Makes the ticket of a rule for an interaction, or lets an open one take it up, unless either was
/// done before.
///
/// The recorder's offset lets one transaction at a time get here; the table's key has the last word.
pub(crate) async fn make(
    scope: &mut TenantScope<'_>,
    rule: &TicketRule,
    order: &NewTicket,
    now: Timestamp,
) -> Result<(), StoreError> {
    let actor = format!("rule:{}", rule.id);
    let since = rule.joins_within.map(|within| now - within);
    if since.is_some() && joins::has_led(scope, order, &rule.id).await? {
        return Ok(());
    }
    if let Some(open) = joins::find(scope, order, since).await? {
        let arrival = Arrival { request_id: None, rule: Some(&rule.id), actor: &actor, at: now };
        joins::join(scope, &open, order, arrival).await?;
        return call_back(scope, rule, (&open, order), now).await;
    }
    let made = sqlx::query(include_str!("../../queries/make_rule_ticket.sql"))
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
        .bind(actor)
        .bind(order.kind.as_str())
        .bind(order.category.as_ref().map(AsRef::<str>::as_ref))
        .bind(order.medium.as_str())
        .fetch_optional(scope.connection())
        .await
        .map_err(about(format!("the ticket of rule {}", rule.id)))?;
    let Some(made) = made.as_ref().map(|row| Reader::new(row, "tickets")) else { return Ok(()) };
    let id: TicketId = made.parse("id")?;
    words::add_new(scope, &id, made.count("number")?, order).await?;
    call_back(scope, rule, (&id, order), now).await
}

/// Has the caller called back where the rule says so.
async fn call_back(
    scope: &mut TenantScope<'_>,
    rule: &TicketRule,
    about: (&TicketId, &NewTicket),
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(plan) = &rule.call_back else { return Ok(()) };
    let actor = format!("rule:{}", rule.id);
    call_backs::by_rule(scope, about, plan, (&actor, now)).await
}
