//! Row security: the serving role sees one tenant, or nothing.

use sqlx::postgres::PgConnection;
use sqlx::{Connection, Row};
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::CustomerId;
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;

use crate::support::{Database, database, second, tenant};

#[tokio::test]
async fn every_table_of_a_tenant_forces_row_security_with_a_policy() {
    let database = database().await;
    let mut owner = database.owner().await;

    let unguarded = texts(
        &mut owner,
        "SELECT tables.relname::text AS text
         FROM pg_class AS tables
         JOIN pg_attribute AS columns
             ON columns.attrelid = tables.oid AND columns.attname = 'tenant_id'
         WHERE tables.relkind IN ('r', 'p')
             AND NOT (
                 tables.relrowsecurity
                 AND tables.relforcerowsecurity
                 AND EXISTS (
                     SELECT FROM pg_policy
                     WHERE polrelid = tables.oid
                         AND polqual IS NOT NULL
                         AND polwithcheck IS NOT NULL
                 )
             )",
    )
    .await;

    assert_eq!(unguarded, Vec::<String>::new());
}

#[tokio::test]
async fn every_key_of_a_tenants_table_begins_with_the_tenant() {
    let database = database().await;
    let mut owner = database.owner().await;

    let wrong = texts(
        &mut owner,
        "SELECT keys.indexrelid::regclass::text AS text
         FROM pg_index AS keys
         JOIN pg_attribute AS tenants
             ON tenants.attrelid = keys.indrelid AND tenants.attname = 'tenant_id'
         WHERE keys.indkey[0] <> tenants.attnum",
    )
    .await;

    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn only_the_list_of_tenants_and_the_migrations_belong_to_nobody() {
    let database = database().await;
    let mut owner = database.owner().await;

    let shared = texts(
        &mut owner,
        "SELECT relname::text AS text
         FROM pg_class
         WHERE relnamespace = 'public'::regnamespace
             AND relkind IN ('r', 'p')
             AND NOT EXISTS (
                 SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'tenant_id'
             )
         ORDER BY relname",
    )
    .await;

    assert_eq!(shared, ["_sqlx_migrations", "tenants"]);
}

#[tokio::test]
async fn the_serving_role_owns_nothing_and_cannot_bypass() {
    let database = database().await;
    let mut owner = database.owner().await;

    let belongings = texts(
        &mut owner,
        "SELECT relname::text AS text
         FROM pg_class
         WHERE relowner = 'switchboard_app'::regrole",
    )
    .await;
    let powers = texts(
        &mut owner,
        "SELECT rolname::text AS text
         FROM pg_roles
         WHERE rolname = 'switchboard_app'
             AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)",
    )
    .await;

    assert_eq!((belongings, powers), (vec![], vec![]));
}

#[tokio::test]
async fn without_a_tenant_nothing_is_seen_and_nothing_written() {
    let database = with_customer("demo", "li").await;
    let mut serving = database.serving().await;

    let seen = texts(&mut serving, "SELECT id AS text FROM customers").await;
    let written = sqlx::query(
        "INSERT INTO customers (tenant_id, id, name, tier, created_at)
         VALUES ('demo', 'wu', 'Wu', 'C1', now())",
    )
    .execute(&mut serving)
    .await;

    assert_eq!(seen, Vec::<String>::new());
    assert!(written.unwrap_err().to_string().contains("row-level security"));
}

#[tokio::test]
async fn a_tenant_sees_its_own_rows_and_writes_no_others() {
    let database = with_customer("demo", "li").await;
    let mut serving = database.serving().await;
    let mut transaction = serving.begin().await.unwrap();
    sqlx::query("SELECT set_config('app.tenant', 'other', true)")
        .execute(&mut *transaction)
        .await
        .unwrap();

    let seen = texts(&mut transaction, "SELECT id AS text FROM customers").await;
    let changed =
        sqlx::query("UPDATE customers SET name = 'mine'").execute(&mut *transaction).await.unwrap();
    let written = sqlx::query(
        "INSERT INTO customers (tenant_id, id, name, tier, created_at)
         VALUES ('demo', 'wu', 'Wu', 'C1', now())",
    )
    .execute(&mut *transaction)
    .await;

    assert_eq!(seen, Vec::<String>::new());
    assert_eq!(changed.rows_affected(), 0);
    assert!(written.is_err());
}

#[tokio::test]
async fn a_pooled_connection_forgets_its_tenant_with_the_transaction() {
    let database = with_customer("demo", "li").await;
    let mut serving = database.serving().await;
    let mut transaction = serving.begin().await.unwrap();
    sqlx::query("SELECT set_config('app.tenant', 'demo', true)")
        .execute(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(texts(&mut transaction, "SELECT id AS text FROM customers").await, ["li"]);

    transaction.rollback().await.unwrap();

    let seen = texts(&mut serving, "SELECT id AS text FROM customers").await;
    assert_eq!(seen, Vec::<String>::new());
}

#[tokio::test]
async fn the_same_id_lives_in_two_tenants_without_meeting() {
    let database = with_customer("demo", "li").await;

    let absent = Customers::get(&database.store, &tenant("other"), &id("li")).await;
    Customers::create(&database.store, &tenant("other"), &customer("li"), "admin").await.unwrap();

    assert!(matches!(absent, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn history_and_audit_cannot_be_rewritten() {
    let database = database().await;
    let mut serving = database.serving().await;

    // What of the first three is past its time may be deleted, which another test is about.
    let aging = ["interaction_events", "ticket_events", "audit"];
    let lasting =
        ["customer_events", "center_versions", "flow_versions", "flow_releases", "epochs"];
    let updates =
        aging.iter().chain(&lasting).map(|table| format!("UPDATE {table} SET tenant_id = ''"));
    let deletions = lasting.iter().map(|table| format!("DELETE FROM {table}"));
    for statement in updates.chain(deletions) {
        let query = sqlx::AssertSqlSafe(statement.clone());
        let refused = sqlx::query(query).execute(&mut serving).await;
        assert!(refused.unwrap_err().to_string().contains("permission denied"), "{statement}");
    }
}

async fn with_customer(owner: &str, name: &str) -> Database {
    let database = database().await;
    Customers::create(&database.store, &tenant(owner), &customer(name), "admin").await.unwrap();
    database
}

fn customer(name: &str) -> Customer {
    Customer::new(id(name), name, Tier::B1, second(0))
}

fn id(name: &str) -> CustomerId {
    CustomerId::parse(name).unwrap()
}

async fn texts(connection: &mut PgConnection, query: &'static str) -> Vec<String> {
    let rows = sqlx::query(query).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| row.get("text")).collect()
}
