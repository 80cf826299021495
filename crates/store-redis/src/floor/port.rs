//! The live floor port over Redis.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use redis::streams::{StreamRangeReply, StreamReadReply};

use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::state::{Agent, Contact, Gateway, Place};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, QueueId, TenantId};
use switchboard_store::live_floor::{
    Applied, FloorError, FloorStatus, LiveFloor, Order, QueueStatus,
};
use switchboard_store::outbox::{OutboxEntry, OutboxId, OutboxPosition, Trim};

use crate::replies::{corrupt, decode};
use crate::{entries, keys};

use super::RedisFloor;
use super::reads::contact_of;

/// Trims the stream while the floor is in the epoch of the one who read it.
const TRIM: &str = "
local packed = redis.call('GET', KEYS[1])
if not packed or cmsgpack.unpack(packed).epoch ~= tonumber(ARGV[1]) then return 0 end
return redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2])
";

#[async_trait]
impl LiveFloor for RedisFloor {
    async fn apply(&self, tenant: &TenantId, order: Order) -> Result<Applied, FloorError> {
        decode(&self.call(tenant, &order, None).await?)
    }

    async fn contact(
        &self,
        tenant: &TenantId,
        id: &ContactId,
    ) -> Result<Option<Contact>, FloorError> {
        let record = self.record(tenant, "contact", id.as_str()).await?;
        record.map(|record| record.contact()).transpose()
    }

    async fn agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, FloorError> {
        let record = self.record(tenant, "agent", id.as_str()).await?;
        record.map(|record| record.agent()).transpose()
    }

    async fn agent_with(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        contact: &ContactId,
    ) -> Result<(Option<Agent>, Option<Contact>), FloorError> {
        self.pair(tenant, id, contact).await
    }

    async fn agents(&self, tenant: &TenantId) -> Result<Vec<(AgentId, Agent)>, FloorError> {
        self.all_agents(tenant).await
    }

    async fn gateway(
        &self,
        tenant: &TenantId,
        id: &GatewayId,
    ) -> Result<Option<Gateway>, FloorError> {
        let record = self.record(tenant, "gateway", id.as_str()).await?;
        record.map(|record| record.gateway()).transpose()
    }

    async fn queue(&self, tenant: &TenantId, id: &QueueId) -> Result<QueueStatus, FloorError> {
        self.counts(tenant, id).await
    }

    async fn line(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError> {
        let members = self.heads(&keys::queued(tenant, id.as_str()), limit).await?;
        members.iter().map(|member| contact_of(member)).collect()
    }

    async fn waiting_of_queue(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<(ContactId, Contact)>, FloorError> {
        self.waiting(tenant, id, limit).await
    }

    async fn callbacks(&self, tenant: &TenantId) -> Result<Vec<ContactId>, FloorError> {
        let names: Vec<String> =
            self.read(redis::cmd("HVALS").arg(keys::callbacks(tenant))).await?;
        let ids = names.iter().map(|name| ContactId::parse(name).map_err(|_| corrupt(name)));
        let mut open = ids.collect::<Result<Vec<_>, _>>()?;
        open.sort();
        Ok(open)
    }

    async fn position(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        place: &Place,
    ) -> Result<Option<u32>, FloorError> {
        let member = format!("{:016}:{id}", place.sequence);
        let key = keys::queued(tenant, place.queue.as_str());
        let index: Option<u32> = self.read(redis::cmd("ZRANK").arg(key).arg(member)).await?;
        Ok(index.map(|index| index + 1))
    }

    async fn legs(
        &self,
        tenant: &TenantId,
        gateway: &GatewayId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError> {
        let members = self.heads(&keys::legs(tenant, gateway.as_str()), limit).await?;
        members.iter().map(|id| ContactId::parse(id).map_err(|_| corrupt(id))).collect()
    }

    async fn classes(&self, tenant: &TenantId) -> Result<BTreeSet<ClassKey>, FloorError> {
        let names: Vec<String> = self.read(redis::cmd("HKEYS").arg(keys::plan(tenant))).await?;
        Ok(names.iter().filter_map(|name| name.strip_prefix("class:")).map(ClassKey::new).collect())
    }

    async fn status(&self, tenant: &TenantId) -> Result<FloorStatus, FloorError> {
        self.openness(tenant).await
    }

    async fn tail(
        &self,
        tenant: &TenantId,
        after: OutboxId,
        limit: u32,
        wait: Duration,
    ) -> Result<Vec<OutboxEntry>, FloorError> {
        let key = keys::outbox(tenant);
        let mut command = redis::cmd("XREAD");
        command.arg("COUNT").arg(limit);
        // Zero would block for ever.
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        if millis > 0 {
            command.arg("BLOCK").arg(millis);
        }
        command.arg("STREAMS").arg(key).arg(after.to_string());
        let answer: Option<StreamReadReply> = if millis > 0 {
            self.blocking_read(&command, wait).await?
        } else {
            self.read(&command).await?
        };
        let entries =
            answer.into_iter().flat_map(|answer| answer.keys).flat_map(|stream| stream.ids);
        let steps = entries.map(|entry| entries::decode(tenant, &entry));
        let mut told = steps.collect::<Result<Vec<_>, _>>()?.concat();
        // The place may be within a step, of which the rest is due.
        told.retain(|entry| entry.id > after);
        Ok(told)
    }

    async fn outbox_end(&self, tenant: &TenantId) -> Result<OutboxPosition, FloorError> {
        let mut command = redis::cmd("XREVRANGE");
        command.arg(keys::outbox(tenant)).arg("+").arg("-").arg("COUNT").arg(1);
        let newest: StreamRangeReply = self.read(&command).await?;
        let Some(newest) = newest.ids.first() else { return Ok(OutboxPosition::START) };
        let last = entries::decode(tenant, newest)?.pop().ok_or_else(|| corrupt(&newest.id))?;
        Ok(last.position())
    }

    async fn trim(&self, tenant: &TenantId, trim: Trim) -> Result<(), FloorError> {
        let after = OutboxId::new(trim.upto.millis, trim.upto.sequence.saturating_add(1));
        let mut command = redis::cmd("EVAL");
        command.arg(TRIM).arg(2).arg(keys::floor(tenant)).arg(keys::outbox(tenant));
        command.arg(trim.epoch).arg(after.to_string());
        self.read::<u64>(&command).await.map(|_| ())
    }
}
