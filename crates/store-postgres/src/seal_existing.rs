//! Sealing what earlier versions left in clear: for the owner of the database, while all goes on.
//!
//! Each table is walked once along its key, some rows per transaction, so that no lock lasts.

mod customer_numbers;
mod events;
mod interactions;

use sqlx::PgPool;

use switchboard_domain::ids::TenantId;
use switchboard_sealing::KeyRing;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::scope::{Plans, TenantScope};
use crate::settings::PostgresSettings;

/// How many rows are sealed in one transaction.
const BATCH: i64 = 500;

/// What one transaction sealed: how many rows, and the key of the last one.
type Sealed<Key> = Option<(u64, Key)>;

/// Seals every record that an earlier version left in clear, and gives how many there were.
///
/// It can be broken off and begun again: what is sealed stays so.
pub async fn seal_existing(settings: &PostgresSettings, ring: &KeyRing) -> Result<u64, StoreError> {
    let pool = settings.owner_pool();
    let names: Vec<String> = sqlx::query_scalar("SELECT id FROM tenants ORDER BY id")
        .fetch_all(&pool)
        .await
        .map_err(about("the tenants"))?;
    let mut sealed = 0;
    for name in names {
        let tenant =
            TenantId::parse(name).map_err(|error| StoreError::corrupt("tenants.id", error))?;
        let walk = Walk { pool: &pool, ring, tenant: &tenant };
        sealed += walk.through(customer_numbers::seal_some).await?;
        sealed += walk.through(interactions::seal_some).await?;
        sealed += walk.through(events::seal_some).await?;
        sealed += walk.through(events::seal_some_dead).await?;
    }
    pool.close().await;
    Ok(sealed)
}

/// A way through one tenant's tables.
struct Walk<'walk> {
    pool: &'walk PgPool,
    ring: &'walk KeyRing,
    tenant: &'walk TenantId,
}

impl Walk<'_> {
    /// Takes steps, each from the key at which the one before ended, until one finds nothing.
    async fn through<Key: Default>(
        &self,
        step: impl AsyncFn(&mut TenantScope<'_>, &Key) -> Result<Sealed<Key>, StoreError>,
    ) -> Result<u64, StoreError> {
        let (mut sealed, mut after) = (0, Key::default());
        loop {
            let mut scope =
                TenantScope::begin(self.pool, self.ring, self.tenant, Plans::Fitting).await?;
            let Some((count, last)) = step(&mut scope, &after).await? else { return Ok(sealed) };
            scope.commit().await?;
            sealed += count;
            after = last;
        }
    }
}
