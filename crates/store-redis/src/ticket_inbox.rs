//! Ticket orders held in Redis while Postgres is away: one hash per tenant, by request id, and their order
//! in time, so that they are read a few at a time however many they are.

mod encoding;

use async_trait::async_trait;
use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::{TicketInbox, TicketOrder};
use thiserror::Error;

use crate::connection::ConnectError;
use crate::floor::Settings;
use crate::keys;
use crate::pipes::Pipes;

/// The most orders held per tenant, so that a long absence cannot fill the live memory.
const MAX_HELD: u64 = 10_000;

/// The most orders read at once.
const BATCH: isize = 100;

/// The held orders of all tenants in one Redis.
pub struct RedisTicketInbox {
    pipes: Pipes,
}

/// Says that no more orders can be held.
#[derive(Debug, Error)]
#[error("{MAX_HELD} ticket orders wait already")]
struct Full;

impl RedisTicketInbox {
    /// Prepares an inbox; connects at the first use.
    pub fn new(settings: &Settings) -> Result<Self, ConnectError> {
        Ok(Self { pipes: Pipes::new(settings)? })
    }
}

#[async_trait]
impl TicketInbox for RedisTicketInbox {
    async fn hold(
        &self,
        tenant: &TenantId,
        order: &TicketOrder,
    ) -> Result<TicketOrder, StoreError> {
        let (key, times) = (keys::ticket_orders(tenant), keys::ticket_order_times(tenant));
        let (count,): (u64,) = self.pipes.send(redis::pipe().hlen(&key)).await?;
        if count >= MAX_HELD {
            return Err(StoreError::Unavailable(Full.into()));
        }
        let mut pipeline = redis::pipe();
        // In one step, so that the order read back is the one that came first.
        pipeline.atomic().hset_nx(&key, &order.request_id, encoding::write(order)).ignore();
        pipeline.cmd("ZADD").arg(times).arg("NX").arg(order.at.as_millis());
        pipeline.arg(&order.request_id).ignore();
        pipeline.hget(&key, &order.request_id);
        let (held,): (String,) = self.pipes.send(&pipeline).await?;
        encoding::read(&held)
    }

    async fn waiting(&self, tenant: &TenantId) -> Result<Vec<TicketOrder>, StoreError> {
        let mut oldest = redis::pipe();
        oldest.zrange(keys::ticket_order_times(tenant), 0, BATCH - 1);
        let (request_ids,): (Vec<String>,) = self.pipes.send(&oldest).await?;
        if request_ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut pipeline = redis::pipe();
        pipeline.cmd("HMGET").arg(keys::ticket_orders(tenant)).arg(request_ids);
        let (held,): (Vec<Option<String>>,) = self.pipes.send(&pipeline).await?;
        // One that is not there any more was recorded by another process at this moment.
        held.iter().flatten().map(|text| encoding::read(text)).collect()
    }

    async fn release(&self, tenant: &TenantId, request_id: &str) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.atomic().hdel(keys::ticket_orders(tenant), request_id).ignore();
        pipeline.zrem(keys::ticket_order_times(tenant), request_id).ignore();
        self.pipes.send(&pipeline).await
    }
}
