//! Customers, and the evidence about who may be calling.

pub(crate) mod read;
mod write;

use std::collections::HashMap;

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::customer::{
    ChangedCustomer, Customer, Evidence, ExternalId, LastTalk, NumberMatch,
};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::phone::E164;
use switchboard_domain::time::Timestamp;
use switchboard_store::customers::{CustomerEvent, Customers};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Cursor, Page, PageRequest};

use self::read::{Personal, by_ids, leading, page_rows, read};
use self::write::{insert, made, replace_others, update};
use crate::error::about;
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::vault::of_customer;
use crate::{
    customer_events, customer_external_ids, customer_numbers, customer_profiles, customer_words,
    data_keys, values,
};

/// The name of the field that stays as it was set, whatever the customer's score.
const TIER: &str = "tier";

#[async_trait]
impl Customers for PostgresStore {
    async fn create(
        &self,
        tenant: &TenantId,
        customer: &Customer,
        actor: &str,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            insert(&mut scope, customer).await?;
            let key = data_keys::make(&mut scope, &of_customer(customer.id.as_str())).await?;
            customer_words::insert(&mut scope, customer).await?;
            customer_numbers::insert(&mut scope, customer, &key).await?;
            customer_external_ids::insert(&mut scope, customer, &key).await?;
            if !customer.profile.is_empty() {
                customer_profiles::replace(&mut scope, customer, &key).await?;
            }
            customer_events::insert(&mut scope, &customer.id, &made(customer, actor)).await?;
            scope.commit().await
        })
        .await
    }

    async fn save(
        &self,
        tenant: &TenantId,
        changed: &ChangedCustomer,
        actor: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let customer = &changed.customer;
            if changed.fields.iter().any(|field| field == TIER) {
                values::stays_as_set(&mut scope, &customer.id).await?;
            }
            update(&mut scope, customer).await?;
            replace_others(&mut scope, changed).await?;
            let event = CustomerEvent {
                version: customer.version,
                fields: changed.fields.iter().map(ToString::to_string).collect(),
                actor: actor.to_owned(),
                at,
            };
            customer_events::insert(&mut scope, &customer.id, &event).await?;
            scope.commit().await
        })
        .await
    }

    async fn events(
        &self,
        tenant: &TenantId,
        id: &CustomerId,
    ) -> Result<Vec<CustomerEvent>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let events = customer_events::all(&mut scope, id).await?;
            scope.commit().await?;
            Ok(events)
        })
        .await
    }

    async fn get(&self, tenant: &TenantId, id: &CustomerId) -> Result<Customer, StoreError> {
        self.evidence(tenant, id).await.map(|found| found.customer)
    }

    async fn evidence(&self, tenant: &TenantId, id: &CustomerId) -> Result<Evidence, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let ids = [id.as_str().to_owned()];
            let mut found = by_ids(&mut scope, &ids).await?;
            scope.commit().await?;
            found.pop().ok_or_else(|| StoreError::not_found(format!("customer {id}")))
        })
        .await
    }

    async fn find_by_external_id(
        &self,
        tenant: &TenantId,
        external_id: &ExternalId,
    ) -> Result<Option<Customer>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let holder = customer_external_ids::holder(&mut scope, external_id).await?;
            let found = leading(&mut scope, holder.as_slice()).await?;
            scope.commit().await?;
            Ok(found.into_iter().next())
        })
        .await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<Page<Customer>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = page_rows(&mut scope, page).await?;
            let ids = rows
                .iter()
                .map(|row| Reader::new(row, "customers").get("id"))
                .collect::<Result<Vec<String>, _>>()?;
            let mut personal = Personal::of(&mut scope, &ids).await?;
            scope.commit().await?;
            let customers = rows
                .iter()
                .map(|row| read(&Reader::new(row, "customers"), &mut personal))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(customers, page.size(), |customer| Cursor {
                at: customer.created_at,
                id: customer.id.to_string(),
            }))
        })
        .await
    }

    async fn lookup(&self, tenant: &TenantId, number: &E164) -> Result<Vec<Evidence>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let holders: HashMap<String, NumberMatch> =
                customer_numbers::holders(&mut scope, number).await?.into_iter().collect();
            let ids: Vec<String> = holders.keys().cloned().collect();
            let mut evidence = by_ids(&mut scope, &ids).await?;
            scope.commit().await?;
            for one in &mut evidence {
                if let Some(agreement) = holders.get(one.customer.id.as_str()) {
                    one.number = *agreement;
                }
            }
            Ok(evidence)
        })
        .await
    }

    async fn last_talk(
        &self,
        tenant: &TenantId,
        number: &E164,
        customer: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let caller_index = scope.vault.number_index(number.as_str());
            let found = sqlx::query(include_str!("../queries/last_talk.sql"))
                .bind(scope.tenant)
                .bind(number.as_str())
                .bind(customer.map(CustomerId::as_str))
                .bind(caller_index.as_bytes())
                .fetch_optional(scope.connection())
                .await
                .map_err(about("the last talk"))?;
            scope.commit().await?;
            let read = |row: &PgRow| {
                let row = Reader::new(row, "interactions");
                Ok(LastTalk { agent: row.parse("agent_id")?, at: row.at("talked_at")? })
            };
            found.as_ref().map(read).transpose()
        })
        .await
    }
}
