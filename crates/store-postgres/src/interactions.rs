//! Interactions as rows.

use switchboard_domain::ids::ContactId;
use switchboard_domain::interaction::Interaction;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;

/// An interaction with the last contact event that was folded into it.
#[derive(Clone, Debug)]
pub(crate) struct Projected {
    /// The record.
    pub(crate) interaction: Interaction,
    /// The epoch of that event.
    pub(crate) epoch: u64,
    /// The contact's version after that event.
    pub(crate) version: u64,
}

/// Gives one interaction, if it is there.
pub(crate) async fn find(
    scope: &mut TenantScope<'_>,
    id: &ContactId,
) -> Result<Option<Projected>, StoreError> {
    Ok(find_all(scope, &[id.as_str()]).await?.pop())
}

/// Gives those of several interactions that are there.
pub(crate) async fn find_all(
    scope: &mut TenantScope<'_>,
    ids: &[&str],
) -> Result<Vec<Projected>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, state, gateway_id, calling_number, called_number, language, customer_id,
             queue_id, agent_id, offers, started_at, queued_at, answered_at, ended_at,
             end_reason, disposition, notes, epoch, version
         FROM interactions
         WHERE tenant_id = $1 AND id = ANY($2)",
    )
    .bind(scope.tenant)
    .bind(ids)
    .fetch_all(scope.connection())
    .await
    .map_err(about("interactions by id"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "interactions");
            Ok(Projected {
                interaction: read(&row)?,
                epoch: row.count("epoch")?,
                version: row.count("version")?,
            })
        })
        .collect()
}

/// Keeps one interaction, new or changed.
pub(crate) async fn save(
    scope: &mut TenantScope<'_>,
    projected: &Projected,
) -> Result<(), StoreError> {
    let call = &projected.interaction;
    sqlx::query(include_str!("../queries/save_interaction.sql"))
        .bind(scope.tenant)
        .bind(call.id.as_str())
        .bind(call.state.as_str())
        .bind(call.gateway.as_ref().map(AsRef::<str>::as_ref))
        .bind(&call.calling_number)
        .bind(&call.called_number)
        .bind(&call.language)
        .bind(call.customer.as_ref().map(AsRef::<str>::as_ref))
        .bind(call.queue.as_ref().map(AsRef::<str>::as_ref))
        .bind(call.agent.as_ref().map(AsRef::<str>::as_ref))
        .bind(i64::from(call.offers))
        .bind(At(call.started_at))
        .bind(call.queued_at.map(At))
        .bind(call.answered_at.map(At))
        .bind(call.ended_at.map(At))
        .bind(&call.end_reason)
        .bind(&call.disposition)
        .bind(&call.notes)
        .bind(bigint(projected.epoch))
        .bind(bigint(projected.version))
        .execute(scope.connection())
        .await
        .map_err(about(format!("interaction {}", call.id)))?;
    Ok(())
}

/// Reads an interaction.
pub(crate) fn read(row: &Reader<'_>) -> Result<Interaction, StoreError> {
    Ok(Interaction {
        id: row.parse("id")?,
        state: row.parse("state")?,
        gateway: row.parse_optional("gateway_id")?,
        calling_number: row.get("calling_number")?,
        called_number: row.get("called_number")?,
        language: row.get("language")?,
        customer: row.parse_optional("customer_id")?,
        queue: row.parse_optional("queue_id")?,
        agent: row.parse_optional("agent_id")?,
        offers: row.small_count("offers")?,
        started_at: row.at("started_at")?,
        queued_at: row.at_optional("queued_at")?,
        answered_at: row.at_optional("answered_at")?,
        ended_at: row.at_optional("ended_at")?,
        end_reason: row.get("end_reason")?,
        disposition: row.get("disposition")?,
        notes: row.get("notes")?,
    })
}
