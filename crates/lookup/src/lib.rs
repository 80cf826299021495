//! Who is calling: read, looked up and judged within a fixed budget, whatever the store does.
//!
//! A call never waits for this answer: late, failed or unreadable, it comes in time and says what
//! is missing. What was found lately is remembered, and serves on while the store is away.

mod memory;
mod recognised;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::customer::{Found, LastTalk, Lookup, Verification};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::number_rule::in_force;
use switchboard_domain::phone::PhoneAddress;
use switchboard_runtime::clock::{Clock, Stopwatch};
use switchboard_store::callers::{Background, Callers};
use switchboard_store::error::StoreError;
use tokio::time::timeout;

pub use recognised::{Calling, Partial, Presentation, Recognised};

use crate::memory::{Key, Memory};

/// Recognises callers; shared by every request of a process.
pub struct CallerLookup {
    callers: Arc<dyn Callers>,
    memory: Memory,
    clock: Arc<dyn Clock>,
    budget: Duration,
}

impl CallerLookup {
    /// Makes a lookup that remembers nothing yet and answers within a budget.
    pub fn new(budget: Duration, callers: Arc<dyn Callers>, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { callers, memory: Memory::new(Arc::clone(&clock)), clock, budget })
    }

    /// Gives how long a lookup takes at most.
    pub const fn budget(&self) -> Duration {
        self.budget
    }

    /// Says who may be calling, within the budget.
    pub async fn lookup(&self, tenant: &TenantId, calling: &Calling<'_>) -> Recognised {
        match calling.address() {
            Ok(address) => {
                let spent = Duration::ZERO;
                self.recognise(tenant, address, calling.verification, spent).await
            }
            Err(error) => {
                tracing::warn!(tenant.id = %tenant, %error, "a calling number cannot be read");
                Recognised::unread(Partial::NumberUnreadable)
            }
        }
    }

    /// Says who may be behind an address that was read already, with `spent` of the budget gone.
    pub async fn recognise(
        &self,
        tenant: &TenantId,
        address: PhoneAddress,
        verification: Verification,
        spent: Duration,
    ) -> Recognised {
        let budget = self.budget.saturating_sub(spent);
        let (found, partial) = if matches!(address, PhoneAddress::Withheld(_)) {
            (Arc::default(), None)
        } else {
            self.found(tenant, &address, budget).await
        };
        let now = self.clock.now();
        let rules = in_force(&found.rules, now);
        let found = Found { evidence: found.evidence.clone(), rules: rules.clone() };
        let lookup = Lookup::judge(&address, found, now).trusting(verification);
        Recognised { address: Some(address), lookup, rules, partial }
    }

    /// Says who talked to a caller last, as the same customer or from the same number, with `spent` of
    /// the budget gone; nobody when the store does not answer in time.
    pub async fn last_talk(
        &self,
        tenant: &TenantId,
        found: &Recognised,
        spent: Duration,
    ) -> Option<LastTalk> {
        let number = found.address.as_ref().and_then(PhoneAddress::number)?.e164();
        let customer = found.lookup.known().map(|known| &known.evidence.customer.id);
        let budget = self.budget.saturating_sub(spent);
        let asked = self.callers.last_talk(tenant, number, customer);
        let answer = timeout(budget, asked).await;
        let error: &(dyn Error + 'static) = match &answer {
            Ok(Ok(talk)) => return talk.clone(),
            Ok(Err(error)) => error,
            Err(late) => late,
        };
        tracing::warn!(tenant.id = %tenant, error, "the last agent of a caller is not known");
        None
    }

    /// Gives what happened with customers before, with `spent` of the budget gone; nothing when the
    /// store does not answer in time.
    pub async fn backgrounds(
        &self,
        tenant: &TenantId,
        customers: &[CustomerId],
        spent: Duration,
    ) -> Option<BTreeMap<CustomerId, Background>> {
        let budget = self.budget.saturating_sub(spent);
        let answer = timeout(budget, self.callers.backgrounds(tenant, customers)).await;
        let error: &(dyn Error + 'static) = match &answer {
            Ok(Ok(all)) => return Some(all.clone()),
            Ok(Err(error)) => error,
            Err(late) => late,
        };
        tracing::warn!(tenant.id = %tenant, error, "what happened with a caller is not known");
        None
    }

    async fn found(
        &self,
        tenant: &TenantId,
        address: &PhoneAddress,
        budget: Duration,
    ) -> (Arc<Found>, Option<Partial>) {
        let key = Key::of(tenant, address);
        // Counted before asking: what changes meanwhile may or may not be in the answer.
        let changes = self.callers.changes(tenant);
        let remembered = self.memory.recall(&key, changes).await;
        if let Some(fresh) = remembered.as_ref().filter(|remembered| remembered.is_fresh) {
            return (Arc::clone(&fresh.found), None);
        }
        match self.ask(tenant, address, budget).await {
            Ok(found) => (self.memory.keep(key, found, changes).await, None),
            // What was true a while ago is better than nothing, and marked as such.
            Err(partial) => (remembered.map(|old| old.found).unwrap_or_default(), Some(partial)),
        }
    }

    async fn ask(
        &self,
        tenant: &TenantId,
        address: &PhoneAddress,
        budget: Duration,
    ) -> Result<Found, Partial> {
        let started = Stopwatch::start();
        let found = timeout(budget, self.callers.lookup(tenant, address)).await;
        let failed = |partial: Partial, error: &(dyn Error + 'static)| {
            let waited_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(tenant.id = %tenant, waited_ms, error, "a lookup is incomplete");
            partial
        };
        match found {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(failed(cause(&error), &error)),
            Err(late) => Err(failed(Partial::TimedOut, &late)),
        }
    }
}

const fn cause(error: &StoreError) -> Partial {
    match error {
        StoreError::Unavailable(_) => Partial::StoreUnavailable,
        StoreError::Conflict { .. }
        | StoreError::Taken { .. }
        | StoreError::NotFound { .. }
        | StoreError::Refused { .. }
        | StoreError::Corrupt { .. } => Partial::StoreFailed,
    }
}
