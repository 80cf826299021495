//! Stores that are late or away.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use switchboard_api::callerid::v1::CallerKind;
use switchboard_domain::customer::{ChangedCustomer, Customer, Evidence, ExternalId, LastTalk};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::phone::E164;
use switchboard_domain::time::Timestamp;
use switchboard_embedded::testing::fresh_postgres;
use switchboard_runtime::clock::Stopwatch;
use switchboard_store::customers::{CustomerEvent, Customers};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Page, PageRequest};
use switchboard_store_postgres::{PostgresSettings, PostgresStore, migrate};
use tonic::Code;

use crate::support::{Office, told, zhao};

#[tokio::test]
async fn a_late_store_leaves_the_caller_unknown_and_nobody_waits() {
    let office = Office::set_up().await;
    let late = Arc::new(Late(office.store.clone()));
    let office = office.with_customers(late);
    let started = Stopwatch::start();

    let answer = office.lookup("+8613800000001").await.unwrap();

    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(answer.kind(), CallerKind::Unknown);
    assert_eq!(answer.partial_reason, "LOOKUP_TIMED_OUT");
    assert_eq!(answer.number.unwrap().e164, "+8613800000001");
}

#[tokio::test]
async fn without_postgres_lookups_answer_in_part_and_changes_are_put_off() {
    let server = fresh_postgres().await.unwrap();
    let url = server.url("postgres");
    migrate(&PostgresSettings::parse(&url).unwrap()).await.unwrap();
    let office = Office::on(&url).await;
    assert_eq!(office.lookup("13800000001").await.unwrap().kind(), CallerKind::Known);
    server.kill();

    let remembered = office.lookup("13800000001").await.unwrap();
    let never_seen = office.lookup("13800000002").await.unwrap();
    let refused = office.create(zhao("zhao", "+8613700000001")).await.unwrap_err();

    assert_eq!(remembered.kind(), CallerKind::Known);
    assert_eq!(never_seen.kind(), CallerKind::Unknown);
    assert_eq!(never_seen.partial_reason, "CUSTOMER_STORE_UNAVAILABLE");
    assert_eq!(
        (refused.code(), told(&refused).1.as_str()),
        (Code::Unavailable, "STORE_UNAVAILABLE")
    );
}

/// A store that looks for callers and never ends.
struct Late(PostgresStore);

#[async_trait]
impl Customers for Late {
    async fn create(
        &self,
        tenant: &TenantId,
        customer: &Customer,
        actor: &str,
    ) -> Result<(), StoreError> {
        Customers::create(&self.0, tenant, customer, actor).await
    }

    async fn save(
        &self,
        tenant: &TenantId,
        changed: &ChangedCustomer,
        actor: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        Customers::save(&self.0, tenant, changed, actor, at).await
    }

    async fn events(
        &self,
        tenant: &TenantId,
        id: &CustomerId,
    ) -> Result<Vec<CustomerEvent>, StoreError> {
        Customers::events(&self.0, tenant, id).await
    }

    async fn get(&self, tenant: &TenantId, id: &CustomerId) -> Result<Customer, StoreError> {
        Customers::get(&self.0, tenant, id).await
    }

    async fn find_by_external_id(
        &self,
        tenant: &TenantId,
        external_id: &ExternalId,
    ) -> Result<Option<Customer>, StoreError> {
        self.0.find_by_external_id(tenant, external_id).await
    }

    async fn evidence(&self, tenant: &TenantId, id: &CustomerId) -> Result<Evidence, StoreError> {
        Customers::evidence(&self.0, tenant, id).await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<Page<Customer>, StoreError> {
        Customers::list(&self.0, tenant, page).await
    }

    async fn lookup(&self, _: &TenantId, _: &E164) -> Result<Vec<Evidence>, StoreError> {
        std::future::pending().await
    }

    async fn last_talk(
        &self,
        tenant: &TenantId,
        number: &E164,
        customer: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError> {
        Customers::last_talk(&self.0, tenant, number, customer).await
    }
}
