//! How customers' external ids are kept and found: sealed with the customer's key, under a blind
//! index that no two rows of a tenant share.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use switchboard_domain::customer::{Customer, ExternalId};
use switchboard_domain::ids::CustomerId;
use switchboard_sealing::DataKey;
use switchboard_store::error::StoreError;

use crate::customers::ids;
use crate::data_keys::KeySet;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::vault::of_customer;

/// What a sealed id is bound to besides its customer.
const PLACE: &str = "customer_external_ids.sealed";

/// Keeps the external ids of customers who have none; one that another customer has is taken.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    customers: &[&Customer],
    keys: &KeySet,
) -> Result<(), StoreError> {
    let columns = Columns::of(scope, customers, keys);
    if columns.customers.is_empty() {
        return Ok(());
    }
    let rows = sqlx::query(include_str!("../queries/insert_customer_external_ids.sql"))
        .bind(scope.tenant)
        .bind(columns.customers)
        .bind(columns.positions)
        .bind(columns.systems)
        .bind(columns.indexes)
        .bind(columns.sealed)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the external ids of customers"))?;
    let mut kept = BTreeSet::new();
    for row in &rows {
        let row = Reader::new(row, "customer_external_ids");
        kept.insert((row.get::<String>("customer_id")?, row.get::<i16>("position")?));
    }
    customers.iter().find_map(|customer| first_taken(customer, &kept)).map_or(Ok(()), Err)
}

fn first_taken(customer: &Customer, kept: &BTreeSet<(String, i16)>) -> Option<StoreError> {
    let is_kept = |position: i16| kept.contains(&(customer.id.to_string(), position));
    let mut numbered = (1_i16..).zip(&customer.external_ids);
    let (_, taken) = numbered.find(|(position, _)| !is_kept(*position))?;
    let name = format!("{}/{}", taken.system(), taken.id());
    Some(StoreError::Taken { kind: "external id", name })
}

/// Puts the external ids that customers have now in the place of those of before.
pub(crate) async fn replace(
    scope: &mut TenantScope<'_>,
    customers: &[&Customer],
    keys: &KeySet,
) -> Result<(), StoreError> {
    if customers.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM customer_external_ids WHERE tenant_id = $1 AND customer_id = ANY($2)")
        .bind(scope.tenant)
        .bind(ids(customers))
        .execute(scope.connection())
        .await
        .map_err(about("the external ids of customers"))?;
    insert(scope, customers, keys).await
}

/// External ids turned on their side, for one statement of any number of them.
#[derive(Default)]
struct Columns<'customer> {
    customers: Vec<&'customer str>,
    positions: Vec<i16>,
    systems: Vec<&'customer str>,
    indexes: Vec<Vec<u8>>,
    sealed: Vec<Vec<u8>>,
}

impl<'customer> Columns<'customer> {
    fn of(scope: &TenantScope<'_>, customers: &[&'customer Customer], keys: &KeySet) -> Self {
        let mut columns = Self::default();
        for customer in customers {
            let Some(key) = keys.of(&of_customer(customer.id.as_str())) else { continue };
            for (position, external_id) in (1..).zip(&customer.external_ids) {
                let index = scope.vault.external_id_index(external_id);
                columns.customers.push(customer.id.as_str());
                columns.positions.push(position);
                columns.systems.push(external_id.system());
                columns.indexes.push(index.as_bytes().to_vec());
                columns.sealed.push(key.seal(PLACE, external_id.id().as_bytes()));
            }
        }
        columns
    }
}

/// Gives who has each of these external ids, as far as somebody has.
pub(crate) async fn holders(
    scope: &mut TenantScope<'_>,
    external_ids: BTreeSet<&ExternalId>,
) -> Result<BTreeMap<ExternalId, CustomerId>, StoreError> {
    if external_ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let by_index: HashMap<Vec<u8>, &ExternalId> = external_ids
        .into_iter()
        .map(|id| (scope.vault.external_id_index(id).as_bytes().to_vec(), id))
        .collect();
    let indexes: Vec<&[u8]> = by_index.keys().map(Vec::as_slice).collect();
    let rows = sqlx::query(
        "SELECT id_index, customer_id
         FROM customer_external_ids
         WHERE tenant_id = $1 AND id_index = ANY($2)",
    )
    .bind(scope.tenant)
    .bind(indexes)
    .fetch_all(scope.connection())
    .await
    .map_err(about("customers by external id"))?;
    let mut holders = BTreeMap::new();
    for row in &rows {
        let row = Reader::new(row, "customer_external_ids");
        let index: &[u8] = row.get("id_index")?;
        if let Some(external_id) = by_index.get(index) {
            holders.insert((*external_id).clone(), row.parse("customer_id")?);
        }
    }
    Ok(holders)
}

/// Gives the id of the customer who has an external id.
pub(crate) async fn holder(
    scope: &mut TenantScope<'_>,
    external_id: &ExternalId,
) -> Result<Option<String>, StoreError> {
    let index = scope.vault.external_id_index(external_id);
    sqlx::query_scalar(
        "SELECT customer_id
         FROM customer_external_ids
         WHERE tenant_id = $1 AND id_index = $2",
    )
    .bind(scope.tenant)
    .bind(index.as_bytes())
    .fetch_optional(scope.connection())
    .await
    .map_err(about("a customer by external id"))
}

/// Reads the external ids of a row of customers, which has them in two columns; none without a key.
pub(crate) fn read(row: &Reader<'_>, key: Option<&DataKey>) -> Result<Vec<ExternalId>, StoreError> {
    let Some(key) = key else { return Ok(vec![]) };
    let systems: Vec<String> = row.get("external_systems")?;
    let sealed: Vec<Vec<u8>> = row.get("external_ids")?;
    systems.iter().zip(&sealed).map(|(system, sealed)| open(key, system, sealed)).collect()
}

fn open(key: &DataKey, system: &str, sealed: &[u8]) -> Result<ExternalId, StoreError> {
    let id = key.open(PLACE, sealed).map_err(|error| StoreError::corrupt(PLACE, error))?;
    let id = std::str::from_utf8(&id).map_err(|error| StoreError::corrupt(PLACE, error))?;
    ExternalId::new(system, id).map_err(|error| StoreError::corrupt(PLACE, error))
}
