//! What was found lately, also that nothing was found.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use switchboard_domain::customer::Found;
use switchboard_domain::ids::TenantId;
use switchboard_domain::phone::PhoneAddress;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::Clock;

/// The most numbers remembered.
const MAX_NUMBERS: u64 = 20_000;
/// How long something found is not asked for again: repeat callers call within moments, and calls
/// and tickets, of which it tells too, are told to nobody here.
const FOUND_FRESH: Duration = Duration::from_secs(10);
/// How long nothing found is not asked for again, should news of a new customer be lost.
const NOTHING_FRESH: Duration = Duration::from_secs(2);
/// How long anything is remembered for the time when the store is away.
const REMEMBERED: Duration = Duration::from_hours(1);

/// Who asks about which number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key(TenantId, String);

impl Key {
    pub(crate) fn of(tenant: &TenantId, address: &PhoneAddress) -> Self {
        Self(tenant.clone(), address.key())
    }
}

/// Remembers what was found by number.
pub(crate) struct Memory {
    entries: Cache<Key, Entry>,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
struct Entry {
    found: Arc<Found>,
    kept_at: Timestamp,
    /// How many changes of the tenant had been heard of before it was asked for.
    changes: u64,
}

/// What was found, from memory.
pub(crate) struct Remembered {
    /// What was found.
    pub(crate) found: Arc<Found>,
    /// Tells whether the store need not be asked again.
    pub(crate) is_fresh: bool,
}

impl Memory {
    /// Makes an empty memory.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let entries = Cache::builder().max_capacity(MAX_NUMBERS).time_to_live(REMEMBERED).build();
        Self { entries, clock }
    }

    /// Gives what was found for a number; it is stale when anything has changed since.
    pub(crate) async fn recall(&self, key: &Key, changes: u64) -> Option<Remembered> {
        let entry = self.entries.get(key).await?;
        let is_nothing = entry.found.evidence.is_empty() && entry.found.rules.is_empty();
        let span = if is_nothing { NOTHING_FRESH } else { FOUND_FRESH };
        let is_young = self.clock.now().since(entry.kept_at) < span;
        Some(Remembered { found: entry.found, is_fresh: is_young && entry.changes == changes })
    }

    /// Remembers what was found for a number, and gives it back.
    pub(crate) async fn keep(&self, key: Key, found: Found, changes: u64) -> Arc<Found> {
        let found = Arc::new(found);
        let kept_at = self.clock.now();
        self.entries.insert(key, Entry { found: Arc::clone(&found), kept_at, changes }).await;
        found
    }
}
