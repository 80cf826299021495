//! Numbers of customers.

use std::collections::BTreeSet;

use switchboard_domain::phone::E164;
use switchboard_store::error::StoreError;

use super::{BATCH, Sealed};
use crate::customer_numbers::PLACE;
use crate::data_keys;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::vault::of_customer;

/// The customer, and the number's place among theirs.
type Key = (String, i16);

/// Seals some numbers behind a key.
pub(super) async fn seal_some(
    scope: &mut TenantScope<'_>,
    after: &Key,
) -> Result<Sealed<Key>, StoreError> {
    let found = find(scope, after).await?;
    let Some((last, _)) = found.last().cloned() else { return Ok(None) };
    let subjects: BTreeSet<String> = found.iter().map(|((id, _), _)| of_customer(id)).collect();
    let keys = data_keys::ensure(scope, &subjects).await?;
    for ((customer, position), number) in &found {
        let Some(key) = keys.of(&of_customer(customer)) else { continue };
        sqlx::query(
            "UPDATE customer_numbers
             SET sealed = $4, number_index = $5, suffix_index = $6, e164 = NULL, suffix = NULL
             WHERE tenant_id = $1 AND customer_id = $2 AND position = $3",
        )
        .bind(scope.tenant)
        .bind(customer)
        .bind(position)
        .bind(key.seal(PLACE, number.as_str().as_bytes()))
        .bind(scope.vault.number_index(number.as_str()).as_bytes())
        .bind(scope.vault.suffix_index(number).as_bytes())
        .execute(scope.connection())
        .await
        .map_err(about("a number in clear"))?;
    }
    Ok(Some((found.len() as u64, last)))
}

async fn find(scope: &mut TenantScope<'_>, after: &Key) -> Result<Vec<(Key, E164)>, StoreError> {
    let rows = sqlx::query(
        "SELECT customer_id, position, e164
         FROM customer_numbers
         WHERE tenant_id = $1 AND (customer_id, position) > ($2, $3) AND sealed IS NULL
         ORDER BY customer_id, position
         LIMIT $4
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(&after.0)
    .bind(after.1)
    .bind(BATCH)
    .fetch_all(scope.connection())
    .await
    .map_err(about("numbers in clear"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "customer_numbers");
            let number = E164::parse(row.get("e164")?)
                .map_err(|error| StoreError::corrupt("customer_numbers.e164", error))?;
            Ok(((row.get("customer_id")?, row.get("position")?), number))
        })
        .collect()
}
