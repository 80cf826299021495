//! The live floor in memory, the model itself behind a mutex, and sessions in memory: for tests and
//! simulations.

mod ivr_sessions;
mod port;
mod ticket_presence;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use tokio::sync::{Mutex, MutexGuard, Notify};

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::Envelope;
use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::{Applied, FloorError, Order, Stamp};
use switchboard_store::outbox::{OutboxEntry, OutboxId};

pub use ivr_sessions::MemoryIvrSessions;
pub use ticket_presence::MemoryTicketPresence;

const RUN: &str = "memory";

/// The live floors of all tenants of one process; gone with it.
pub struct MemoryFloor {
    wall: Arc<AtomicI64>,
    tenants: Mutex<BTreeMap<TenantId, Tenant>>,
    changed: Notify,
    /// The command whose next answer gets lost.
    lost: StdMutex<Option<&'static str>>,
}

struct Tenant {
    floor: Floor,
    outbox: Vec<OutboxEntry>,
    sequence: u64,
}

impl MemoryFloor {
    /// Makes empty floors on a wall clock in milliseconds that the caller moves.
    pub fn new(wall: Arc<AtomicI64>) -> Self {
        Self { wall, tenants: Mutex::default(), changed: Notify::new(), lost: StdMutex::default() }
    }

    /// Forgets a tenant, as a store does whose memory is lost.
    pub async fn forget(&self, tenant: &TenantId) {
        self.lock().await.remove(tenant);
    }

    /// Lets everybody wait until the result is dropped.
    pub async fn halt(&self) -> impl Sized {
        self.lock().await
    }

    /// Loses the next answer to a command: it runs, and who sent it hears that the store is away.
    pub fn lose_answer_to(&self, command: &'static str) {
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(command);
    }

    fn loses_answer_to(&self, command: &str) -> bool {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.take_if(|lost| *lost == command).is_some()
    }

    async fn lock(&self) -> MutexGuard<'_, BTreeMap<TenantId, Tenant>> {
        self.tenants.lock().await
    }

    async fn read<T>(&self, tenant: &TenantId, look: impl FnOnce(&Floor) -> T) -> T {
        let tenants = self.lock().await;
        match tenants.get(tenant) {
            Some(found) => look(&found.floor),
            None => look(&Floor::new()),
        }
    }

    async fn read_outbox(&self, tenant: &TenantId, after: OutboxId) -> Vec<OutboxEntry> {
        let tenants = self.lock().await;
        let Some(found) = tenants.get(tenant) else { return Vec::new() };
        found.outbox.iter().filter(|entry| entry.id > after).cloned().collect()
    }
}

impl Tenant {
    fn new() -> Self {
        Self { floor: Floor::new(), outbox: Vec::new(), sequence: 0 }
    }

    fn apply(&mut self, id: &TenantId, wall: i64, order: &Order) -> Result<Applied, FloorError> {
        let envelope = Envelope { run: RUN.to_owned(), wall, seed: order.seed.clone() };
        let (reply, events) = self.floor.apply(&envelope, &order.command)?;
        for event in &events {
            self.sequence += 1;
            let stamp = Stamp {
                epoch: self.floor.epoch,
                id: OutboxId::new(1, self.sequence),
                at: self.floor.now,
                wall: Timestamp::from_millis(wall),
                trace: order.trace.clone(),
            };
            self.outbox.push(OutboxEntry::from_event(id, event, stamp));
        }
        let last = events.last().map(|_| (self.floor.epoch, OutboxId::new(1, self.sequence)));
        Ok(Applied { reply, events, position: last })
    }
}
