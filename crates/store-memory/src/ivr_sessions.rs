//! Sessions of the IVR in a map.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ivr_sessions::{IvrSession, IvrSessions, Keeping, Kept};

type Key = (TenantId, ContactId);

/// The sessions of all tenants of one process; gone with it.
#[derive(Default)]
pub struct MemoryIvrSessions {
    kept: Mutex<BTreeMap<Key, (Timestamp, IvrSession)>>,
}

impl MemoryIvrSessions {
    /// Gives what is kept at a time.
    fn at(&self, now: Timestamp) -> MutexGuard<'_, BTreeMap<Key, (Timestamp, IvrSession)>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (expires_at, _)| *expires_at > now);
        kept
    }
}

#[async_trait]
impl IvrSessions for MemoryIvrSessions {
    async fn begin(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        session: &IvrSession,
        keeping: Keeping,
    ) -> Result<Kept, StoreError> {
        let mut kept = self.at(keeping.now);
        let key = (tenant.clone(), id.clone());
        if let Some((_, present)) = kept.get(&key) {
            return Ok(Kept::Taken(Some(present.clone())));
        }
        let count = kept.keys().filter(|(owner, _)| owner == tenant).count();
        if count as u64 >= keeping.limit {
            return Ok(Kept::Full);
        }
        kept.insert(key, (keeping.now + keeping.idle, session.clone()));
        Ok(Kept::New)
    }

    async fn get(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<Option<IvrSession>, StoreError> {
        let found = self.at(now).get(&(tenant.clone(), id.clone())).cloned();
        Ok(found.map(|(_, session)| session))
    }

    async fn advance(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        next: &IvrSession,
        keeping: Keeping,
    ) -> Result<Kept, StoreError> {
        let mut kept = self.at(keeping.now);
        let Some((expires_at, present)) = kept.get_mut(&(tenant.clone(), id.clone())) else {
            return Ok(Kept::Taken(None));
        };
        if present.seq >= next.seq {
            return Ok(Kept::Taken(Some(present.clone())));
        }
        *present = next.clone();
        *expires_at = keeping.now + keeping.idle;
        Ok(Kept::New)
    }

    async fn end(&self, tenant: &TenantId, id: &ContactId) -> Result<(), StoreError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&(tenant.clone(), id.clone()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_sessions_in_memory_do_what_every_store_of_them_must() {
        switchboard_store::conformance::ivr_sessions::check(&MemoryIvrSessions::default()).await;
    }
}
