//! Interactions.

use switchboard_store::error::StoreError;

use super::{BATCH, Sealed};
use crate::data_keys;
use crate::error::about;
use crate::interactions;
use crate::scope::TenantScope;
use crate::vault::of_contact;

/// Seals some interactions behind the one with this id.
pub(super) async fn seal_some(
    scope: &mut TenantScope<'_>,
    after: &String,
) -> Result<Sealed<String>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id
         FROM interactions
         WHERE tenant_id = $1 AND id > $2 AND num_nonnulls(calling_number, notes) > 0
         ORDER BY id
         LIMIT $3
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(after)
    .bind(BATCH)
    .fetch_all(scope.connection())
    .await
    .map_err(about("interactions in clear"))?;
    let Some(last) = ids.last().cloned() else { return Ok(None) };
    let keys = data_keys::ensure(scope, &ids.iter().map(|id| of_contact(id)).collect()).await?;
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let found = interactions::find_all(scope, &names, &keys).await?;
    interactions::save(scope, &found.iter().collect::<Vec<_>>(), &keys).await?;
    Ok(Some((ids.len() as u64, last)))
}
