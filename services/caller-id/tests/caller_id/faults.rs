//! Stores that are late or away.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use switchboard_api::callerid::v1::CallerKind;
use switchboard_domain::customer::{Found, LastTalk};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::phone::{E164, PhoneAddress};
use switchboard_embedded::testing::fresh_postgres;
use switchboard_runtime::clock::Stopwatch;
use switchboard_store::callers::{Background, Callers};
use switchboard_store::error::StoreError;
use switchboard_store_postgres::{PostgresSettings, PostgresStore, migrate};
use tonic::Code;

use crate::support::{Office, told, zhao};

#[tokio::test]
async fn a_late_store_leaves_the_caller_unknown_and_nobody_waits() {
    let office = Office::set_up().await;
    let late = Arc::new(Late(office.store.clone()));
    let office = office.with_callers(late);
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
impl Callers for Late {
    async fn lookup(&self, _: &TenantId, _: &PhoneAddress) -> Result<Found, StoreError> {
        std::future::pending().await
    }

    async fn last_talk(
        &self,
        tenant: &TenantId,
        number: &E164,
        customer: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError> {
        self.0.last_talk(tenant, number, customer).await
    }

    async fn backgrounds(
        &self,
        tenant: &TenantId,
        customers: &[CustomerId],
    ) -> Result<BTreeMap<CustomerId, Background>, StoreError> {
        self.0.backgrounds(tenant, customers).await
    }

    fn changes(&self, tenant: &TenantId) -> u64 {
        self.0.changes(tenant)
    }
}
