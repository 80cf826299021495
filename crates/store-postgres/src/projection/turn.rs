//! Whose turn it is: whatever folds or erases what is recorded of a tenant does so alone.

use switchboard_store::error::StoreError;

use crate::error::about;
use crate::scope::TenantScope;

/// Waits until nobody else has the turn, and keeps it until this transaction ends.
///
/// The offset alone would let recorders of two epochs read one interaction and overwrite each other.
pub(crate) async fn take(scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('projection'), hashtext($1))")
        .bind(scope.tenant)
        .execute(scope.connection())
        .await
        .map_err(about("the turn of a recorder"))?;
    Ok(())
}
