//! The tiers that calls are routed by, where they follow from scores or must not.

use switchboard_domain::customer::Tier;
use switchboard_domain::customer::value::TierSource;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Gives customers their computed tiers, with a line in the life of each that had another; says how
/// many those are.
pub(super) async fn apply(
    scope: &mut TenantScope<'_>,
    tiers: Vec<(String, Tier)>,
    actor: &str,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let (ids, tiers): (Vec<String>, Vec<&str>) =
        tiers.into_iter().map(|(id, tier)| (id, tier.as_str())).unzip();
    let done = sqlx::query(include_str!("../../queries/apply_tiers.sql"))
        .bind(scope.tenant)
        .bind(ids)
        .bind(tiers)
        .bind(actor)
        .bind(At(at))
        .execute(scope.connection())
        .await
        .map_err(about("the tiers of customers"))?;
    Ok(done.rows_affected())
}

/// Locks what customers are worth. Comes before the customers themselves: whoever computes tiers
/// locks in this order too.
pub(crate) async fn lock(scope: &mut TenantScope<'_>, ids: &[String]) -> Result<(), StoreError> {
    sqlx::query(
        "SELECT FROM customer_values
         WHERE tenant_id = $1 AND customer_id = ANY($2)
         ORDER BY customer_id
         FOR NO KEY UPDATE",
    )
    .bind(scope.tenant)
    .bind(ids)
    .execute(scope.connection())
    .await
    .map_err(about("what customers are worth"))?;
    Ok(())
}

/// Remembers that somebody set the tiers of customers by hand, so that no score changes them; comes
/// before the change of the customers.
pub(crate) async fn stay_as_set(
    scope: &mut TenantScope<'_>,
    ids: Vec<String>,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE customer_values
         SET tier_source = $3
         WHERE tenant_id = $1 AND customer_id = ANY($2) AND tier_source <> $3",
    )
    .bind(scope.tenant)
    .bind(ids)
    .bind(TierSource::Manual.as_str())
    .execute(scope.connection())
    .await
    .map_err(about("what customers are worth"))?;
    Ok(())
}
