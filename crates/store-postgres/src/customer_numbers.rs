//! How customers' numbers are kept and found: sealed with the customer's key, under blind indexes.
//!
//! Rows of earlier versions hold the number in clear until `switchboard keys seal` has been there.

use std::collections::HashMap;

use switchboard_domain::customer::{Customer, CustomerNumber};
use switchboard_domain::phone::E164;
use switchboard_store::error::StoreError;

use crate::customers::ids;
use crate::data_keys::KeySet;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::vault::of_customer;

/// What a sealed number is bound to besides its customer.
pub(crate) const PLACE: &str = "customer_numbers.sealed";

/// Keeps the numbers of customers who have none; a customer whose key was destroyed gets none.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    customers: &[&Customer],
    keys: &KeySet,
) -> Result<(), StoreError> {
    let columns = Columns::of(scope, customers, keys);
    if columns.customers.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("../queries/insert_customer_numbers.sql"))
        .bind(scope.tenant)
        .bind(columns.customers)
        .bind(columns.positions)
        .bind(columns.sealed)
        .bind(columns.number_indexes)
        .bind(columns.suffix_indexes)
        .bind(columns.ending_indexes)
        .bind(columns.labels)
        .bind(columns.retired_at)
        .execute(scope.connection())
        .await
        .map_err(about("the numbers of customers"))?;
    Ok(())
}

/// Puts the numbers that customers have now in the place of those of before.
pub(crate) async fn replace(
    scope: &mut TenantScope<'_>,
    customers: &[&Customer],
    keys: &KeySet,
) -> Result<(), StoreError> {
    if customers.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM customer_numbers WHERE tenant_id = $1 AND customer_id = ANY($2)")
        .bind(scope.tenant)
        .bind(ids(customers))
        .execute(scope.connection())
        .await
        .map_err(about("the numbers of customers"))?;
    insert(scope, customers, keys).await
}

/// Numbers turned on their side, for one statement of any number of them.
#[derive(Default)]
struct Columns<'customer> {
    customers: Vec<&'customer str>,
    positions: Vec<i16>,
    sealed: Vec<Vec<u8>>,
    number_indexes: Vec<Vec<u8>>,
    suffix_indexes: Vec<Vec<u8>>,
    ending_indexes: Vec<Vec<u8>>,
    labels: Vec<&'customer str>,
    retired_at: Vec<Option<At>>,
}

impl<'customer> Columns<'customer> {
    fn of(scope: &TenantScope<'_>, customers: &[&'customer Customer], keys: &KeySet) -> Self {
        let mut columns = Self::default();
        for customer in customers {
            let Some(key) = keys.of(&of_customer(customer.id.as_str())) else { continue };
            for (position, number) in (1..).zip(&customer.numbers) {
                let CustomerNumber { e164, label, retired_at } = number;
                let text = e164.as_str();
                columns.customers.push(customer.id.as_str());
                columns.positions.push(position);
                columns.sealed.push(key.seal(PLACE, text.as_bytes()));
                columns.number_indexes.push(scope.vault.number_index(text).as_bytes().to_vec());
                columns.suffix_indexes.push(scope.vault.suffix_index(e164).as_bytes().to_vec());
                columns.ending_indexes.push(scope.vault.ending_index(text).as_bytes().to_vec());
                columns.labels.push(label);
                columns.retired_at.push(retired_at.map(At));
            }
        }
        columns
    }
}

/// Gives the numbers of several customers, each in the order they were given; none of a customer
/// whose key was destroyed.
pub(crate) async fn of_customers(
    scope: &mut TenantScope<'_>,
    ids: &[String],
    keys: &KeySet,
) -> Result<HashMap<String, Vec<CustomerNumber>>, StoreError> {
    let rows = sqlx::query(
        "SELECT customer_id, sealed, e164, label, retired_at
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
        let customer: String = row.get("customer_id")?;
        if let Some(e164) = open(&row, &customer, keys)? {
            let (label, retired_at) = (row.get("label")?, row.at_optional("retired_at")?);
            let number = CustomerNumber { e164, label, retired_at };
            numbers.entry(customer).or_default().push(number);
        }
    }
    Ok(numbers)
}

/// Gives the numbers of the customer whom a row is about, where it has them all.
pub(crate) fn in_row(
    row: &Reader<'_>,
    customer: &str,
    keys: &KeySet,
) -> Result<Vec<CustomerNumber>, StoreError> {
    let sealed: Vec<Option<Vec<u8>>> = row.get("sealed_numbers")?;
    let clear: Vec<Option<String>> = row.get("clear_numbers")?;
    let labels: Vec<String> = row.get("number_labels")?;
    let retired: Vec<Option<At>> = row.get("numbers_retired_at")?;
    let mut numbers = Vec::with_capacity(labels.len());
    for (number, (label, retired_at)) in
        sealed.iter().zip(&clear).zip(labels.into_iter().zip(retired))
    {
        if let Some(e164) = opened(number.0.as_deref(), number.1.as_deref(), customer, keys)? {
            numbers.push(CustomerNumber { e164, label, retired_at: retired_at.map(|at| at.0) });
        }
    }
    Ok(numbers)
}

/// Opens the number of a row; nothing when the customer's key was destroyed.
pub(crate) fn open(
    row: &Reader<'_>,
    customer: &str,
    keys: &KeySet,
) -> Result<Option<E164>, StoreError> {
    opened(row.get("sealed")?, row.get("e164")?, customer, keys)
}

fn opened(
    sealed: Option<&[u8]>,
    clear: Option<&str>,
    customer: &str,
    keys: &KeySet,
) -> Result<Option<E164>, StoreError> {
    let parse =
        |text: &str| E164::parse(text).map(Some).map_err(|error| StoreError::corrupt(PLACE, error));
    let Some(sealed) = sealed else {
        return parse(clear.unwrap_or_default());
    };
    let Some(key) = keys.of(&of_customer(customer)) else { return Ok(None) };
    let number = key.open(PLACE, sealed).map_err(|error| StoreError::corrupt(PLACE, error))?;
    parse(std::str::from_utf8(&number).map_err(|error| StoreError::corrupt(PLACE, error))?)
}
