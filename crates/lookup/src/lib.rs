//! Who is calling: read, looked up and judged within a fixed budget, whatever the store does.
//!
//! A call never waits for this answer: late, failed or unreadable, it comes in time and says what
//! is missing. What was found lately is remembered, and serves on while the store is away.

mod memory;
mod recognised;

#[cfg(test)]
mod tests;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::center::Center;
use switchboard_domain::customer::{Customer, Evidence, LastTalk, Lookup, Verification};
use switchboard_domain::ids::TenantId;
use switchboard_domain::phone::{Country, E164, PhoneAddress, PhoneNumber};
use switchboard_runtime::clock::{Clock, Stopwatch};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use tokio::time::timeout;

pub use recognised::{Calling, Partial, Presentation, Recognised};

use crate::memory::Memory;

/// Gives the country that a number without a country code belongs to: that of the called number,
/// else the center's.
pub fn home_country(center: &Center, called_number: &str) -> Country {
    let called = PhoneNumber::parse(called_number, center.default_country).ok();
    called.and_then(|number| number.country()).unwrap_or(center.default_country)
}

/// Recognises callers; shared by every request of a process.
pub struct CallerLookup {
    customers: Arc<dyn Customers>,
    memory: Memory,
    budget: Duration,
}

impl CallerLookup {
    /// Makes a lookup that remembers nothing yet and answers within a budget.
    pub fn new(
        budget: Duration,
        customers: Arc<dyn Customers>,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        Arc::new(Self { customers, memory: Memory::new(clock), budget })
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
        let (evidence, partial) = match address.number() {
            Some(number) => self.evidence(tenant, number.e164(), budget).await,
            None => (Arc::default(), None),
        };
        let lookup = Lookup::judge(&address, evidence.to_vec()).trusting(verification);
        Recognised { address: Some(address), lookup, partial }
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
        let asked = self.customers.last_talk(tenant, number, customer);
        let answer = timeout(budget, asked).await;
        let error: &(dyn Error + 'static) = match &answer {
            Ok(Ok(talk)) => return talk.clone(),
            Ok(Err(error)) => error,
            Err(late) => late,
        };
        tracing::warn!(tenant.id = %tenant, error, "the last agent of a caller is not known");
        None
    }

    /// Forgets what was found for the numbers of a new or changed customer, so that the next call is
    /// recognised.
    ///
    /// Other processes, and callers whose numbers only end alike, notice within seconds.
    pub async fn learn(&self, tenant: &TenantId, customer: &Customer) {
        for number in &customer.numbers {
            self.memory.forget(tenant, &number.e164).await;
        }
    }

    async fn evidence(
        &self,
        tenant: &TenantId,
        number: &E164,
        budget: Duration,
    ) -> (Arc<[Evidence]>, Option<Partial>) {
        let remembered = self.memory.recall(tenant, number).await;
        if let Some(fresh) = remembered.as_ref().filter(|remembered| remembered.is_fresh) {
            return (Arc::clone(&fresh.evidence), None);
        }
        match self.ask(tenant, number, budget).await {
            Ok(evidence) => (evidence, None),
            // What was true a while ago is better than nothing, and marked as such.
            Err(partial) => (remembered.map(|old| old.evidence).unwrap_or_default(), Some(partial)),
        }
    }

    async fn ask(
        &self,
        tenant: &TenantId,
        number: &E164,
        budget: Duration,
    ) -> Result<Arc<[Evidence]>, Partial> {
        let started = Stopwatch::start();
        let found = timeout(budget, self.customers.lookup(tenant, number)).await;
        let failed = |partial: Partial, error: &(dyn Error + 'static)| {
            let waited_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(tenant.id = %tenant, waited_ms, error, "a lookup is incomplete");
            partial
        };
        match found {
            Ok(Ok(evidence)) => Ok(self.memory.keep(tenant, number, evidence).await),
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
