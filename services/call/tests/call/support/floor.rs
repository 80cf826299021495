//! A floor in memory some of whose reads fail, and that may lose all it knows.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::state::{Agent, Contact, Gateway, Place};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, QueueId, TenantId};
use switchboard_store::live_floor::{
    Applied, FloorError, FloorStatus, LiveFloor, Order, QueueStatus,
};
use switchboard_store::outbox::{OutboxEntry, OutboxId, OutboxPosition, Trim};
use switchboard_store_memory::MemoryFloor;

/// A floor in memory some of whose reads fail, and that may lose all it knows.
pub(crate) struct Moody {
    floor: MemoryFloor,
    failing: Mutex<(Option<ContactId>, u32)>,
    failing_ends: AtomicU32,
    forgets_after: Mutex<Option<&'static str>>,
}

impl Moody {
    pub(crate) fn new(wall: Arc<AtomicI64>) -> Self {
        Self {
            floor: MemoryFloor::new(wall),
            failing: Mutex::default(),
            failing_ends: AtomicU32::new(0),
            forgets_after: Mutex::default(),
        }
    }

    /// Lets the next reads of a contact fail.
    pub(crate) fn fail_reads_of(&self, contact: &ContactId, times: u32) {
        *self.failing.lock().unwrap() = (Some(contact.clone()), times);
    }

    /// Counts the failures still to come.
    pub(crate) fn failures_left(&self) -> u32 {
        self.failing.lock().unwrap().1 + self.failing_ends.load(Ordering::SeqCst)
    }

    /// Lets the end of the outbox be unknown so many times.
    pub(crate) fn fail_ends(&self, times: u32) {
        self.failing_ends.store(times, Ordering::SeqCst);
    }

    /// Lets everything be lost right after the next command of a kind.
    pub(crate) fn forget_after(&self, command: &'static str) {
        *self.forgets_after.lock().unwrap() = Some(command);
    }

    /// Reads a contact for the test itself, which never fails.
    pub(crate) async fn look_at(&self, tenant: &TenantId, id: &ContactId) -> Option<Contact> {
        self.floor.contact(tenant, id).await.unwrap()
    }

    fn fails(&self, id: &ContactId) -> bool {
        let mut failing = self.failing.lock().unwrap();
        let fails = failing.0.as_ref() == Some(id) && failing.1 > 0;
        failing.1 -= u32::from(fails);
        fails
    }
}

#[async_trait]
impl LiveFloor for Moody {
    async fn apply(&self, tenant: &TenantId, order: Order) -> Result<Applied, FloorError> {
        let name = order.command.name();
        let applied = self.floor.apply(tenant, order).await;
        let forgets = self.forgets_after.lock().unwrap().take_if(|after| *after == name).is_some();
        if forgets {
            self.floor.forget(tenant).await;
        }
        applied
    }

    async fn contact(
        &self,
        tenant: &TenantId,
        id: &ContactId,
    ) -> Result<Option<Contact>, FloorError> {
        if self.fails(id) {
            return Err(FloorError::Unavailable("for this test".into()));
        }
        self.floor.contact(tenant, id).await
    }

    async fn agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, FloorError> {
        self.floor.agent(tenant, id).await
    }

    async fn agents(&self, tenant: &TenantId) -> Result<Vec<(AgentId, Agent)>, FloorError> {
        self.floor.agents(tenant).await
    }

    async fn gateway(
        &self,
        tenant: &TenantId,
        id: &GatewayId,
    ) -> Result<Option<Gateway>, FloorError> {
        self.floor.gateway(tenant, id).await
    }

    async fn queue(&self, tenant: &TenantId, id: &QueueId) -> Result<QueueStatus, FloorError> {
        self.floor.queue(tenant, id).await
    }

    async fn line(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError> {
        self.floor.line(tenant, id, limit).await
    }

    async fn waiting_of_queue(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<(ContactId, Contact)>, FloorError> {
        self.floor.waiting_of_queue(tenant, id, limit).await
    }

    async fn callbacks(&self, tenant: &TenantId) -> Result<Vec<ContactId>, FloorError> {
        self.floor.callbacks(tenant).await
    }

    async fn position(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        place: &Place,
    ) -> Result<Option<u32>, FloorError> {
        self.floor.position(tenant, id, place).await
    }

    async fn legs(
        &self,
        tenant: &TenantId,
        gateway: &GatewayId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError> {
        self.floor.legs(tenant, gateway, limit).await
    }

    async fn classes(&self, tenant: &TenantId) -> Result<BTreeSet<ClassKey>, FloorError> {
        self.floor.classes(tenant).await
    }

    async fn status(&self, tenant: &TenantId) -> Result<FloorStatus, FloorError> {
        self.floor.status(tenant).await
    }

    async fn tail(
        &self,
        tenant: &TenantId,
        after: OutboxId,
        limit: u32,
        wait: Duration,
    ) -> Result<Vec<OutboxEntry>, FloorError> {
        self.floor.tail(tenant, after, limit, wait).await
    }

    async fn outbox_end(&self, tenant: &TenantId) -> Result<OutboxPosition, FloorError> {
        let left = |times: u32| times.checked_sub(1);
        if self.failing_ends.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_ok() {
            return Err(FloorError::Unavailable("for this test".into()));
        }
        self.floor.outbox_end(tenant).await
    }

    async fn trim(&self, tenant: &TenantId, trim: Trim) -> Result<(), FloorError> {
        self.floor.trim(tenant, trim).await
    }
}
