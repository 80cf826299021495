//! Sessions of the IVR in a map.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ivr_sessions::{IvrSession, IvrSessions, Keeping, Kept, OverSession};

type Key = (TenantId, ContactId);

/// The sessions of all tenants of one process; gone with it.
#[derive(Default)]
pub struct MemoryIvrSessions {
    entries: Mutex<BTreeMap<Key, Entry>>,
}

struct Entry {
    session: IvrSession,
    call: Option<ContactId>,
    /// Until when it can be asked for.
    expires_at: Timestamp,
    /// From when on its steps are to be recorded.
    over_since: Timestamp,
}

impl MemoryIvrSessions {
    fn entries(&self) -> MutexGuard<'_, BTreeMap<Key, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut entries = self.entries();
        let key = (tenant.clone(), id.clone());
        if let Some(present) = entries.get(&key).filter(|entry| entry.expires_at > keeping.now) {
            return Ok(Kept::Taken(Some(present.session.clone())));
        }
        let is_alive =
            |(owner, entry): &(&Key, &Entry)| owner.0 == *tenant && entry.expires_at > keeping.now;
        if entries.iter().filter(is_alive).count() as u64 >= keeping.limit {
            return Ok(Kept::Full);
        }
        let (session, expires_at) = (session.clone(), keeping.now + keeping.idle);
        let entry = Entry { session, call: None, expires_at, over_since: expires_at };
        entries.insert(key, entry);
        Ok(Kept::New)
    }

    async fn get(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<Option<IvrSession>, StoreError> {
        let entries = self.entries();
        let found = entries.get(&(tenant.clone(), id.clone()));
        Ok(found.filter(|entry| entry.expires_at > now).map(|entry| entry.session.clone()))
    }

    async fn advance(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        next: &IvrSession,
        keeping: Keeping,
    ) -> Result<Kept, StoreError> {
        let mut entries = self.entries();
        let found = entries.get_mut(&(tenant.clone(), id.clone()));
        let Some(entry) = found.filter(|entry| entry.expires_at > keeping.now) else {
            return Ok(Kept::Taken(None));
        };
        if entry.session.seq >= next.seq {
            return Ok(Kept::Taken(Some(entry.session.clone())));
        }
        entry.session = next.clone();
        entry.expires_at = keeping.now + keeping.idle;
        entry.over_since = entry.expires_at;
        Ok(Kept::New)
    }

    async fn end(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(entry) = self.entries().get_mut(&(tenant.clone(), id.clone())) {
            entry.expires_at = entry.expires_at.min(now);
            entry.over_since = now;
        }
        Ok(())
    }

    async fn hand_over(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        call: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(entry) = self.entries().get_mut(&(tenant.clone(), id.clone())) {
            entry.call = Some(call.clone());
            entry.over_since = now;
        }
        Ok(())
    }

    async fn over(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<OverSession>, StoreError> {
        let over = |((owner, id), entry): (&Key, &Entry)| {
            let Entry { session, call, over_since: since, .. } = entry;
            let over = OverSession {
                id: id.clone(),
                session: session.clone(),
                call: call.clone(),
                since: *since,
            };
            (owner == tenant && *since <= now).then_some(over)
        };
        Ok(self.entries().iter().filter_map(over).take(limit).collect())
    }

    async fn recorded(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut entries = self.entries();
        let key = (tenant.clone(), id.clone());
        if entries.get(&key).is_some_and(|entry| entry.expires_at <= now) {
            entries.remove(&key);
        } else if let Some(entry) = entries.get_mut(&key) {
            entry.over_since = entry.expires_at;
        }
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
