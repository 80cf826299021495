//! A stream that a test writes, loses and grows again at will.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
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
use tokio::time::timeout;

/// The outbox of one tenant, and nothing else of a floor.
#[derive(Clone, Default)]
pub(crate) struct Stream {
    entries: Arc<Mutex<Vec<OutboxEntry>>>,
    written: Arc<tokio::sync::Notify>,
    reads: Arc<AtomicUsize>,
}

impl Stream {
    pub(crate) fn write(&self, entries: impl IntoIterator<Item = OutboxEntry>) {
        self.entries.lock().unwrap().extend(entries);
        self.written.notify_waiters();
    }

    /// Loses the end, as a server does that comes back with an older state.
    pub(crate) fn lose_after(&self, last: OutboxId) {
        self.entries.lock().unwrap().retain(|entry| entry.id <= last);
    }

    pub(crate) fn ids(&self) -> Vec<OutboxId> {
        self.entries.lock().unwrap().iter().map(|entry| entry.id).collect()
    }

    /// How often it was read so far.
    pub(crate) fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    fn after(&self, after: OutboxId, limit: u32) -> Vec<OutboxEntry> {
        let entries = self.entries.lock().unwrap();
        entries.iter().filter(|entry| entry.id > after).take(limit as usize).cloned().collect()
    }
}

fn not_here<Answer>() -> Result<Answer, FloorError> {
    Err(FloorError::Corrupt { answer: "only a stream".to_owned() })
}

#[async_trait]
impl LiveFloor for Stream {
    async fn tail(
        &self,
        _: &TenantId,
        after: OutboxId,
        limit: u32,
        wait: Duration,
    ) -> Result<Vec<OutboxEntry>, FloorError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let written = self.written.notified();
        let entries = self.after(after, limit);
        if entries.is_empty() && timeout(wait, written).await.is_ok() {
            return Ok(self.after(after, limit));
        }
        Ok(entries)
    }

    async fn outbox_end(&self, _: &TenantId) -> Result<OutboxPosition, FloorError> {
        let entries = self.entries.lock().unwrap();
        Ok(entries.last().map_or(OutboxPosition::START, OutboxEntry::position))
    }

    async fn trim(&self, _: &TenantId, trim: Trim) -> Result<(), FloorError> {
        let mut entries = self.entries.lock().unwrap();
        if entries.last().is_some_and(|newest| newest.epoch == trim.epoch) {
            entries.retain(|entry| entry.id > trim.upto);
        }
        Ok(())
    }

    async fn apply(&self, _: &TenantId, _: Order) -> Result<Applied, FloorError> {
        not_here()
    }

    async fn contact(&self, _: &TenantId, _: &ContactId) -> Result<Option<Contact>, FloorError> {
        not_here()
    }

    async fn agent(&self, _: &TenantId, _: &AgentId) -> Result<Option<Agent>, FloorError> {
        not_here()
    }

    async fn agents(&self, _: &TenantId) -> Result<Vec<(AgentId, Agent)>, FloorError> {
        not_here()
    }

    async fn gateway(&self, _: &TenantId, _: &GatewayId) -> Result<Option<Gateway>, FloorError> {
        not_here()
    }

    async fn waiting_of_queue(
        &self,
        _: &TenantId,
        _: &QueueId,
        _: u32,
    ) -> Result<Vec<(ContactId, Contact)>, FloorError> {
        not_here()
    }

    async fn callbacks(&self, _: &TenantId) -> Result<Vec<ContactId>, FloorError> {
        not_here()
    }

    async fn queue(&self, _: &TenantId, _: &QueueId) -> Result<QueueStatus, FloorError> {
        not_here()
    }

    async fn line(&self, _: &TenantId, _: &QueueId, _: u32) -> Result<Vec<ContactId>, FloorError> {
        not_here()
    }

    async fn position(
        &self,
        _: &TenantId,
        _: &ContactId,
        _: &Place,
    ) -> Result<Option<u32>, FloorError> {
        not_here()
    }

    async fn legs(
        &self,
        _: &TenantId,
        _: &GatewayId,
        _: u32,
    ) -> Result<Vec<ContactId>, FloorError> {
        not_here()
    }

    async fn classes(&self, _: &TenantId) -> Result<BTreeSet<ClassKey>, FloorError> {
        not_here()
    }

    async fn status(&self, _: &TenantId) -> Result<FloorStatus, FloorError> {
        not_here()
    }
}
