//! Customers.

pub(crate) mod read;
mod write;

use async_trait::async_trait;

use switchboard_domain::customer::{ChangedCustomer, Customer, Evidence, ExternalId};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::customers::{CustomerEvent, Customers};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Cursor, Page, PageRequest};

use self::read::{Personal, by_ids, leading, page_rows, read};
pub(crate) use self::write::stand_by;
use self::write::{insert, made, replace_others, update};
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::vault::of_customer;
use crate::{
    customer_events, customer_external_ids, customer_numbers, customer_profiles, customer_words,
    data_keys, values,
};

/// The name of the field that stays as it was set, whatever the customer's score.
const TIER: &str = "tier";

/// Gives the ids of customers, as statements take them.
pub(crate) fn ids<'customer>(customers: &[&'customer Customer]) -> Vec<&'customer str> {
    customers.iter().map(|customer| customer.id.as_str()).collect()
}

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
            let keys = data_keys::make(&mut scope, of_customer(customer.id.as_str())).await?;
            customer_words::insert(&mut scope, &[customer]).await?;
            customer_numbers::insert(&mut scope, &[customer], &keys).await?;
            customer_external_ids::insert(&mut scope, &[customer], &keys).await?;
            if !customer.profile.is_empty() {
                customer_profiles::replace(&mut scope, customer, &keys).await?;
            }
            let line = made(customer, actor);
            customer_events::insert(&mut scope, &[(&customer.id, &line)]).await?;
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(())
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
                let id = customer.id.as_str().to_owned();
                values::stay_as_set(&mut scope, vec![id]).await?;
            }
            update(&mut scope, customer).await?;
            replace_others(&mut scope, changed).await?;
            let event = CustomerEvent {
                version: customer.version,
                fields: changed.fields.iter().map(ToString::to_string).collect(),
                actor: actor.to_owned(),
                at,
            };
            customer_events::insert(&mut scope, &[(&customer.id, &event)]).await?;
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(())
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
}
