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

use crate::customers::ids;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

/// What stands between the word and the customer in a cursor; no key has it.
const BETWEEN: char = '\u{1f}';

/// Writes the words of customers who have none.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    customers: &[&Customer],
) -> Result<(), StoreError> {
    let of = |customer: &&Customer| {
        let id = customer.id.to_string();
        name_keys(&customer.name).into_iter().map(move |word| (id.clone(), word))
    };
    let (named, words): (Vec<String>, Vec<String>) = customers.iter().flat_map(of).unzip();
    if words.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO customer_words (tenant_id, customer_id, word)
         SELECT $1, given.*
         FROM unnest($2::text[], $3::text[]) AS given",
    )
    .bind(scope.tenant)
    .bind(named)
    .bind(words)
    .execute(scope.connection())
    .await
    .map_err(about("the words of customers"))?;
    Ok(())
}

/// Writes the words of the names that customers have now in the place of those of before.
pub(crate) async fn replace(
    scope: &mut TenantScope<'_>,
    customers: &[&Customer],
) -> Result<(), StoreError> {
    if customers.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM customer_words WHERE tenant_id = $1 AND customer_id = ANY($2)")
        .bind(scope.tenant)
        .bind(ids(customers))
        .execute(scope.connection())
        .await
        .map_err(about("the words of customers"))?;
    insert(scope, customers).await
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
