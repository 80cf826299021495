//! Follow-ups into rows.

use switchboard_domain::follow_up::{Cause, FollowUp};
use switchboard_domain::ids::AgentId;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{Closing, FollowUpChange, Heard};

use super::answers;
use crate::error::about;
use crate::row::bigint;
use crate::scope::TenantScope;
use crate::tickets;
use crate::timestamp::At;

/// Takes a closing away, because it is decided on; says whether it was still there.
pub(super) async fn take_closing(
    scope: &mut TenantScope<'_>,
    closing: &Closing,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "DELETE FROM ticket_closings
         WHERE tenant_id = $1 AND ticket_id = $2 AND version = $3",
    )
    .bind(scope.tenant)
    .bind(closing.ticket.id.as_str())
    .bind(bigint(closing.version))
    .execute(scope.connection())
    .await
    .map_err(about(format!("ticket {}", closing.ticket.id)))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a new follow-up, unless its cause has one.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    follow_up: &FollowUp,
) -> Result<(), StoreError> {
    insert_judged(scope, follow_up, None).await?;
    Ok(())
}

/// Keeps a new follow-up, unless its cause has one; says whether it had none.
pub(super) async fn insert_once(
    scope: &mut TenantScope<'_>,
    follow_up: &FollowUp,
) -> Result<bool, StoreError> {
    insert_judged(scope, follow_up, None).await
}

/// Keeps what a caller answered, unless the call is known to have answered that.
pub(super) async fn hear(scope: &mut TenantScope<'_>, heard: &Heard<'_>) -> Result<(), StoreError> {
    let Heard { change, set, at } = heard;
    if !insert_judged(scope, &change.follow_up, set.verdict.is_loyal).await? {
        return Ok(());
    }
    tell(scope, change, *at).await?;
    answers::insert(scope, &change.follow_up, set).await
}

/// Keeps a new follow-up with what is known of the customer's loyalty; says whether its cause had none.
async fn insert_judged(
    scope: &mut TenantScope<'_>,
    follow_up: &FollowUp,
    is_loyal: Option<bool>,
) -> Result<bool, StoreError> {
    let (closing, touchpoint, call) = match &follow_up.cause {
        Cause::Closing { version, .. } => (Some(*version), None, None),
        Cause::Touchpoint(touchpoint) => (None, Some(touchpoint.as_str()), None),
        Cause::Call { call, .. } => (None, None, Some(call.as_str())),
        Cause::CallBack { .. } => (None, None, None),
    };
    let spared: Vec<&str> = follow_up.spared.iter().map(AgentId::as_str).collect();
    let done = sqlx::query(include_str!("../../queries/insert_follow_up.sql"))
        .bind(scope.tenant)
        .bind(follow_up.id.as_str())
        .bind(follow_up.ticket().map(AsRef::<str>::as_ref))
        .bind(closing.map(bigint))
        .bind(touchpoint)
        .bind(&follow_up.policy)
        .bind(follow_up.state.as_str())
        .bind(follow_up.customer.as_ref().map(AsRef::<str>::as_ref))
        .bind(&follow_up.department)
        .bind(follow_up.queue.as_ref().map(AsRef::<str>::as_ref))
        .bind(follow_up.survey.as_ref().map(AsRef::<str>::as_ref))
        .bind(spared)
        .bind(At(follow_up.due_at))
        .bind(At(follow_up.expires_at))
        .bind(&follow_up.reason)
        .bind(At(follow_up.made_at))
        .bind(At(follow_up.changed_at))
        .bind(call)
        .bind(follow_up.recovery.as_ref().map(AsRef::<str>::as_ref))
        .bind(is_loyal)
        .execute(scope.connection())
        .await
        .map_err(about(format!("follow-up {}", follow_up.id)))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a changed follow-up, if it still is at the version before, and tells the ticket's life of it.
pub(super) async fn change(
    scope: &mut TenantScope<'_>,
    change: &FollowUpChange,
    is_loyal: Option<bool>,
) -> Result<(), StoreError> {
    let follow_up = &change.follow_up;
    let what = format!("follow-up {}", follow_up.id);
    let calls = i32::try_from(follow_up.calls).unwrap_or(i32::MAX);
    let done = sqlx::query(
        "UPDATE follow_ups
         SET state = $4, due_at = $5, calls = $6, contact_id = $7, reason = $8, recovery_id = $9,
             loyal = $10, changed_at = $11, version = $3 + 1
         WHERE tenant_id = $1 AND id = $2 AND version = $3",
    )
    .bind(scope.tenant)
    .bind(follow_up.id.as_str())
    .bind(bigint(follow_up.version.saturating_sub(1)))
    .bind(follow_up.state.as_str())
    .bind(At(follow_up.due_at))
    .bind(calls)
    .bind(follow_up.contact.as_ref().map(AsRef::<str>::as_ref))
    .bind(&follow_up.reason)
    .bind(follow_up.recovery.as_ref().map(AsRef::<str>::as_ref))
    .bind(is_loyal)
    .bind(At(follow_up.changed_at))
    .execute(scope.connection())
    .await
    .map_err(about(what.clone()))?;
    if done.rows_affected() == 0 {
        return Err(StoreError::conflict(what));
    }
    tell(scope, change, follow_up.changed_at).await
}

/// Tells the ticket's life of a change, if there is a ticket and something to tell.
async fn tell(
    scope: &mut TenantScope<'_>,
    change: &FollowUpChange,
    at: Timestamp,
) -> Result<(), StoreError> {
    match change.follow_up.ticket().zip(change.note.as_deref()) {
        Some((ticket, note)) => {
            let line = (change.actor.as_str(), note);
            tickets::write::note(scope, ticket, line, at).await
        }
        None => Ok(()),
    }
}
