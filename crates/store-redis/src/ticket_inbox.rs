//! Ticket orders held in Redis while Postgres is away: one hash per tenant, by request id.

mod encoding;

use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;
use redis::{FromRedisValue, Pipeline};
use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::{TicketInbox, TicketOrder};
use thiserror::Error;
use tokio::time::timeout;

use crate::connection::{ConnectError, Connector, Link};
use crate::floor::Settings;
use crate::keys;

/// The most orders held per tenant, so that a long absence cannot fill the live memory.
const MAX_HELD: u64 = 10_000;

/// The held orders of all tenants in one Redis.
pub struct RedisTicketInbox {
    connector: Connector,
    timeout: Duration,
}

/// Says that no more orders can be held.
#[derive(Debug, Error)]
#[error("{MAX_HELD} ticket orders wait already")]
struct Full;

impl RedisTicketInbox {
    /// Prepares an inbox; connects at the first use.
    pub fn new(settings: &Settings) -> Result<Self, ConnectError> {
        let connector = Connector::new(&settings.url, settings.timeout)?;
        Ok(Self { connector, timeout: settings.timeout })
    }

    async fn send<T: FromRedisValue>(&self, pipeline: &Pipeline) -> Result<T, StoreError> {
        let link = self.connector.link().await.map_err(away)?;
        match self.answer(&link, pipeline).await {
            Ok(answer) => Ok(answer),
            Err(error) => {
                self.connector.discard(&link).await;
                Err(error)
            }
        }
    }

    async fn answer<T: FromRedisValue>(
        &self,
        link: &Link,
        pipeline: &Pipeline,
    ) -> Result<T, StoreError> {
        let mut connection = link.connection.clone();
        // The client's own limit does not cover a connection that hangs before it is used.
        let answer = timeout(self.timeout * 2, pipeline.query_async(&mut connection)).await;
        answer.map_err(away)?.map_err(away)
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
        let (count,): (u64,) = self.send(redis::pipe().hlen(&key)).await?;
        if count >= MAX_HELD {
            return Err(away(Full));
        }
        let mut pipeline = redis::pipe();
        // In one step, so that the order read back is the one that came first.
        pipeline.atomic().hset_nx(&key, &order.request_id, encoding::write(order)).ignore();
        pipeline.hget(&key, &order.request_id);
        let (held,): (String,) = self.send(&pipeline).await?;
        encoding::read(&held)
    }

    async fn waiting(&self, tenant: &TenantId) -> Result<Vec<TicketOrder>, StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.hvals(keys::ticket_orders(tenant));
        let (held,): (Vec<String>,) = self.send(&pipeline).await?;
        let mut orders: Vec<TicketOrder> =
            held.iter().map(|text| encoding::read(text)).collect::<Result<_, _>>()?;
        orders.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        Ok(orders)
    }

    async fn release(&self, tenant: &TenantId, request_id: &str) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.hdel(keys::ticket_orders(tenant), request_id).ignore();
        self.send(&pipeline).await
    }
}

fn away(error: impl Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(error.into())
}
