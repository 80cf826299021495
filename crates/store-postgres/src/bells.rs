//! Bells, one for each tenant: whoever waits for something of a tenant looks again when its bell rings.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;

/// The bells of every tenant, for one kind of change.
#[derive(Default)]
pub(crate) struct Bells(Mutex<HashMap<String, watch::Sender<()>>>);

impl Bells {
    /// Rings for a tenant; nobody may be waiting.
    pub(crate) fn ring(&self, tenant: &str) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(tenant) {
            bell.send_replace(());
        }
    }

    /// Rings for every tenant, because anything may have been missed.
    pub(crate) fn ring_all(&self) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for bell in bells.values() {
            bell.send_replace(());
        }
    }

    /// Looks until `is_new` holds, again whenever the tenant's bell rings, and once more when `wait`
    /// is over.
    pub(crate) async fn look_until<Value, Look, Looking>(
        &self,
        tenant: &TenantId,
        wait: Duration,
        mut look: Look,
        is_new: impl Fn(&Value) -> bool + Send,
    ) -> Result<Value, StoreError>
    where
        Look: FnMut() -> Looking + Send,
        Looking: Future<Output = Result<Value, StoreError>> + Send,
        Value: Send,
    {
        let deadline = Instant::now() + wait;
        // Listening before looking misses no ring in between.
        let mut bell = self.of(tenant);
        loop {
            let value = look().await?;
            if is_new(&value) {
                return Ok(value);
            }
            match timeout_at(deadline, bell.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return look().await,
            }
        }
    }

    fn of(&self, tenant: &TenantId) -> watch::Receiver<()> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.entry(tenant.as_str().to_owned()).or_default().subscribe()
    }
}
