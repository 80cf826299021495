//! The live floor in memory: the model itself behind a mutex, for tests and simulations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Mutex, MutexGuard, Notify};

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::Envelope;
use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::state::{Agent, AgentState, Contact};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, QueueId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::{
    Applied, FloorError, FloorStatus, LiveFloor, Order, QueueStatus, Stamp,
};
use switchboard_store::outbox::{OutboxEntry, OutboxId};

const RUN: &str = "memory";

/// The live floors of all tenants of one process; gone with it.
pub struct MemoryFloor {
    wall: Arc<AtomicI64>,
    tenants: Mutex<BTreeMap<TenantId, Tenant>>,
    changed: Notify,
}

struct Tenant {
    floor: Floor,
    outbox: Vec<OutboxEntry>,
    sequence: u64,
}

impl MemoryFloor {
    /// Makes empty floors on a wall clock in milliseconds that the caller moves.
    pub fn new(wall: Arc<AtomicI64>) -> Self {
        Self { wall, tenants: Mutex::default(), changed: Notify::new() }
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

#[async_trait]
impl LiveFloor for MemoryFloor {
    async fn apply(&self, tenant: &TenantId, order: Order) -> Result<Applied, FloorError> {
        let wall = self.wall.load(Ordering::SeqCst);
        let mut tenants = self.lock().await;
        let found = tenants.entry(tenant.clone()).or_insert_with(Tenant::new);
        let applied = found.apply(tenant, wall, &order)?;
        self.changed.notify_waiters();
        Ok(applied)
    }

    async fn contact(
        &self,
        tenant: &TenantId,
        id: &ContactId,
    ) -> Result<Option<Contact>, FloorError> {
        Ok(self.read(tenant, |floor| floor.contacts.get(id).cloned()).await)
    }

    async fn agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, FloorError> {
        Ok(self.read(tenant, |floor| floor.agents.get(id).cloned()).await)
    }

    async fn agents(&self, tenant: &TenantId) -> Result<Vec<(AgentId, Agent)>, FloorError> {
        let signed_in = |floor: &Floor| {
            let agents =
                floor.agents.iter().filter(|(_, agent)| agent.state != AgentState::Offline);
            agents.map(|(id, agent)| (id.clone(), agent.clone())).collect()
        };
        Ok(self.read(tenant, signed_in).await)
    }

    async fn queue(&self, tenant: &TenantId, id: &QueueId) -> Result<QueueStatus, FloorError> {
        let look = |floor: &Floor| {
            let Some(line) = floor.queued.get(id) else { return QueueStatus::default() };
            let first = line.first().and_then(|(_, _, contact)| floor.contacts.get(contact));
            let place = first.and_then(|contact| contact.place.as_ref());
            QueueStatus {
                waiting: u32::try_from(line.len()).unwrap_or(u32::MAX),
                oldest_enqueued_at: place.map(|place| place.enqueued_at),
            }
        };
        Ok(self.read(tenant, look).await)
    }

    async fn line(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let look = |floor: &Floor| {
            let line = floor.queued.get(id).into_iter().flatten();
            line.take(limit).map(|(_, _, contact)| contact.clone()).collect()
        };
        Ok(self.read(tenant, look).await)
    }

    async fn position(&self, tenant: &TenantId, id: &ContactId) -> Result<Option<u32>, FloorError> {
        let position = self.read(tenant, |floor| floor.position(id)).await;
        Ok(position.map(|position| u32::try_from(position).unwrap_or(u32::MAX)))
    }

    async fn legs(
        &self,
        tenant: &TenantId,
        gateway: &GatewayId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let look = |floor: &Floor| {
            let legs = floor.legs.get(gateway).into_iter().flatten();
            legs.take(limit).map(|(contact, _)| contact.clone()).collect()
        };
        Ok(self.read(tenant, look).await)
    }

    async fn classes(&self, tenant: &TenantId) -> Result<BTreeSet<ClassKey>, FloorError> {
        Ok(self.read(tenant, |floor| floor.plan.classes.keys().cloned().collect()).await)
    }

    async fn status(&self, tenant: &TenantId) -> Result<FloorStatus, FloorError> {
        let look = |floor: &Floor| FloorStatus {
            epoch: floor.epoch,
            is_current: floor.run == RUN,
            sweeping: floor.sweeping,
            barrier_open: floor.barrier_open,
            plan_version: floor.plan.version,
            now: floor.now,
            next_deadline: floor.deadlines.first().map(|(at, _)| *at),
            settled: floor.settled,
        };
        Ok(self.read(tenant, look).await)
    }

    async fn tail(
        &self,
        tenant: &TenantId,
        after: OutboxId,
        limit: u32,
        wait: Duration,
    ) -> Result<Vec<OutboxEntry>, FloorError> {
        let changed = self.changed.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let mut entries = self.read_outbox(tenant, after).await;
        if entries.is_empty() && !wait.is_zero() {
            // Either something changed or the time is up; both are looked at alike.
            let _ = tokio::time::timeout(wait, changed).await;
            entries = self.read_outbox(tenant, after).await;
        }
        entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(entries)
    }

    async fn outbox_end(&self, tenant: &TenantId) -> Result<OutboxId, FloorError> {
        let tenants = self.lock().await;
        let last = tenants.get(tenant).and_then(|found| found.outbox.last());
        Ok(last.map_or(OutboxId::START, |entry| entry.id))
    }

    async fn trim(&self, tenant: &TenantId, upto: OutboxId) -> Result<(), FloorError> {
        let mut tenants = self.lock().await;
        if let Some(found) = tenants.get_mut(tenant) {
            found.outbox.retain(|entry| entry.id > upto);
        }
        Ok(())
    }
}
