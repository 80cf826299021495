//! The store: a pool, the signals, and a bound on every call.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use tokio::time::timeout;

use switchboard_domain::ids::TenantId;
use switchboard_sealing::KeyRing;
use switchboard_store::error::StoreError;

use crate::error::{TooSlow, about};
use crate::scope::{Plans, TenantScope};
use crate::settings::PostgresSettings;
use crate::signals::Signals;
use crate::tickets::line::Lines;

/// Every durable store, on one Postgres; cheap to clone.
#[derive(Clone)]
pub struct PostgresStore {
    pub(crate) pool: PgPool,
    pub(crate) signals: Arc<Signals>,
    /// Where new tickets wait for those before them.
    pub(crate) lines: Arc<Lines>,
    ring: Arc<KeyRing>,
    call_timeout: Duration,
}

impl PostgresStore {
    /// Makes a store; it connects when it is first used, so Postgres may be away now.
    ///
    /// The ring seals and opens what is personal. Must be called inside a tokio runtime.
    pub fn new(settings: &PostgresSettings, ring: Arc<KeyRing>) -> Self {
        Self {
            pool: settings.serving_pool(),
            signals: Arc::default(),
            lines: Arc::default(),
            ring,
            call_timeout: settings.call_timeout,
        }
    }

    /// Asks for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.bounded(async {
            sqlx::query("SELECT 1").execute(&self.pool).await.map_err(about("the database"))?;
            Ok(())
        })
        .await
    }

    /// Gives what the server says about itself, such as `server_version` and `fsync`; `schema` is
    /// `yes` when the migrations have been run.
    pub async fn server_facts(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.bounded(async {
            let facts: Vec<(String, String)> = sqlx::query_as(
                "SELECT name, setting
                FROM pg_settings
                WHERE name IN ('server_version', 'server_version_num', 'fsync', 'synchronous_commit')
                UNION ALL
                SELECT 'schema', CASE WHEN to_regclass('audit') IS NULL THEN 'no' ELSE 'yes' END",
            )
            .fetch_all(&self.pool)
            .await
            .map_err(about("the database"))?;
            Ok(facts.into_iter().collect())
        })
        .await
    }

    /// Hears, until dropped, what other processes change, so that waiting calls notice at once.
    ///
    /// Run it as one task per process. Without it waiting calls notice at the end of their wait.
    pub async fn listen(&self) {
        self.signals.listen(&self.pool).await;
    }

    /// Gives every connection back and closes it.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction on the rows of one tenant.
    pub(crate) async fn scope<'scope>(
        &'scope self,
        tenant: &'scope TenantId,
    ) -> Result<TenantScope<'scope>, StoreError> {
        TenantScope::begin(&self.pool, &self.ring, tenant, Plans::Fitting).await
    }

    /// Begins such a transaction for statements that are planned once for each connection.
    pub(crate) async fn scope_of_kept_plans<'scope>(
        &'scope self,
        tenant: &'scope TenantId,
    ) -> Result<TenantScope<'scope>, StoreError> {
        TenantScope::begin(&self.pool, &self.ring, tenant, Plans::Kept).await
    }

    /// Begins such a transaction for many rows at once.
    pub(crate) async fn scope_of_many<'scope>(
        &'scope self,
        tenant: &'scope TenantId,
    ) -> Result<TenantScope<'scope>, StoreError> {
        TenantScope::begin(&self.pool, &self.ring, tenant, Plans::Anew).await
    }

    /// Takes a connection for functions that are told the tenant.
    pub(crate) async fn scope_of_functions<'scope>(
        &'scope self,
        tenant: &'scope TenantId,
    ) -> Result<TenantScope<'scope>, StoreError> {
        TenantScope::for_functions(&self.pool, &self.ring, tenant).await
    }

    /// Runs one call of a store and gives up on a server that does not answer.
    ///
    /// A call given up may still have been done. Every write can be repeated safely, but for lines of the
    /// audit trail, which may then be there twice.
    pub(crate) async fn bounded<Value, Error>(
        &self,
        call: impl Future<Output = Result<Value, Error>> + Send,
    ) -> Result<Value, Error>
    where
        Error: From<StoreError>,
    {
        let limit = self.call_timeout;
        match timeout(limit, call).await {
            Ok(answer) => answer,
            Err(_) => Err(StoreError::Unavailable(TooSlow(limit).into()).into()),
        }
    }
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}
