//! Writes records turned on their side: one statement for each table.

use switchboard_domain::customer::search::name_keys;
use switchboard_domain::customer::{Customer, CustomerNumber};
use switchboard_store::error::StoreError;

use super::fold::{Folded, Record};
use crate::customer_external_ids::PLACE as EXTERNAL_ID;
use crate::customer_numbers::PLACE as NUMBER;
use crate::data_keys::KeySet;
use crate::error::about;
use crate::row::bigint;
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::values;
use crate::vault::of_customer;

/// The name of the field that stays as it was set, whatever the customer's score.
const TIER: &str = "tier";
const FORGET_WORDS: &str =
    "DELETE FROM customer_words WHERE tenant_id = $1 AND customer_id = ANY($2)";
const FORGET_NUMBERS: &str =
    "DELETE FROM customer_numbers WHERE tenant_id = $1 AND customer_id = ANY($2)";
const FORGET_EXTERNAL_IDS: &str =
    "DELETE FROM customer_external_ids WHERE tenant_id = $1 AND customer_id = ANY($2)";

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
    let renamed = records().filter(|record| record.sets_name());
    forget(scope, renamed, FORGET_WORDS).await?;
    let found_anew = records().filter(|record| record.is_new || record.sets_name());
    Words::of(found_anew).write(scope).await?;
    let called_anew = records().filter(|record| record.sets_numbers());
    forget(scope, called_anew, FORGET_NUMBERS).await?;
    let named_anew = records().filter(|record| record.sets_external_ids());
    forget(scope, named_anew, FORGET_EXTERNAL_IDS).await?;
    let numbers = records().filter(|record| record.is_new || record.sets_numbers());
    Numbers::of(scope, numbers, keys).write(scope).await?;
    let external_ids = records().filter(|record| record.is_new || record.sets_external_ids());
    ExternalIds::of(scope, external_ids, keys).write(scope).await?;
    Events::of(records()).write(scope).await
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

/// Deletes what customers have, before other rows take its place.
async fn forget(
    scope: &mut TenantScope<'_>,
    records: impl Iterator<Item = &Record>,
    query: &'static str,
) -> Result<(), StoreError> {
    let ids: Vec<&str> = records.map(|record| record.customer.id.as_str()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(query)
        .bind(scope.tenant)
        .bind(ids)
        .execute(scope.connection())
        .await
        .map_err(about("what customers have"))?;
    Ok(())
}

#[derive(Default)]
struct Words<'record> {
    customers: Vec<&'record str>,
    words: Vec<String>,
}

impl<'record> Words<'record> {
    fn of(records: impl Iterator<Item = &'record Record>) -> Self {
        let mut columns = Self::default();
        for Record { customer, .. } in records {
            for word in name_keys(&customer.name) {
                columns.customers.push(customer.id.as_str());
                columns.words.push(word);
            }
        }
        columns
    }

    async fn write(self, scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
        if self.customers.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO customer_words (tenant_id, word, customer_id)
             SELECT $1, given.word, given.customer_id
             FROM unnest($2::text[], $3::text[]) AS given (customer_id, word)",
        )
        .bind(scope.tenant)
        .bind(self.customers)
        .bind(self.words)
        .execute(scope.connection())
        .await
        .map_err(about("the words of customers"))?;
        Ok(())
    }
}

#[derive(Default)]
struct Numbers<'record> {
    customers: Vec<&'record str>,
    positions: Vec<i16>,
    sealed: Vec<Vec<u8>>,
    number_indexes: Vec<Vec<u8>>,
    suffix_indexes: Vec<Vec<u8>>,
    labels: Vec<&'record str>,
    retired_at: Vec<Option<At>>,
}

