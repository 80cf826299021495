//! Databases for tests: the schema is made once on a machine, and each test gets a copy.

use std::error::Error;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_embedded::EmbeddedError;
use switchboard_embedded::testing::{TEMPLATE_DATABASE, fresh_database, prepared_postgres};
use switchboard_sealing::KeyRing;
use switchboard_store::centers::{CenterFiles, Centers, FlowChanges, NewCenterVersion};
use switchboard_store::error::StoreError;
use switchboard_store::page::PageRequest;
use switchboard_store::tenants::{Tenant, Tenants};
use switchboard_store::tickets::TicketFilter;

use crate::error::about;
use crate::ticket_reports::exceptions::read_indexes_only;
use crate::tickets::list::{count, statement};
use crate::{PostgresSettings, PostgresStore, SettingsError, migrate, schema_fingerprint};

/// What a statement begins with that the server is to tell the plan of.
const EXPLAIN: &str = "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT";

/// Makes a database with the schema and nothing in it, and gives its URL.
///
/// Its server is this process's alone and ends with it.
pub async fn migrated_database() -> Result<String, EmbeddedError> {
    let prepare = async |url: String| {
        migrate(&PostgresSettings::parse(&url)?).await?;
        Ok(())
    };
    let server = prepared_postgres("store-postgres", &schema_fingerprint(), prepare).await?;
    fresh_database(server, Some(TEMPLATE_DATABASE)).await
}

/// Makes a store on a database, with a key ring that every store of a test shares.
pub fn store_at(url: &str) -> Result<PostgresStore, SettingsError> {
    static RING: LazyLock<Arc<KeyRing>> = LazyLock::new(|| Arc::new(KeyRing::generate()));
    with_keys(url, Arc::clone(&RING))
}

/// Makes a store on a database, with keys that no other store has: what it seals is corrupt for others.
pub fn store_with_other_keys_at(url: &str) -> Result<PostgresStore, SettingsError> {
    with_keys(url, Arc::new(KeyRing::generate()))
}

fn with_keys(url: &str, ring: Arc<KeyRing>) -> Result<PostgresStore, SettingsError> {
    let mut settings = PostgresSettings::parse(url)?;
    // A first connection takes longer than callers wait where many tests begin at once.
    settings.acquire_timeout = Duration::from_secs(3);
    Ok(PostgresStore::new(&settings, ring))
}

/// Makes a store on a database of its own with one tenant, whose center is these files.
pub async fn store_with_center(
    tenant: &TenantId,
    files: CenterFiles,
) -> Result<PostgresStore, Box<dyn Error + Send + Sync>> {
    let store = store_at(&migrated_database().await?)?;
    let (name, created_at) = (tenant.to_string(), Timestamp::ZERO);
    Tenants::create(&store, &Tenant { id: tenant.clone(), name, created_at }).await?;
    save_center(&store, tenant, files).await?;
    Ok(store)
}

/// Has the server count the first tickets of a list, and gives how it did: one step of the plan per line,
/// with what it read.
pub async fn explain_count(
    store: &PostgresStore,
    tenant: &TenantId,
    filter: &TicketFilter,
    most: u32,
) -> Result<String, StoreError> {
    let mut scope = store.scope(tenant).await?;
    read_indexes_only(&mut scope).await?;
    let plan: Vec<String> = count(EXPLAIN, tenant.as_str(), filter, most)
        .build_query_scalar()
        .fetch_all(scope.connection())
        .await
        .map_err(about("the plan of a count"))?;
    Ok(plan.join("\n"))
}

/// Has the server answer the first page of a list of tickets, and gives how it did: one step of the plan
/// per line, with what it read.
pub async fn explain_tickets(
    store: &PostgresStore,
    tenant: &TenantId,
    filter: &TicketFilter,
) -> Result<String, StoreError> {
    let mut scope = store.scope(tenant).await?;
    let page = PageRequest::default();
    let beginning = format!("{EXPLAIN} tickets.*");
    let plan: Vec<String> = statement(&beginning, tenant.as_str(), filter, &page)
        .build_query_scalar()
        .fetch_all(scope.connection())
        .await
        .map_err(about("the plan of a list"))?;
    Ok(plan.join("\n"))
}

/// Puts files in force as the next version of a tenant's center, all flows as they stand there.
pub async fn save_center(
    store: &PostgresStore,
    tenant: &TenantId,
    files: CenterFiles,
) -> Result<u64, StoreError> {
    let next = NewCenterVersion {
        based_on: store.current(tenant).await?,
        files,
        actor: "test".to_owned(),
        at: Timestamp::ZERO,
        flows: FlowChanges::default(),
    };
    store.save(tenant, &next).await
}
