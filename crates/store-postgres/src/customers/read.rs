//! Reads customers: rows, and what is sealed of them.

use std::collections::{BTreeSet, HashMap};

use sqlx::postgres::PgRow;

use switchboard_domain::customer::{
    Customer, CustomerNumber, Evidence, NumberMatch, PartyKind, PartyType,
};
use switchboard_domain::ids::CustomerId;
use switchboard_store::error::StoreError;
use switchboard_store::page::PageRequest;

use crate::data_keys::{self, KeySet};
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::vault::{Vault, of_customer};
use crate::{customer_external_ids, customer_numbers, customer_profiles, values};

/// Gives the rows of a page, and one more if there is another page.
pub(super) async fn page_rows(
    scope: &mut TenantScope<'_>,
    page: &PageRequest,
) -> Result<Vec<PgRow>, StoreError> {
    sqlx::query(include_str!("../../queries/list_customers.sql"))
        .bind(scope.tenant)
        .bind(page.after().map(|cursor| At(cursor.at)))
        .bind(page.after().map(|cursor| cursor.id.as_str()))
        .bind(i64::from(page.size()) + 1)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the customers"))
}

/// Gives customers with what is known about each; how the number agrees is for the caller to say.
pub(crate) async fn by_ids(
    scope: &mut TenantScope<'_>,
    ids: &[String],
) -> Result<Vec<Evidence>, StoreError> {
    let rows = sqlx::query("SELECT * FROM customers_with_evidence($1, $2)")
        .bind(scope.tenant)
        .bind(ids)
        .fetch_all(scope.connection())
        .await
        .map_err(about("customers by id"))?;
    let mut personal = Personal::in_rows(scope.vault, &rows)?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "customers");
            Ok(Evidence {
                customer: read(&row, &mut personal)?,
                number: NumberMatch::Exact,
                last_agent: row.parse_optional("last_agent_id")?,
                open_tickets: row.small_count("open_tickets")?,
                open_promises: row.small_count("open_promises")?,
                standing: values::standing(&row)?,
                called_at: None,
            })
        })
        .collect()
}

/// Records that nobody else changes until the end of the transaction.
#[derive(Default)]
pub(crate) struct Locked {
    /// Those that are there.
    pub(crate) customers: Vec<Customer>,
    /// Those that are erased for good.
    pub(crate) erased: BTreeSet<String>,
}

/// Locks those of these customers that are there.
pub(crate) async fn lock(
    scope: &mut TenantScope<'_>,
    ids: &[String],
) -> Result<Locked, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/lock_customers.sql"))
        .bind(scope.tenant)
        .bind(ids)
        .fetch_all(scope.connection())
        .await
        .map_err(about("customers by id"))?;
    let mut locked = Locked::default();
    if rows.is_empty() {
        return Ok(locked);
    }
    let mut personal = Personal::of(scope, ids).await?;
    for row in &rows {
        let row = Reader::new(row, "customers");
        if row.get("is_erased")? {
            locked.erased.insert(row.get("id")?);
        } else {
            locked.customers.push(read(&row, &mut personal)?);
        }
    }
    Ok(locked)
}

/// What is sealed of several customers, and the keys for the rest of it.
pub(super) struct Personal {
    keys: KeySet,
    numbers: HashMap<String, Vec<CustomerNumber>>,
}

impl Personal {
    pub(super) async fn of(
        scope: &mut TenantScope<'_>,
        ids: &[String],
    ) -> Result<Self, StoreError> {
        let keys = data_keys::find(scope, ids.iter().map(|id| of_customer(id))).await?;
        let numbers = customer_numbers::of_customers(scope, ids, &keys).await?;
        Ok(Self { keys, numbers })
    }

    /// Takes the keys and the numbers from where rows have both.
    fn in_rows(vault: Vault<'_>, rows: &[PgRow]) -> Result<Self, StoreError> {
        let mut wrapped = Vec::with_capacity(rows.len());
        for row in rows {
            let row = Reader::new(row, "customers");
            wrapped.push((of_customer(row.get("id")?), row.get::<Option<&[u8]>>("wrapped")?));
        }
        let keys = KeySet::unwrap(vault, wrapped)?;
        let mut numbers = HashMap::with_capacity(rows.len());
        for row in rows {
            let row = Reader::new(row, "customers");
            let id: String = row.get("id")?;
            let held = customer_numbers::in_row(&row, &id, &keys)?;
            numbers.insert(id, held);
        }
        Ok(Self { keys, numbers })
    }
}

/// Gives customers in an order, each once, and in the place of one that was merged the one that leads
/// for it.
pub(crate) async fn leading(
    scope: &mut TenantScope<'_>,
    ids: &[String],
) -> Result<Vec<Customer>, StoreError> {
    let found = leading_evidence(scope, ids).await?;
    Ok(found.into_iter().map(|found| found.customer).collect())
}

/// Gives the same customers with what is known about each.
pub(crate) async fn leading_evidence(
    scope: &mut TenantScope<'_>,
    ids: &[String],
) -> Result<Vec<Evidence>, StoreError> {
    let by_id = |found: Evidence| (found.customer.id.clone(), found);
    let mut read: HashMap<CustomerId, Evidence> =
        by_ids(scope, ids).await?.into_iter().map(by_id).collect();
    let winners = read.values().filter_map(|found| found.customer.merged_into.as_ref());
    let winners: Vec<String> = winners.map(ToString::to_string).collect();
    if !winners.is_empty() {
        read.extend(by_ids(scope, &winners).await?.into_iter().map(by_id));
    }
    let lead = |id: &String| {
        let id = CustomerId::parse(id.as_str()).ok()?;
        let winner = read.get(&id).and_then(|found| found.customer.merged_into.clone());
        read.remove(&winner.unwrap_or(id))
    };
    Ok(ids.iter().filter_map(lead).collect())
}

/// Reads one row, whose sealed parts are taken out of what was opened.
pub(super) fn read(row: &Reader<'_>, personal: &mut Personal) -> Result<Customer, StoreError> {
    let id: CustomerId = row.parse("id")?;
    let key = personal.keys.of(&of_customer(id.as_str()));
    Ok(Customer {
        numbers: personal.numbers.remove(id.as_str()).unwrap_or_default(),
        external_ids: customer_external_ids::read(row, key)?,
        profile: customer_profiles::read(row, key)?,
        merged_into: row.parse_optional("merged_into")?,
        merged: merged(row)?,
        reviewed_at: row.at("reviewed_at")?,
        id,
        name: row.get("name")?,
        kind: row.word("kind", PartyKind::parse)?,
        party_type: row.word("party_type", PartyType::parse)?,
        tier: row.parse("tier")?,
        language: row.get("language")?,
        owner: row.parse_optional("owner_agent_id")?,
        alert: row.get("alert")?,
        created_at: row.at("created_at")?,
        version: row.count("version")?,
    })
}

fn merged(row: &Reader<'_>) -> Result<Vec<CustomerId>, StoreError> {
    let ids: Vec<String> = row.get("merged_ids")?;
    let id = |id: String| {
        CustomerId::parse(id).map_err(|error| StoreError::corrupt("customers.merged_into", error))
    };
    ids.into_iter().map(id).collect()
}
