//! The only way to a tenant's rows: a transaction that sees this tenant and nothing else, or a function of
//! the database that does.

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, Postgres};
use sqlx::{AssertSqlSafe, PgPool, Transaction};

use switchboard_domain::ids::TenantId;
use switchboard_sealing::KeyRing;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::vault::Vault;

/// A transaction on the rows of one tenant; dropped without [`TenantScope::commit`], it is undone.
pub(crate) struct TenantScope<'scope> {
    way: Way,
    /// The tenant, for the statements' first parameter.
    pub(crate) tenant: &'scope str,
    /// What seals and opens the tenant's personal data.
    pub(crate) vault: Vault<'scope>,
}

/// What statements run on.
enum Way {
    /// A transaction in which row security shows the tenant's rows.
    Transaction(Transaction<'static, Postgres>),
    /// A mere connection, on which row security shows nothing.
    Connection(PoolConnection<Postgres>),
}

/// How the statements of a transaction are planned.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plans {
    /// As Postgres sees fit: by the arguments where they matter, as in lists with many filters.
    Fitting,
    /// Once for each connection, by the indexes. For statements whose best plan does not depend on the
    /// arguments: planning a lookup for one caller, or a batch of the recorder, takes several times as long
    /// as running it. A plan made while a table had a handful of rows would read all of it until its
    /// statistics are taken anew.
    Kept,
    /// Anew, all of them: for many rows at once, which may be the first that come into their tables. What a
    /// connection planned while those were empty, the checks of foreign keys with it, may read all rows of
    /// the tenant for each new one; planning again costs less than that for a handful of rows.
    Anew,
}

impl Plans {
    /// Gives what opens a transaction of a tenant. An identifier has no character that could end a
    /// literal, so it may stand in the text: all of it is one round trip.
    fn opening(self, tenant: &TenantId) -> AssertSqlSafe<String> {
        let plans = match self {
            Self::Fitting => "",
            Self::Kept => {
                "; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off"
            }
            Self::Anew => "; DISCARD PLANS",
        };
        AssertSqlSafe(format!("BEGIN; SET LOCAL app.tenant = '{tenant}'{plans}"))
    }
}

impl<'scope> TenantScope<'scope> {
    /// Begins a transaction in which row security shows the rows of `tenant`.
    pub(crate) async fn begin(
        pool: &PgPool,
        ring: &'scope KeyRing,
        tenant: &'scope TenantId,
        plans: Plans,
    ) -> Result<Self, StoreError> {
        let opening = plans.opening(tenant);
        let transaction = pool.begin_with(opening).await.map_err(about("a transaction"))?;
        Ok(Self::on(Way::Transaction(transaction), ring, tenant))
    }

    /// Takes a connection for functions that are told the tenant, each by itself: one round trip where a
    /// transaction has three or four. Other statements see no row.
    pub(crate) async fn for_functions(
        pool: &PgPool,
        ring: &'scope KeyRing,
        tenant: &'scope TenantId,
    ) -> Result<Self, StoreError> {
        let connection = pool.acquire().await.map_err(about("a connection"))?;
        Ok(Self::on(Way::Connection(connection), ring, tenant))
    }

    fn on(way: Way, ring: &'scope KeyRing, tenant: &'scope TenantId) -> Self {
        let tenant = tenant.as_str();
        Self { way, tenant, vault: Vault::new(ring, tenant) }
    }

    /// Gives the connection to run a statement on.
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        match &mut self.way {
            Way::Transaction(transaction) => transaction,
            Way::Connection(connection) => connection,
        }
    }

    /// Keeps what was done.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self.way {
            Way::Transaction(transaction) => {
                transaction.commit().await.map_err(about("a transaction"))
            }
            Way::Connection(_) => Ok(()),
        }
    }
}
