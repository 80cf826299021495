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

/// The most pairs found at once.
const MAX_PAIRS: i64 = 1_000;

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
    let end = rows.last().filter(|_| rows.len() >= at_most as usize);
    let end = end.map(|row| Reader::new(row, "customers").parse("id")).transpose()?;
    let Found { mut pairs, cut } = pairs(scope, &rows, true).await?;
    let Some(cut) = cut else { return Ok(LookAlikes { pairs, next: end }) };
    // Of the last one there may be more: it comes first the next time, unless it fills all by itself.
    let is_before = |(one, _): &(Customer, Customer)| one.id != cut;
    let Some((last, _)) = pairs.iter().rfind(|pair| is_before(pair)) else {
        return Ok(LookAlikes { pairs, next: Some(cut) });
    };
    let next = Some(last.id.clone());
    pairs.retain(is_before);
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
    Ok(LookAlikes { pairs: pairs(scope, &rows, false).await?.pairs, next: None })
}

/// What one statement found.
struct Found {
    pairs: Vec<(Customer, Customer)>,
    /// Who was looked at last, where there were more than one statement gives.
    cut: Option<CustomerId>,
}

async fn pairs(
    scope: &mut TenantScope<'_>,
    rows: &[sqlx::postgres::PgRow],
    only_later: bool,
) -> Result<Found, StoreError> {
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
        .bind(MAX_PAIRS)
        .fetch_all(scope.connection())
        .await
        .map_err(about("customers who look alike"))?;
    let found: Vec<(String, String)> =
        found.iter().map(|row| (row.get("one"), row.get("other"))).collect();
    let is_cut = i64::try_from(found.len()) == Ok(MAX_PAIRS);
    let cut = found.last().filter(|_| is_cut).map(|(one, _)| CustomerId::parse(one.as_str()));
    let cut = cut.transpose().map_err(|error| StoreError::corrupt("customers.id", error))?;
    let all: BTreeSet<String> =
        found.iter().flat_map(|(one, other)| [one, other]).cloned().collect();
    let all: Vec<String> = all.into_iter().collect();
    let read = by_ids(scope, &all).await?.into_iter().map(|one| one.customer);
    let read: HashMap<String, Customer> =
        read.map(|customer| (customer.id.to_string(), customer)).collect();
    let pair =
        |(one, other): (String, String)| Some((read.get(&one)?.clone(), read.get(&other)?.clone()));
    Ok(Found { pairs: found.into_iter().filter_map(pair).collect(), cut })
}