impl<'record> Numbers<'record> {
    fn of(
        scope: &TenantScope<'_>,
        records: impl Iterator<Item = &'record Record>,
        keys: &KeySet,
    ) -> Self {
        let mut columns = Self::default();
        for Record { customer, .. } in records {
            let Some(key) = keys.of(&of_customer(customer.id.as_str())) else { continue };
            for (position, number) in (1..).zip(&customer.numbers) {
                let CustomerNumber { e164, label, retired_at } = number;
                let number_index = scope.vault.number_index(e164.as_str());
                columns.customers.push(customer.id.as_str());
                columns.positions.push(position);
                columns.sealed.push(key.seal(NUMBER, e164.as_str().as_bytes()));
                columns.number_indexes.push(number_index.as_bytes().to_vec());
                columns.suffix_indexes.push(scope.vault.suffix_index(e164).as_bytes().to_vec());
                columns.labels.push(label);
                columns.retired_at.push(retired_at.map(At));
            }
        }
        columns
    }

    async fn write(self, scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
        if self.customers.is_empty() {
            return Ok(());
        }
        sqlx::query(include_str!("../../queries/insert_numbers_of_customers.sql"))
            .bind(scope.tenant)
            .bind(self.customers)
            .bind(self.positions)
            .bind(self.sealed)
            .bind(self.number_indexes)
            .bind(self.suffix_indexes)
            .bind(self.labels)
            .bind(self.retired_at)
            .execute(scope.connection())
            .await
            .map_err(about("the numbers of customers"))?;
        Ok(())
    }
}

#[derive(Default)]
struct ExternalIds<'record> {
    customers: Vec<&'record str>,
    positions: Vec<i16>,
    systems: Vec<&'record str>,
    indexes: Vec<Vec<u8>>,
    sealed: Vec<Vec<u8>>,
}

impl<'record> ExternalIds<'record> {
    fn of(
        scope: &TenantScope<'_>,
        records: impl Iterator<Item = &'record Record>,
        keys: &KeySet,
    ) -> Self {
        let mut columns = Self::default();
        for Record { customer, .. } in records {
            let Some(key) = keys.of(&of_customer(customer.id.as_str())) else { continue };
            for (position, external_id) in (1..).zip(&customer.external_ids) {
                let index = scope.vault.external_id_index(external_id);
                columns.customers.push(customer.id.as_str());
                columns.positions.push(position);
                columns.systems.push(external_id.system());
                columns.indexes.push(index.as_bytes().to_vec());
                columns.sealed.push(key.seal(EXTERNAL_ID, external_id.id().as_bytes()));
            }
        }
        columns
    }

    async fn write(self, scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
        if self.customers.is_empty() {
            return Ok(());
        }
        sqlx::query(include_str!("../../queries/insert_external_ids_of_customers.sql"))
            .bind(scope.tenant)
            .bind(self.customers)
            .bind(self.positions)
            .bind(self.systems)
            .bind(self.indexes)
            .bind(self.sealed)
            .execute(scope.connection())
            .await
            .map_err(about("the external ids of customers"))?;
        Ok(())
    }
}

#[derive(Default)]
struct Events<'record> {
    customers: Vec<&'record str>,
    versions: Vec<i64>,
    fields: Vec<String>,
    actors: Vec<&'record str>,
    at: Vec<At>,
}

impl<'record> Events<'record> {
    fn of(records: impl Iterator<Item = &'record Record>) -> Self {
        let mut columns = Self::default();
        for Record { customer, events, .. } in records {
            for event in events {
                columns.customers.push(customer.id.as_str());
                columns.versions.push(bigint(event.version));
                columns.fields.push(event.fields.join(","));
                columns.actors.push(&event.actor);
                columns.at.push(At(event.at));
            }
        }
        columns
    }

    async fn write(self, scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
        if self.customers.is_empty() {
            return Ok(());
        }
        sqlx::query(include_str!("../../queries/insert_customer_events.sql"))
            .bind(scope.tenant)
            .bind(self.customers)
            .bind(self.versions)
            .bind(self.fields)
            .bind(self.actors)
            .bind(self.at)
            .execute(scope.connection())
            .await
            .map_err(about("the lives of customers"))?;
        Ok(())
    }
}
