//! The live floor port over the model.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::state::{Agent, AgentState, Contact, Gateway, Place};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, QueueId, TenantId};
use switchboard_store::live_floor::{
    Applied, FloorError, FloorStatus, LiveFloor, Order, QueueStatus,
};
use switchboard_store::outbox::{OutboxEntry, OutboxId, OutboxPosition, Trim};

use super::{MemoryFloor, RUN, Tenant};

#[async_trait]
impl LiveFloor for MemoryFloor {
    async fn apply(&self, tenant: &TenantId, order: Order) -> Result<Applied, FloorError> {
        let wall = self.wall.load(Ordering::SeqCst);
        let mut tenants = self.lock().await;
        let found = tenants.entry(tenant.clone()).or_insert_with(Tenant::new);
        let applied = found.apply(tenant, wall, &order)?;
        self.changed.notify_waiters();
        if self.loses_answer_to(order.command.name()) {
            return Err(FloorError::Unavailable("the answer got lost".into()));
        }
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
                floor.agents.iter().filter(|(_, agent)| agent.state() != AgentState::Offline);
            agents.map(|(id, agent)| (id.clone(), agent.clone())).collect()
        };
        Ok(self.read(tenant, signed_in).await)
    }

    async fn gateway(
        &self,
        tenant: &TenantId,
        id: &GatewayId,
    ) -> Result<Option<Gateway>, FloorError> {
        Ok(self.read(tenant, |floor| floor.gateways.get(id).cloned()).await)
    }

    async fn queue(&self, tenant: &TenantId, id: &QueueId) -> Result<QueueStatus, FloorError> {
        let look = |floor: &Floor| {
            let line = floor.queued.get(id);
            let first = line.and_then(BTreeSet::first);
            let first = first.and_then(|(_, _, contact)| floor.contacts.get(contact));
            let place = first.and_then(|contact| contact.place.as_ref());
            QueueStatus {
                waiting: count(line.map_or(0, BTreeSet::len)),
                oldest_enqueued_at: place.map(|place| place.enqueued_at),
                active: count(floor.active.get(id).map_or(0, BTreeSet::len)),
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
        Ok(self.read(tenant, |floor| heads(floor, id, limit).cloned().collect()).await)
    }

    async fn waiting_of_queue(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<(ContactId, Contact)>, FloorError> {
        let look = |floor: &Floor| {
            let known = |name: &ContactId| Some((name.clone(), floor.contacts.get(name)?.clone()));
            heads(floor, id, limit).filter_map(known).collect()
        };
        Ok(self.read(tenant, look).await)
    }

    async fn callbacks(&self, tenant: &TenantId) -> Result<Vec<ContactId>, FloorError> {
        let mut open: Vec<ContactId> =
            self.read(tenant, |floor| floor.callbacks.values().cloned().collect()).await;
        open.sort();
        Ok(open)
    }

    async fn position(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        _: &Place,
    ) -> Result<Option<u32>, FloorError> {
        let position = self.read(tenant, |floor| floor.position(id)).await;
        Ok(position.map(count))
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

    async fn outbox_end(&self, tenant: &TenantId) -> Result<OutboxPosition, FloorError> {
        let tenants = self.lock().await;
        let last = tenants.get(tenant).and_then(|found| found.outbox.last());
        Ok(last.map_or(OutboxPosition::START, OutboxEntry::position))
    }

    async fn trim(&self, tenant: &TenantId, trim: Trim) -> Result<(), FloorError> {
        let mut tenants = self.lock().await;
        if let Some(found) = tenants.get_mut(tenant)
            && found.floor.epoch == trim.epoch
        {
            found.outbox.retain(|entry| entry.id > trim.upto);
        }
        Ok(())
    }
}

fn heads<'a>(floor: &'a Floor, id: &QueueId, limit: u32) -> impl Iterator<Item = &'a ContactId> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    floor.queued.get(id).into_iter().flatten().take(limit).map(|(_, _, contact)| contact)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
