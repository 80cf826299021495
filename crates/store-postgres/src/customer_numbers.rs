//! How customers' numbers are kept and found; the only file that knows, so that it can change.

use std::collections::HashMap;

use switchboard_domain::customer::{Customer, CustomerNumber, NumberMatch};
use switchboard_domain::phone::E164;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

/// The most customers one number leads to.
const MAX_HOLDERS: i64 = 20;

/// Keeps the numbers of a new customer.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    customer: &Customer,
) -> Result<(), StoreError> {
    let numbers = &customer.numbers;
    let e164s: Vec<&str> = numbers.iter().map(|number| number.e164.as_str()).collect();
    let suffixes: Vec<&str> = numbers.iter().map(|number| number.e164.suffix()).collect();
    let labels: Vec<&str> = numbers.iter().map(|number| number.label.as_str()).collect();
    sqlx::query(
        "INSERT INTO customer_numbers (tenant_id, customer_id, position, e164, suffix, label)
         SELECT $1, $2, given.position, given.e164, given.suffix, given.label
         FROM unnest($3::text[], $4::text[], $5::text[])
             WITH ORDINALITY AS given (e164, suffix, label, position)",
    )
    .bind(scope.tenant)
    .bind(customer.id.as_str())
    .bind(e164s)
    .bind(suffixes)
    .bind(labels)
    .execute(scope.connection())
    .await
    .map_err(about(format!("a number of customer {}", customer.id)))?;
    Ok(())
}

/// Gives who has a number, or one with the same ending; the exact ones first.
pub(crate) async fn holders(
    scope: &mut TenantScope<'_>,
    number: &E164,
) -> Result<Vec<(String, NumberMatch)>, StoreError> {
    let rows = sqlx::query(
        "SELECT customer_id, bool_or(e164 = $2) AS is_exact
         FROM customer_numbers
         WHERE tenant_id = $1 AND suffix = $3
         GROUP BY customer_id
         ORDER BY is_exact DESC, customer_id
         LIMIT $4",
    )
    .bind(scope.tenant)
    .bind(number.as_str())
    .bind(number.suffix())
    .bind(MAX_HOLDERS)
    .fetch_all(scope.connection())
    .await
    .map_err(about("customers by number"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "customer_numbers");
            let is_exact: bool = row.get("is_exact")?;
            let agreement = if is_exact { NumberMatch::Exact } else { NumberMatch::Suffix };
            Ok((row.get("customer_id")?, agreement))
        })
        .collect()
}

/// Gives the numbers of several customers, each in the order they were given.
pub(crate) async fn of_customers(
    scope: &mut TenantScope<'_>,
    ids: &[String],
) -> Result<HashMap<String, Vec<CustomerNumber>>, StoreError> {
    let rows = sqlx::query(
        "SELECT customer_id, e164, label
         FROM customer_numbers
         WHERE tenant_id = $1 AND customer_id = ANY($2)
         ORDER BY customer_id, position",
    )
    .bind(scope.tenant)
    .bind(ids)
    .fetch_all(scope.connection())
    .await
    .map_err(about("numbers of customers"))?;
    let mut numbers: HashMap<String, Vec<CustomerNumber>> = HashMap::new();
    for row in &rows {
        let row = Reader::new(row, "customer_numbers");
        let e164 = E164::parse(row.get("e164")?)
            .map_err(|error| StoreError::corrupt("customer_numbers.e164", error))?;
        let number = CustomerNumber { e164, label: row.get("label")? };
        numbers.entry(row.get("customer_id")?).or_default().push(number);
    }
    Ok(numbers)
}
