//! Customers.

use std::collections::HashMap;

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::customer::{
    ChangedCustomer, Customer, CustomerNumber, PartyKind, PartyType,
};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::customers::{CustomerEvent, Customers};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Cursor, Page, PageRequest};

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::vault::of_customer;
use crate::{callers, customer_events, customer_numbers, data_keys};

/// The name of the field whose values are rows of their own.
const NUMBERS: &str = "numbers";

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
            customer_numbers::insert(&mut scope, customer, &key).await?;
            customer_events::insert(&mut scope, &customer.id, &made(customer, actor)).await?;
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
            update(&mut scope, customer).await?;
            if changed.fields.contains(&NUMBERS) {
                customer_numbers::replace(&mut scope, customer).await?;
            }
            let event = CustomerEvent {
                version: customer.version,
                fields: changed.fields.iter().copied().map(str::to_owned).collect(),
                actor: actor.to_owned(),
                at,
            };
            customer_events::insert(&mut scope, &customer.id, &event).await?;
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
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let ids = [id.as_str().to_owned()];
            let mut found = callers::by_ids(&mut scope, &ids).await?;
            scope.commit().await?;
            let found = found.pop().map(|found| found.customer);
            found.ok_or_else(|| StoreError::not_found(format!("customer {id}")))
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
            let mut numbers = customer_numbers::of_customers(&mut scope, &ids).await?;
            scope.commit().await?;
            let customers = rows
                .iter()
                .map(|row| read(&Reader::new(row, "customers"), &mut numbers))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(customers, page.size(), |customer| Cursor {
                at: customer.created_at,
                id: customer.id.to_string(),
            }))
        })
        .await
    }
}

async fn insert(scope: &mut TenantScope<'_>, customer: &Customer) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO customers
             (tenant_id, id, name, tier, language, owner_agent_id, alert, created_at, version,
              kind, party_type)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(scope.tenant)
    .bind(customer.id.as_str())
    .bind(&customer.name)
    .bind(customer.tier.as_str())
    .bind(&customer.language)
    .bind(customer.owner.as_ref().map(AsRef::<str>::as_ref))
    .bind(&customer.alert)
    .bind(At(customer.created_at))
    .bind(bigint(customer.version))
    .bind(customer.kind.as_str())
    .bind(customer.party_type.as_str())
    .execute(scope.connection())
    .await
    .map_err(about(format!("customer {}", customer.id)))?;
    Ok(())
}

/// Changes the row, if it is at the version before.
async fn update(scope: &mut TenantScope<'_>, customer: &Customer) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE customers
         SET name = $3, tier = $4, language = $5, owner_agent_id = $6, alert = $7, version = $8,
             kind = $9, party_type = $10
         WHERE tenant_id = $1 AND id = $2 AND version = $8 - 1 AND erased_at IS NULL",
    )
    .bind(scope.tenant)
    .bind(customer.id.as_str())
    .bind(&customer.name)
    .bind(customer.tier.as_str())
    .bind(&customer.language)
    .bind(customer.owner.as_ref().map(AsRef::<str>::as_ref))
    .bind(&customer.alert)
    .bind(bigint(customer.version))
    .bind(customer.kind.as_str())
    .bind(customer.party_type.as_str())
    .execute(scope.connection())
    .await
    .map_err(about(format!("customer {}", customer.id)))?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::conflict(format!("customer {}", customer.id)))
    }
}

/// Makes the first line of a record's life.
fn made(customer: &Customer, actor: &str) -> CustomerEvent {
    CustomerEvent {
        version: customer.version,
        fields: vec![],
        actor: actor.to_owned(),
        at: customer.created_at,
    }
}

async fn page_rows(
    scope: &mut TenantScope<'_>,
    page: &PageRequest,
) -> Result<Vec<PgRow>, StoreError> {
    sqlx::query(
        "SELECT id, name, kind, party_type, tier, language, owner_agent_id, alert, created_at, version
         FROM customers
         WHERE tenant_id = $1
             AND erased_at IS NULL
             AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
         ORDER BY created_at DESC, id DESC
         LIMIT $4",
    )
    .bind(scope.tenant)
    .bind(page.after().map(|cursor| At(cursor.at)))
    .bind(page.after().map(|cursor| cursor.id.as_str()))
    .bind(i64::from(page.size()) + 1)
    .fetch_all(scope.connection())
    .await
    .map_err(about("the customers"))
}

/// Reads a customer, who takes their numbers from those of several.
pub(crate) fn read(
    row: &Reader<'_>,
    numbers: &mut HashMap<String, Vec<CustomerNumber>>,
) -> Result<Customer, StoreError> {
    let id: CustomerId = row.parse("id")?;
    Ok(Customer {
        numbers: numbers.remove(id.as_str()).unwrap_or_default(),
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
