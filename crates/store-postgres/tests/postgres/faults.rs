//! Postgres away: quick, typed answers, and work as before once it is back.

use std::sync::Arc;
use std::time::Duration;

use switchboard_embedded::testing::{eventually, fresh_postgres};
use switchboard_sealing::KeyRing;
use switchboard_store::error::StoreError;
use switchboard_store::tenants::Tenants;
use switchboard_store_postgres::{PostgresSettings, PostgresStore, migrate};
use tokio::time::timeout;

#[tokio::test]
async fn a_store_may_be_made_before_postgres_is_there() {
    let settings =
        PostgresSettings::parse("postgres://nobody@localhost/none?host=/nowhere").unwrap();
    let store = PostgresStore::new(&settings, Arc::new(KeyRing::generate()));

    let answer = timeout(Duration::from_secs(3), Tenants::list(&store)).await;

    assert!(matches!(answer, Ok(Err(StoreError::Unavailable(_)))), "{answer:?}");
}

#[tokio::test]
async fn a_killed_postgres_is_unavailable_at_once_and_back_when_it_is_back() {
    let mut server = fresh_postgres().await.unwrap();
    let settings = PostgresSettings::parse(&server.url("postgres")).unwrap();
    migrate(&settings).await.unwrap();
    let store = PostgresStore::new(&settings, Arc::new(KeyRing::generate()));
    Tenants::list(&store).await.unwrap();

    server.kill();
    let away = timeout(Duration::from_secs(3), Tenants::list(&store)).await.unwrap();
    server.restart().await.unwrap();

    assert!(matches!(away, Err(StoreError::Unavailable(_))), "{away:?}");
    let back = eventually_listed(&store).await;
    assert_eq!(back, 0);
}

#[tokio::test]
async fn an_address_does_not_show_its_password() {
    let error = PostgresSettings::parse("postgres://me:secret@host:port/x").unwrap_err();

    let settings = PostgresSettings::parse("postgres://me:secret@host/x").unwrap();
    for shown in [format!("{error} {error:?}"), format!("{settings:?}")] {
        assert!(!shown.contains("secret"), "{shown}");
    }
}

/// The first calls after a restart may still meet connections that are gone.
async fn eventually_listed(store: &PostgresStore) -> usize {
    eventually(async || Some(Tenants::list(store).await.ok()?.len())).await
}
