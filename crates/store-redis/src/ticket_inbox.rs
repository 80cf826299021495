//! Ticket orders held in Redis while Postgres is away: one hash per tenant, by request id.

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
        let key = keys::ticket_orders(tenant);
        let (count,): (u64,) = self.pipes.send(redis::pipe().hlen(&key)).await?;
        if count >= MAX_HELD {
            return Err(StoreError::Unavailable(Full.into()));
        }
        let mut pipeline = redis::pipe();
        // In one step, so that the order read back is the one that came first.
        pipeline.atomic().hset_nx(&key, &order.request_id, encoding::write(order)).ignore();
        pipeline.hget(&key, &order.request_id);
        let (held,): (String,) = self.pipes.send(&pipeline).await?;
        encoding::read(&held)
    }

    async fn waiting(&self, tenant: &TenantId) -> Result<Vec<TicketOrder>, StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.hvals(keys::ticket_orders(tenant));
        let (held,): (Vec<String>,) = self.pipes.send(&pipeline).await?;
        let mut orders: Vec<TicketOrder> =
            held.iter().map(|text| encoding::read(text)).collect::<Result<_, _>>()?;
        orders.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        Ok(orders)
    }

    async fn release(&self, tenant: &TenantId, request_id: &str) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.hdel(keys::ticket_orders(tenant), request_id).ignore();
        self.pipes.send(&pipeline).await
    }
}
