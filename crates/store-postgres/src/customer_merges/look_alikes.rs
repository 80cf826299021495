//! Records with a number or the name in common.

use std::collections::{BTreeSet, HashMap};

use sqlx::Row;

use switchboard_domain::customer::Customer;
use switchboard_domain::customer::search::whole_key;
use switchboard_domain::ids::CustomerId;
use switchboard_store::customer_merges::LookAlikes;
use switchboard_store::error::StoreError;

use crate::customers::read::by_ids;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

/// Looks at records behind one, each compared with the later ones.
pub(super) async fn behind(
    scope: &mut TenantScope<'_>,
    after: Option<&CustomerId>,
    at_most: u32,
) -> Result<LookAlikes, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name
         FROM customers
         WHERE tenant_id = $1 AND id > $2 AND merged_into IS NULL AND erased_at IS NULL
         ORDER BY id
         LIMIT $3",
    )
    .bind(scope.tenant)
    .bind(after.map_or("", CustomerId::as_str))
    .bind(i64::from(at_most))
    .fetch_all(scope.connection())
    .await
    .map_err(about("the customers"))?;
    let last = rows.last().filter(|_| rows.len() >= at_most as usize);
    let next = last.map(|row| Reader::new(row, "customers").parse("id")).transpose()?;
    let pairs = pairs(scope, &rows, true).await?;
    Ok(LookAlikes { pairs, next })
}

/// Compares one record with all others.
pub(super) async fn of(
    scope: &mut TenantScope<'_>,
    id: &CustomerId,
) -> Result<LookAlikes, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name
         FROM customers
         WHERE tenant_id = $1 AND id = $2",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("customer {id}")))?;
    Ok(LookAlikes { pairs: pairs(scope, &rows, false).await?, next: None })
}

async fn pairs(
    scope: &mut TenantScope<'_>,
    rows: &[sqlx::postgres::PgRow],
    only_later: bool,
) -> Result<Vec<(Customer, Customer)>, StoreError> {
    let (mut ids, mut names) = (Vec::new(), Vec::new());
    for row in rows {
        let row = Reader::new(row, "customers");
        ids.push(row.get::<String>("id")?);
        names.push(whole_key(row.get("name")?));
    }
    let found = sqlx::query(include_str!("../../queries/look_alikes.sql"))
        .bind(scope.tenant)
        .bind(ids)
        .bind(names)
        .bind(only_later)
        .fetch_all(scope.connection())
        .await
        .map_err(about("customers who look alike"))?;
    let found: Vec<(String, String)> =
        found.iter().map(|row| (row.get("one"), row.get("other"))).collect();
    let all: BTreeSet<String> =
        found.iter().flat_map(|(one, other)| [one, other]).cloned().collect();
    let all: Vec<String> = all.into_iter().collect();
    let read = by_ids(scope, &all).await?.into_iter().map(|one| one.customer);
    let read: HashMap<String, Customer> =
        read.map(|customer| (customer.id.to_string(), customer)).collect();
    let pair =
        |(one, other): (String, String)| Some((read.get(&one)?.clone(), read.get(&other)?.clone()));
    Ok(found.into_iter().filter_map(pair).collect())
}
