//! Many customers in one transaction, with few statements however many there are.

mod fold;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use switchboard_domain::customer::{Change, ExternalId};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_store::error::StoreError;
use switchboard_store::transfers::{CustomerRow, CustomerTransfers, RowOutcome, UpsertOrder};

use crate::data_keys::{self, KeySet};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::vault::of_customer;
use crate::{customer_external_ids, customers, values};

use fold::{Folded, Record};

#[async_trait]
impl CustomerTransfers for PostgresStore {
    async fn upsert(
        &self,
        tenant: &TenantId,
        rows: Vec<CustomerRow>,
        order: &UpsertOrder,
    ) -> Result<Vec<RowOutcome>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope_of_many(tenant).await?;
            let outcomes = upsert(&mut scope, rows, order).await?;
            if order.keep {
                scope.commit().await?;
                self.signals.note_caller_change(tenant.as_str());
            }
            Ok(outcomes)
        })
        .await
    }
}

async fn upsert(
    scope: &mut TenantScope<'_>,
    rows: Vec<CustomerRow>,
    order: &UpsertOrder,
) -> Result<Vec<RowOutcome>, StoreError> {
    let named = rows.iter().flat_map(external_ids).collect();
    let holders = customer_external_ids::holders(scope, named).await?;
    let ids: BTreeSet<&CustomerId> =
        rows.iter().map(|row| &row.id).chain(holders.values()).collect();
    let ids: Vec<String> = ids.into_iter().map(ToString::to_string).collect();
    let sets_tiers =
        rows.iter().flat_map(|row| &row.changes).any(|change| matches!(change, Change::Tier(_)));
    if sets_tiers {
        values::lock(scope, &ids).await?;
    }
    let known = customers::read::lock(scope, &ids).await?;
    let mut folded = Folded::of(known, holders, rows, order);
    let keys = keys(scope, &folded.records).await?;
    folded.drop_erased(&keys);
    write::all(scope, &folded, &keys).await?;
    Ok(folded.outcomes)
}

/// Gives every external id a row speaks of.
fn external_ids(row: &CustomerRow) -> impl Iterator<Item = &ExternalId> {
    row.holder_of.iter().chain(fold::new_external_ids(&row.changes))
}

/// Gives the keys of everybody whose numbers are sealed anew.
async fn keys(
    scope: &mut TenantScope<'_>,
    records: &BTreeMap<String, Record>,
) -> Result<KeySet, StoreError> {
    let sealed = records.iter().filter(|(_, record)| record.needs_key());
    let subjects: BTreeSet<String> = sealed.map(|(id, _)| of_customer(id)).collect();
    data_keys::ensure(scope, &subjects).await
}
