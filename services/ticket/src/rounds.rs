//! Rounds: every tenant has its turn, again and again.

use std::time::Duration;

use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::tenants::Tenants;
use tokio::time::sleep;

/// How long to rest between two rounds.
const PAUSE: Duration = Duration::from_secs(1);

/// Gives each tenant its turn, for ever, with a short rest between two rounds.
pub(crate) async fn each_tenant<Turn>(
    tenants: &dyn Tenants,
    trouble: &'static str,
    turn: impl Fn(TenantId) -> Turn,
) where
    Turn: Future<Output = Result<(), StoreError>>,
{
    each_tenant_every(PAUSE, tenants, trouble, turn).await;
}

/// Gives each tenant its turn, for ever, and rests between two rounds. What stops one tenant's turn stops
/// no other's; `trouble` says in the log what cannot be done. A store that is away is not worth a line:
/// there is another round.
pub(crate) async fn each_tenant_every<Turn>(
    pause: Duration,
    tenants: &dyn Tenants,
    trouble: &'static str,
    turn: impl Fn(TenantId) -> Turn,
) where
    Turn: Future<Output = Result<(), StoreError>>,
{
    loop {
        for tenant in tenants.list().await.unwrap_or_default() {
            if let Err(error) = turn(tenant.id.clone()).await
                && !error.is_transient()
            {
                tracing::error!(tenant.id = %tenant.id, %error, "{trouble}");
            }
        }
        sleep(pause).await;
    }
}
