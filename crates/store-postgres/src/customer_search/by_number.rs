//! Customers by the last digits of a number: the blind index knows four of them, the rest is read.

use std::collections::BTreeSet;

use switchboard_domain::customer::search::NumberEnding;
use switchboard_domain::phone::E164;
use switchboard_store::error::StoreError;

use super::Ids;
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::vault::of_customer;
use crate::{customer_numbers, data_keys};

/// How many numbers are opened together; more than one customer has.
const BATCH: usize = 500;
/// How many batches are opened for one page; with more the page is short, and leads on.
const MAX_BATCHES: usize = 8;

/// Gives customers in the order of their ids.
pub(super) async fn find(
    scope: &mut TenantScope<'_>,
    ending: &NumberEnding,
    size: u32,
    after: Option<&str>,
) -> Result<Ids, StoreError> {
    let mut after = after.unwrap_or_default().to_owned();
    let mut found = BTreeSet::new();
    for _ in 0..MAX_BATCHES {
        let mut batch = batch(scope, ending, &after).await?;
        let is_last = batch.len() < BATCH;
        if let Some((last, _)) = batch.last().cloned().filter(|_| !is_last) {
            // Of the last customer there may be more numbers: the next batch begins with them.
            batch.retain(|(customer, _)| *customer != last);
        }
        if let Some((last, _)) = batch.last() {
            after.clone_from(last);
        }
        let fits = batch.iter().filter(|(_, number)| ends_with(number.as_ref(), ending));
        found.extend(fits.map(|(customer, _)| customer.clone()));
        if found.len() > size as usize {
            let found = found.into_iter().map(|id| (id.clone(), id)).collect();
            return Ok(Ids::cut(found, size));
        }
        if is_last {
            return Ok(Ids::all(found));
        }
    }
    Ok(Ids::leading_on(found, after))
}

fn ends_with(number: Option<&E164>, ending: &NumberEnding) -> bool {
    number.is_some_and(|number| number.as_str().ends_with(ending.as_str()))
}

async fn batch(
    scope: &mut TenantScope<'_>,
    ending: &NumberEnding,
    after: &str,
) -> Result<Vec<(String, Option<E164>)>, StoreError> {
    let index = scope.vault.ending_index(ending.as_str());
    let rows = sqlx::query(include_str!("../../queries/customers_by_ending.sql"))
        .bind(scope.tenant)
        .bind(index.as_bytes())
        .bind(after)
        .bind(bigint(BATCH as u64))
        .fetch_all(scope.connection())
        .await
        .map_err(about("customers by last digits"))?;
    let customers = rows.iter().map(|row| Reader::new(row, "customer_numbers").get("customer_id"));
    let customers: Vec<String> = customers.collect::<Result<_, _>>()?;
    let keys = data_keys::find(scope, customers.iter().map(|id| of_customer(id))).await?;
    let numbers = rows.iter().zip(&customers).map(|(row, customer)| {
        let row = Reader::new(row, "customer_numbers");
        Ok((customer.clone(), customer_numbers::open(&row, customer, &keys)?))
    });
    numbers.collect()
}
