//! The tiers that calls are routed by, where they follow from scores or must not.

use switchboard_domain::customer::Tier;
use switchboard_domain::customer::value::TierSource;
use switchboard_domain::ids::CustomerId;
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

/// Remembers that somebody set the tier of a customer by hand, so that no score changes it.
///
/// Comes before the change of the customer itself: whoever computes locks in this order too.
pub(crate) async fn stays_as_set(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE customer_values
         SET tier_source = $3
         WHERE tenant_id = $1 AND customer_id = $2 AND tier_source <> $3",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .bind(TierSource::Manual.as_str())
    .execute(scope.connection())
    .await
    .map_err(about(format!("the worth of customer {customer}")))?;
    Ok(())
}
