//! What was found lately, also that nothing was found.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use switchboard_domain::customer::Evidence;
use switchboard_domain::ids::TenantId;
use switchboard_domain::phone::E164;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::Clock;

/// The most numbers remembered.
const MAX_NUMBERS: u64 = 20_000;
/// How long something found is not asked for again: repeat callers call within moments.
const FOUND_FRESH: Duration = Duration::from_secs(10);
/// How long nothing found is not asked for again: a customer may be created any moment.
const NOTHING_FRESH: Duration = Duration::from_secs(2);
/// How long anything is remembered for the time when the store is away.
const REMEMBERED: Duration = Duration::from_hours(1);

type Key = (TenantId, E164);

/// Remembers evidence by number.
pub(crate) struct Memory {
    entries: Cache<Key, Entry>,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
struct Entry {
    evidence: Arc<[Evidence]>,
    kept_at: Timestamp,
}

/// Evidence from memory.
pub(crate) struct Remembered {
    /// What was found.
    pub(crate) evidence: Arc<[Evidence]>,
    /// Tells whether the store need not be asked again.
    pub(crate) is_fresh: bool,
}

impl Memory {
    /// Makes an empty memory.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let entries = Cache::builder().max_capacity(MAX_NUMBERS).time_to_live(REMEMBERED).build();
        Self { entries, clock }
    }

    /// Gives what was found for a number.
    pub(crate) async fn recall(&self, tenant: &TenantId, number: &E164) -> Option<Remembered> {
        let entry = self.entries.get(&key(tenant, number)).await?;
        let span = if entry.evidence.is_empty() { NOTHING_FRESH } else { FOUND_FRESH };
        let is_fresh = self.clock.now().since(entry.kept_at) < span;
        Some(Remembered { evidence: entry.evidence, is_fresh })
    }

    /// Remembers what was found for a number, and gives it back.
    pub(crate) async fn keep(
        &self,
        tenant: &TenantId,
        number: &E164,
        evidence: Vec<Evidence>,
    ) -> Arc<[Evidence]> {
        let evidence: Arc<[Evidence]> = evidence.into();
        let entry = Entry { evidence: Arc::clone(&evidence), kept_at: self.clock.now() };
        self.entries.insert(key(tenant, number), entry).await;
        evidence
    }

    /// Forgets a number.
    pub(crate) async fn forget(&self, tenant: &TenantId, number: &E164) {
        self.entries.invalidate(&key(tenant, number)).await;
    }
}

fn key(tenant: &TenantId, number: &E164) -> Key {
    (tenant.clone(), number.clone())
}
