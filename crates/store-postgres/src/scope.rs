//! The only way to a tenant's rows: a transaction that sees this tenant and nothing else.

use sqlx::postgres::{PgConnection, Postgres};
use sqlx::{PgPool, Transaction};

use switchboard_domain::ids::TenantId;
use switchboard_sealing::KeyRing;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::vault::Vault;

/// A transaction on the rows of one tenant; dropped without [`TenantScope::commit`], it is undone.
pub(crate) struct TenantScope<'scope> {
    transaction: Transaction<'static, Postgres>,
    /// The tenant, for the statements' first parameter.
    pub(crate) tenant: &'scope str,
    /// What seals and opens the tenant's personal data.
    pub(crate) vault: Vault<'scope>,
}

impl<'scope> TenantScope<'scope> {
    /// Begins a transaction in which row security shows the rows of `tenant`.
    pub(crate) async fn begin(
        pool: &PgPool,
        ring: &'scope KeyRing,
        tenant: &'scope TenantId,
    ) -> Result<Self, StoreError> {
        let tenant = tenant.as_str();
        let mut transaction = pool.begin().await.map_err(about("a transaction"))?;
        sqlx::query("SELECT set_config('app.tenant', $1, true)")
            .bind(tenant)
            .execute(&mut *transaction)
            .await
            .map_err(about("a transaction"))?;
        Ok(Self { transaction, tenant, vault: Vault::new(ring, tenant) })
    }

    /// Gives the connection to run a statement on.
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// Keeps what was done.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await.map_err(about("a transaction"))
    }
}
