//! Tenants, gateways, epochs, audit.

use std::collections::BTreeSet;

use switchboard_domain::ids::GatewayId;
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::error::StoreError;
use switchboard_store::tenants::{
    EPOCH_STEP, Epochs, Gateways, Tenant, Tenants, epoch_above, epoch_between,
};
use switchboard_store_postgres::testing::migrated_database;
use switchboard_store_postgres::{PostgresSettings, migrate};

use crate::support::{database, second, tenant};

#[tokio::test]
async fn tenants_are_listed_by_id_and_made_once() {
    let store = database().await.store;
    let again = Tenant { id: tenant("demo"), name: "again".to_owned(), created_at: second(9) };

    let listed = Tenants::list(&store).await.unwrap();
    let refused = Tenants::create(&store, &again).await;

    let ids: Vec<&str> = listed.iter().map(|tenant| tenant.id.as_str()).collect();
    assert_eq!(ids, ["demo", "other"]);
    assert_eq!(listed[0].created_at, second(0));
    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
}

#[tokio::test]
async fn a_gateway_is_new_once() {
    let store = database().await.store;
    let gateway = GatewayId::parse("g-1").unwrap();

    let first = store.register(&tenant("demo"), &gateway, second(1)).await.unwrap();
    let second_time = store.register(&tenant("demo"), &gateway, second(2)).await.unwrap();

    assert_eq!((first, second_time), (true, false));
    assert_eq!(store.known(&tenant("demo")).await.unwrap(), [gateway]);
    assert_eq!(store.known(&tenant("other")).await.unwrap(), []);
}

#[tokio::test]
async fn a_record_of_an_unknown_tenant_is_refused() {
    let store = database().await.store;
    let gateway = GatewayId::parse("g-1").unwrap();

    let refused = store.register(&tenant("nobody"), &gateway, second(1)).await;

    assert_eq!(refused.unwrap_err().to_string(), "there is no such tenant");
}

#[tokio::test]
async fn epochs_rise_above_everything_that_may_have_been_used() {
    let store = database().await.store;

    let first = store.next(&tenant("demo"), 0, "run-a", second(1)).await.unwrap();
    let made = epoch_between(5 * EPOCH_STEP, 7).unwrap();
    let after_seen = store.next(&tenant("demo"), made, "run-b", second(2)).await.unwrap();
    let after_lower = store.next(&tenant("demo"), first, "run-c", second(3)).await.unwrap();
    let of_other = store.next(&tenant("other"), 0, "run-a", second(4)).await.unwrap();

    assert_eq!((first, of_other), (epoch_above(0), epoch_above(0)));
    assert_eq!((after_seen, after_lower), (epoch_above(made), epoch_above(after_seen)));
}

#[tokio::test]
async fn no_epoch_is_given_twice_however_many_ask_at_once() {
    let store = database().await.store;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let store = store.clone();
        asking
            .spawn(async move { store.next(&tenant("demo"), 0, "run", second(1)).await.unwrap() });
    }

    let given: BTreeSet<u64> = asking.join_all().await.into_iter().collect();

    assert_eq!(given, (1..=10).map(|number| number * EPOCH_STEP).collect());
}

#[tokio::test]
async fn the_audit_trail_gives_the_latest_first() {
    let store = database().await.store;
    for (at, action) in [(1, "ticket.create"), (2, "ticket.move")] {
        let record = AuditRecord {
            actor: "wang".to_owned(),
            role: "agent".to_owned(),
            action: action.to_owned(),
            object: "ticket/t-1".to_owned(),
            detail: None,
            at: second(at),
        };
        store.append(&tenant("demo"), &record).await.unwrap();
    }

    let latest = store.latest(&tenant("demo"), 1).await.unwrap();

    assert_eq!(latest.len(), 1);
    assert_eq!((latest[0].action.as_str(), latest[0].at), ("ticket.move", second(2)));
    assert_eq!(store.latest(&tenant("other"), 10).await.unwrap(), []);
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let settings = PostgresSettings::parse(&migrated_database().await.unwrap()).unwrap();

    migrate(&settings).await.unwrap();
}
