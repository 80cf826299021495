//! Writes customers: the row, what is sealed, and what they are found by.

use std::collections::BTreeSet;

use switchboard_domain::customer::{ChangedCustomer, Customer};
use switchboard_domain::ids::CustomerId;
use switchboard_store::customers::CustomerEvent;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::bigint;
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::vault::of_customer;
use crate::{
    customer_external_ids, customer_numbers, customer_profiles, customer_words, data_keys,
};

/// The field that customers are found by.
const NAME: &str = "display_name";
/// The fields whose values are sealed, by how their names begin.
const NUMBERS: &str = "numbers";
const EXTERNAL_IDS: &str = "external_ids";
const PROFILE: &str = "profile.";

/// Makes the row.
pub(super) async fn insert(
    scope: &mut TenantScope<'_>,
    customer: &Customer,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO customers
             (tenant_id, id, name, tier, language, owner_agent_id, alert, created_at, version,
              kind, party_type, reviewed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(scope.tenant)
    .bind(customer.id.as_str())
    .bind(&customer.name)
    .bind(customer.tier.as_str())
    .bind(&customer.language)
    .bind(customer.owner.as_ref().map(AsRef::<str>::as_ref))
    .bind(&customer.alert)
    .bind(At(customer.created_at))
    .bind(bigint(customer.version))
    .bind(customer.kind.as_str())
    .bind(customer.party_type.as_str())
    .bind(At(customer.reviewed_at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("customer {}", customer.id)))?;
    Ok(())
}

/// Changes the row, if it is at the version before.
pub(super) async fn update(
    scope: &mut TenantScope<'_>,
    customer: &Customer,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE customers
         SET name = $3, tier = $4, language = $5, owner_agent_id = $6, alert = $7, version = $8,
             kind = $9, party_type = $10, reviewed_at = $11
         WHERE tenant_id = $1 AND id = $2 AND version = $8 - 1 AND erased_at IS NULL",
    )
    .bind(scope.tenant)
    .bind(customer.id.as_str())
    .bind(&customer.name)
    .bind(customer.tier.as_str())
    .bind(&customer.language)
    .bind(customer.owner.as_ref().map(AsRef::<str>::as_ref))
    .bind(&customer.alert)
    .bind(bigint(customer.version))
    .bind(customer.kind.as_str())
    .bind(customer.party_type.as_str())
    .bind(At(customer.reviewed_at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("customer {}", customer.id)))?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::conflict(format!("customer {}", customer.id)))
    }
}

/// Puts what stands outside the row in the place of what was there before, as far as it changed.
pub(super) async fn replace_others(
    scope: &mut TenantScope<'_>,
    changed: &ChangedCustomer,
) -> Result<(), StoreError> {
    let customer = &changed.customer;
    let has = |name| changed.fields.iter().any(|field| field.starts_with(name));
    if has(NAME) {
        customer_words::replace(scope, &[customer]).await?;
    }
    if ![NUMBERS, EXTERNAL_IDS, PROFILE].into_iter().any(has) {
        return Ok(());
    }
    let subject = of_customer(customer.id.as_str());
    let keys = data_keys::ensure(scope, &BTreeSet::from([subject.clone()])).await?;
    // Whoever was erased while this was being changed is not there any more.
    let erased = || StoreError::not_found(format!("customer {}", customer.id));
    keys.of(&subject).ok_or_else(erased)?;
    if has(NUMBERS) {
        customer_numbers::replace(scope, &[customer], &keys).await?;
    }
    if has(EXTERNAL_IDS) {
        customer_external_ids::replace(scope, &[customer], &keys).await?;
    }
    if has(PROFILE) {
        customer_profiles::replace(scope, customer, &keys).await?;
    }
    Ok(())
}

/// Makes the first line of a record's life.
pub(super) fn made(customer: &Customer, actor: &str) -> CustomerEvent {
    CustomerEvent {
        version: customer.version,
        fields: vec![],
        actor: actor.to_owned(),
        at: customer.created_at,
    }
}

/// Keeps a customer from being erased meanwhile.
pub(crate) async fn stand_by(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
) -> Result<(), StoreError> {
    let found = sqlx::query(
        "SELECT FROM customers
         WHERE tenant_id = $1 AND id = $2 AND erased_at IS NULL
         FOR SHARE",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("customer {customer}")))?;
    found.map(drop).ok_or_else(|| StoreError::not_found(format!("customer {customer}")))
}
