//! The words under which customers are found by name, in clear like the names they are made of.
//!
//! An index in the order of letters answers beginnings of words under row security too: comparing
//! texts leaks nothing, so that the planner may use the index before the policy. It may not do so with
//! the operators of text search and trigrams, which would read the whole table.

use sqlx::postgres::PgRow;

use switchboard_domain::customer::search::{NameQuery, name_keys};
use switchboard_domain::customer::{Customer, Tier};
use switchboard_store::customer_search::CustomerSearch;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

/// What stands between the word and the customer in a cursor; no key has it.
const BETWEEN: char = '\u{1f}';

/// Writes the words of a customer who has none.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    customer: &Customer,
) -> Result<(), StoreError> {
    let words: Vec<String> = name_keys(&customer.name).into_iter().collect();
    sqlx::query(
        "INSERT INTO customer_words (tenant_id, word, customer_id)
         SELECT $1, word, $2
         FROM unnest($3::text[]) AS word",
    )
    .bind(scope.tenant)
    .bind(customer.id.as_str())
    .bind(words)
    .execute(scope.connection())
    .await
    .map_err(about(format!("the words of customer {}", customer.id)))?;
    Ok(())
}

/// Writes the words of the name that a customer has now in the place of those of before.
pub(crate) async fn replace(
    scope: &mut TenantScope<'_>,
    customer: &Customer,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM customer_words WHERE tenant_id = $1 AND customer_id = $2")
        .bind(scope.tenant)
        .bind(customer.id.as_str())
        .execute(scope.connection())
        .await
        .map_err(about(format!("the words of customer {}", customer.id)))?;
    insert(scope, customer).await
}

/// Gives the ids of customers whose names fit, each with the cursor behind it.
pub(crate) async fn find(
    scope: &mut TenantScope<'_>,
    query: &NameQuery,
    search: &CustomerSearch,
    (limit, after): (i64, Option<&str>),
) -> Result<Vec<(String, String)>, StoreError> {
    let (word, id) = after.and_then(|after| after.split_once(BETWEEN)).unwrap_or(("", ""));
    let rows = sqlx::query(include_str!("../queries/customers_by_word.sql"))
        .bind(scope.tenant)
        .bind(query.first())
        .bind(beyond(query.first()))
        .bind(word)
        .bind(id)
        .bind(query.others())
        .bind(query.others().iter().map(|other| beyond(other)).collect::<Vec<_>>())
        .bind(search.owner.as_ref().map(AsRef::<str>::as_ref))
        .bind(search.tier.map(Tier::as_str))
        .bind(limit)
        .fetch_all(scope.connection())
        .await
        .map_err(about("customers by name"))?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<(String, String), StoreError> {
    let row = Reader::new(row, "customer_words");
    let (id, word): (String, String) = (row.get("customer_id")?, row.get("word")?);
    let cursor = format!("{word}{BETWEEN}{id}");
    Ok((id, cursor))
}

/// Gives what comes behind every text that begins so.
fn beyond(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}
