//! Writes records turned on their side: one statement for each table.

use switchboard_domain::customer::Customer;
use switchboard_store::error::StoreError;

use super::fold::{Folded, Record};
use crate::data_keys::KeySet;
use crate::error::about;
use crate::row::bigint;
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::{
    customer_events, customer_external_ids, customer_numbers, customer_profiles, customer_words,
    values,
};

/// The name of the field that stays as it was set, whatever the customer's score.
const TIER: &str = "tier";

/// Writes every record with its numbers and the lines of its life.
pub(super) async fn all(
    scope: &mut TenantScope<'_>,
    folded: &Folded,
    keys: &KeySet,
) -> Result<(), StoreError> {
    let records = || folded.records.values();
    let made = Customers::of(records().filter(|record| record.is_new));
    let changed = Customers::of(records().filter(|record| !record.is_new));
    let by_hand = records().filter(|record| !record.is_new && record.fields.contains(TIER));
    let by_hand: Vec<String> = by_hand.map(|record| record.customer.id.to_string()).collect();
    values::stay_as_set(scope, by_hand).await?;
    made.write(scope, include_str!("../../queries/insert_customers.sql")).await?;
    changed.write(scope, include_str!("../../queries/update_customers.sql")).await?;
    let those = |fits: fn(&Record) -> bool| -> Vec<&Customer> {
        records().filter(|record| fits(record)).map(|record| &record.customer).collect()
    };
    let new = those(|record| record.is_new);
    customer_words::replace(scope, &those(Record::sets_name)).await?;
    customer_words::insert(scope, &new).await?;
    customer_numbers::replace(scope, &those(Record::sets_numbers), keys).await?;
    customer_numbers::insert(scope, &new, keys).await?;
    customer_external_ids::replace(scope, &those(Record::sets_external_ids), keys).await?;
    customer_external_ids::insert(scope, &new, keys).await?;
    customer_profiles::replace_all(scope, &those(Record::sets_profile), keys).await?;
    let lines: Vec<_> = records()
        .flat_map(|record| record.events.iter().map(|line| (&record.customer.id, line)))
        .collect();
    customer_events::insert(scope, &lines).await
}

#[derive(Default)]
struct Customers<'record> {
    ids: Vec<&'record str>,
    names: Vec<&'record str>,
    tiers: Vec<&'static str>,
    languages: Vec<Option<&'record str>>,
    owners: Vec<Option<&'record str>>,
    alerts: Vec<Option<&'record str>>,
    created_at: Vec<At>,
    versions: Vec<i64>,
    kinds: Vec<&'static str>,
    party_types: Vec<&'static str>,
    reviewed_at: Vec<At>,
}

impl<'record> Customers<'record> {
    fn of(records: impl Iterator<Item = &'record Record>) -> Self {
        let mut columns = Self::default();
        for Record { customer, .. } in records {
            columns.add(customer);
        }
        columns
    }

    fn add(&mut self, customer: &'record Customer) {
        self.ids.push(customer.id.as_str());
        self.names.push(&customer.name);
        self.tiers.push(customer.tier.as_str());
        self.languages.push(customer.language.as_deref());
        self.owners.push(customer.owner.as_ref().map(AsRef::as_ref));
        self.alerts.push(customer.alert.as_deref());
        self.created_at.push(At(customer.created_at));
        self.versions.push(bigint(customer.version));
        self.kinds.push(customer.kind.as_str());
        self.party_types.push(customer.party_type.as_str());
        self.reviewed_at.push(At(customer.reviewed_at));
    }

    async fn write(
        self,
        scope: &mut TenantScope<'_>,
        query: &'static str,
    ) -> Result<(), StoreError> {
        if self.ids.is_empty() {
            return Ok(());
        }
        sqlx::query(query)
            .bind(scope.tenant)
            .bind(self.ids)
            .bind(self.names)
            .bind(self.tiers)
            .bind(self.languages)
            .bind(self.owners)
            .bind(self.alerts)
            .bind(self.created_at)
            .bind(self.versions)
            .bind(self.kinds)
            .bind(self.party_types)
            .bind(self.reviewed_at)
            .execute(scope.connection())
            .await
            .map_err(about("customers"))?;
        Ok(())
    }
}
