//! Deadlines of tickets: which to look at, and what was told of them.

use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_followers::Follower;
use switchboard_store::tickets::{ToAlarm, ToldAlarms};

use super::{read, write};
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::ticket_followers;
use crate::timestamp::At;

/// Gives tickets to look at, at most so many.
pub(super) async fn waiting(
    scope: &mut TenantScope<'_>,
    now: Timestamp,
    most: u32,
) -> Result<Vec<ToAlarm>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/tickets_to_alarm.sql"))
        .bind(scope.tenant)
        .bind(At(now))
        .bind(i64::from(most))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the deadlines of tickets"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "tickets");
            let ticket = read::ticket(&row)?;
            let told_until = row.at_optional("alarms_told_until")?.unwrap_or(ticket.created_at);
            Ok(ToAlarm { ticket, tier: row.parse_optional("tier_now")?, told_until })
        })
        .collect()
}

/// Keeps what was told, unless the ticket has changed since it was looked at.
pub(super) async fn tell(scope: &mut TenantScope<'_>, told: &ToldAlarms) -> Result<(), StoreError> {
    let what = format!("ticket {}", told.ticket);
    let version = told.events.last().map_or(told.version, |event| event.version);
    let done = sqlx::query(
        "UPDATE tickets
         SET version = $4, alarms_told_until = $5, alarm_at = $6, due_at = $7
         WHERE tenant_id = $1 AND id = $2 AND version = $3",
    )
    .bind(scope.tenant)
    .bind(told.ticket.as_str())
    .bind(bigint(told.version))
    .bind(bigint(version))
    .bind(At(told.until))
    .bind(told.outlook.next.map(At))
    .bind(told.outlook.deadline.map(At))
    .execute(scope.connection())
    .await
    .map_err(about(what.clone()))?;
    if done.rows_affected() == 0 {
        return Err(StoreError::conflict(what));
    }
    for event in &told.events {
        write::event(scope, &told.ticket, event).await?;
    }
    super::keep_moves(scope, &told.changes).await?;
    for actor in &told.followers {
        let follower = Follower { actor: actor.clone(), since: told.until };
        ticket_followers::add(scope, &told.ticket, &follower).await?;
    }
    Ok(())
}
