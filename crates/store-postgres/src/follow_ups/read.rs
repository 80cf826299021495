//! Follow-ups out of rows.

use switchboard_domain::follow_up::{Cause, FollowUp, FollowUpState};
use switchboard_domain::ids::{AgentId, ContactId, FollowUpId, TicketId, TouchpointId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{Called, Closing, FollowUpFilter, KnownCall};
use switchboard_store::page::PageRequest;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::tickets;
use crate::timestamp::At;

const TABLE: &str = "follow_ups";

/// Gives closings to decide on, the oldest first.
pub(super) async fn closings(
    scope: &mut TenantScope<'_>,
    most: u32,
) -> Result<Vec<Closing>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/ticket_closings.sql"))
        .bind(scope.tenant)
        .bind(i64::from(most))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the closings of tickets"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "ticket_closings");
            Ok(Closing {
                ticket: tickets::read::ticket(&row)?,
                version: row.count("closing")?,
                at: row.at("closed_at")?,
                stands: row.get("stands")?,
            })
        })
        .collect()
}

/// Gives follow-ups whose time has come.
pub(super) async fn due(
    scope: &mut TenantScope<'_>,
    now: Timestamp,
    most: u32,
) -> Result<Vec<FollowUp>, StoreError> {
    let rows = sqlx::query(
        "SELECT follow_ups.*
         FROM follow_ups
         WHERE tenant_id = $1 AND state = 'due' AND due_at <= $2
         ORDER BY due_at
         LIMIT $3",
    )
    .bind(scope.tenant)
    .bind(At(now))
    .bind(i64::from(most))
    .fetch_all(scope.connection())
    .await
    .map_err(about("the follow-ups that are due"))?;
    rows.iter().map(|row| follow_up(&Reader::new(row, TABLE))).collect()
}

/// Gives follow-ups whose call is over, and those that are to be looked at.
pub(super) async fn called(
    scope: &mut TenantScope<'_>,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Called>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/called_follow_ups.sql"))
        .bind(scope.tenant)
        .bind(At(now))
        .bind(i64::from(most))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the follow-ups that are called"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, TABLE);
            Ok(Called { follow_up: follow_up(&row)?, call: known_call(&row)? })
        })
        .collect()
}

fn known_call(row: &Reader<'_>) -> Result<KnownCall, StoreError> {
    let reason: Option<String> = row.get("end_reason")?;
    match (row.get("has_begun")?, row.get("is_over")?) {
        (_, true) => Ok(KnownCall::Over {
            is_answered: row.get("is_answered")?,
            reason: reason.unwrap_or_default(),
        }),
        (true, false) => Ok(KnownCall::Begun),
        (false, false) => Ok(KnownCall::Nothing),
    }
}

/// Gives one follow-up, if there is one.
pub(super) async fn by_id(
    scope: &mut TenantScope<'_>,
    id: &FollowUpId,
) -> Result<Option<FollowUp>, StoreError> {
    let row = sqlx::query("SELECT follow_ups.* FROM follow_ups WHERE tenant_id = $1 AND id = $2")
        .bind(scope.tenant)
        .bind(id.as_str())
        .fetch_optional(scope.connection())
        .await
        .map_err(about(format!("follow-up {id}")))?;
    row.map(|row| follow_up(&Reader::new(&row, TABLE))).transpose()
}

/// Gives the open call that a ticket asks for.
pub(super) async fn call_back_of(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
) -> Result<Option<FollowUp>, StoreError> {
    let row = sqlx::query(
        "SELECT follow_ups.*
         FROM follow_ups
         WHERE tenant_id = $1 AND ticket_id = $2 AND closing IS NULL AND interaction_id IS NULL
           AND state IN ('due', 'calling')",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("the call-back of ticket {ticket}")))?;
    row.map(|row| follow_up(&Reader::new(&row, TABLE))).transpose()
}

/// Gives follow-ups, the newest first, one more than the page holds if there are more.
pub(super) async fn list(
    scope: &mut TenantScope<'_>,
    filter: &FollowUpFilter,
    page: &PageRequest,
) -> Result<Vec<FollowUp>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/list_follow_ups.sql"))
        .bind(scope.tenant)
        .bind(filter.state.map(FollowUpState::as_str))
        .bind(filter.ticket.as_ref().map(AsRef::<str>::as_ref))
        .bind(filter.customer.as_ref().map(AsRef::<str>::as_ref))
        .bind(&filter.department)
        .bind(filter.survey.as_ref().map(AsRef::<str>::as_ref))
        .bind(page.after().map(|cursor| At(cursor.at)))
        .bind(page.after().map(|cursor| cursor.id.as_str()))
        .bind(i64::from(page.size()) + 1)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the follow-ups"))?;
    rows.iter().map(|row| follow_up(&Reader::new(row, TABLE))).collect()
}

fn follow_up(row: &Reader<'_>) -> Result<FollowUp, StoreError> {
    let spared: Vec<String> = row.get("spared")?;
    let agent = |name: &String| {
        AgentId::parse(name).map_err(|error| StoreError::corrupt("follow_ups.spared", error))
    };
    Ok(FollowUp {
        id: row.parse("id")?,
        cause: cause(row)?,
        policy: row.get("policy")?,
        state: row.word("state", FollowUpState::parse)?,
        customer: row.parse_optional("customer_id")?,
        department: row.get("department")?,
        queue: row.parse_optional("queue_id")?,
        survey: row.parse_optional("survey")?,
        spared: spared.iter().map(agent).collect::<Result<_, _>>()?,
        due_at: row.at("due_at")?,
        expires_at: row.at("expires_at")?,
        calls: calls(row)?,
        contact: row.parse_optional("contact_id")?,
        reason: row.get("reason")?,
        recovery: row.parse_optional("recovery_id")?,
        made_at: row.at("made_at")?,
        changed_at: row.at("changed_at")?,
        version: row.count("version")?,
    })
}

fn cause(row: &Reader<'_>) -> Result<Cause, StoreError> {
    let (ticket, touchpoint): (Option<TicketId>, Option<TouchpointId>) =
        (row.parse_optional("ticket_id")?, row.parse_optional("touchpoint_id")?);
    let call: Option<ContactId> = row.parse_optional("interaction_id")?;
    if let Some(call) = call {
        return Ok(Cause::Call { call, ticket });
    }
    let closing: Option<i64> = row.get("closing")?;
    match (ticket, touchpoint) {
        (Some(ticket), _) if closing.is_none() => Ok(Cause::CallBack { ticket }),
        (Some(ticket), _) => Ok(Cause::Closing { ticket, version: row.count("closing")? }),
        (None, Some(touchpoint)) => Ok(Cause::Touchpoint(touchpoint)),
        (None, None) => Err(StoreError::corrupt("follow_ups.ticket_id", "a follow-up of nothing")),
    }
}

fn calls(row: &Reader<'_>) -> Result<u32, StoreError> {
    let calls: i32 = row.get("calls")?;
    u32::try_from(calls).map_err(|error| StoreError::corrupt("follow_ups.calls", error))
}
