//! Whose turn it is: recorders fold side by side, whoever folds a contact anew does so alone.

use switchboard_store::error::StoreError;

use crate::error::about;
use crate::scope::TenantScope;

/// Waits until nobody folds anew, and lets nobody begin to before this transaction ends.
pub(crate) async fn share(scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
    wait(scope, "SELECT pg_advisory_xact_lock_shared(hashtext('projection'), hashtext($1))").await
}

/// Waits until nobody folds, and is alone until this transaction ends.
pub(crate) async fn take(scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
    wait(scope, "SELECT pg_advisory_xact_lock(hashtext('projection'), hashtext($1))").await
}

async fn wait(scope: &mut TenantScope<'_>, statement: &'static str) -> Result<(), StoreError> {
    sqlx::query(statement)
        .bind(scope.tenant)
        .execute(scope.connection())
        .await
        .map_err(about("the turn of a recorder"))?;
    Ok(())
}
