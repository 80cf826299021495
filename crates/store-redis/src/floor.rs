//! The live floor port over Redis.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use redis::streams::{StreamId, StreamRangeReply, StreamReadReply};
use redis::{Cmd, FromRedisValue, RedisError, Value};
use tokio::sync::Mutex;

use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::state::{Agent, Contact};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, QueueId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::{
    Applied, FloorError, FloorStatus, LiveFloor, Order, QueueStatus,
};
use switchboard_store::outbox::{OutboxEntry, OutboxId};

use crate::connection::{ConnectError, Connector, Link, facts, load_library};
use crate::records::Record;
use crate::replies::{corrupt, decode};
use crate::scripts::library;
use crate::{entries, keys, wire};

/// How to reach Redis.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The URL: `redis://host:port`, `rediss://…` or `unix:///path`.
    pub url: String,
    /// How long to wait for a connection, and for each answer.
    pub timeout: Duration,
}

/// The live floors of all tenants in one Redis.
pub struct RedisFloor {
    connector: Connector,
    timeout: Duration,
    readers: Mutex<Vec<redis::aio::MultiplexedConnection>>,
    wall: Option<Arc<AtomicI64>>,
}

impl RedisFloor {
    /// Prepares a floor; connects at the first command.
    pub fn new(settings: &Settings) -> Result<Self, ConnectError> {
        Ok(Self {
            connector: Connector::new(&settings.url, settings.timeout)?,
            timeout: settings.timeout,
            readers: Mutex::new(Vec::new()),
            wall: None,
        })
    }

    /// Prepares a floor whose wall time is given instead of the server's own.
    pub fn with_wall(settings: &Settings, wall: Arc<AtomicI64>) -> Result<Self, ConnectError> {
        Ok(Self { wall: Some(wall), ..Self::new(settings)? })
    }

    /// Gives the run id of the server process behind the connection.
    pub async fn run_id(&self) -> Result<String, FloorError> {
        Ok(self.connector.link().await.map_err(unreachable)?.run)
    }

    /// Gives what the server says about itself, such as `redis_version` and `aof_enabled`.
    pub async fn server_facts(&self) -> Result<BTreeMap<String, String>, FloorError> {
        let mut link = self.connector.link().await.map_err(unreachable)?;
        facts(&mut link.connection).await.map_err(unreachable)
    }

    /// Applies a command under a run id of the caller's choice, as parity tests need.
    #[cfg(any(test, feature = "test-util"))]
    pub async fn apply_as(
        &self,
        tenant: &TenantId,
        order: Order,
        run: &str,
    ) -> Result<Applied, FloorError> {
        decode(&self.call(tenant, &order, Some(run)).await?)
    }

    async fn call(
        &self,
        tenant: &TenantId,
        order: &Order,
        run: Option<&str>,
    ) -> Result<Value, FloorError> {
        let link = self.connector.link().await.map_err(unreachable)?;
        let command = self.function_call(tenant, order, run.unwrap_or(&link.run));
        match self.send::<Value>(&link, &command).await {
            Err(error) if is_missing_function(&error) => {
                let mut connection = link.connection.clone();
                load_library(&mut connection).await.map_err(unavailable)?;
                self.settle(&link, self.send(&link, &command).await).await
            }
            outcome => self.settle(&link, outcome).await,
        }
    }

    fn function_call(&self, tenant: &TenantId, order: &Order, run: &str) -> Cmd {
        let wall = self.wall.as_ref().map(|wall| wall.load(Ordering::SeqCst).to_string());
        let mut command = redis::cmd("FCALL");
        command
            .arg(library().function(order.command.name()))
            .arg(1)
            .arg(keys::floor(tenant))
            .arg(run)
            .arg(wall.unwrap_or_default())
            .arg(order.seed.as_str())
            .arg(order.trace.as_deref().unwrap_or_default());
        for argument in wire::arguments(&order.command) {
            command.arg(argument);
        }
        command
    }

    async fn send<T: FromRedisValue>(&self, link: &Link, command: &Cmd) -> Result<T, RedisError> {
        let mut connection = link.connection.clone();
        let sending = command.query_async(&mut connection);
        // The client's own limit does not cover a connection that hangs before it is used.
        match tokio::time::timeout(self.timeout * 2, sending).await {
            Ok(answer) => answer,
            Err(_) => Err(late()),
        }
    }

    async fn settle<T>(
        &self,
        link: &Link,
        outcome: Result<T, RedisError>,
    ) -> Result<T, FloorError> {
        match outcome {
            Ok(answer) => Ok(answer),
            Err(error) => {
                if is_broken(&error) {
                    self.connector.discard(link).await;
                }
                Err(unavailable(error))
            }
        }
    }

    pub(crate) async fn read<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, FloorError> {
        let link = self.connector.link().await.map_err(unreachable)?;
        self.settle(&link, self.send(&link, command).await).await
    }

    pub(crate) async fn record(
        &self,
        tenant: &TenantId,
        kind: &str,
        id: &str,
    ) -> Result<Option<Record>, FloorError> {
        self.hash(&keys::record(tenant, kind, id)).await
    }

    pub(crate) async fn hash(&self, key: &str) -> Result<Option<Record>, FloorError> {
        let fields: HashMap<String, String> = self.read(redis::cmd("HGETALL").arg(key)).await?;
        Ok(Record::new(fields))
    }

    async fn head(&self, key: &str) -> Result<Option<(String, f64)>, FloorError> {
        let heads: Vec<(String, f64)> =
            self.read(redis::cmd("ZRANGE").arg(key).arg(0).arg(0).arg("WITHSCORES")).await?;
        Ok(heads.into_iter().next())
    }

    async fn blocking_read(
        &self,
        command: &Cmd,
        wait: Duration,
    ) -> Result<Option<StreamReadReply>, FloorError> {
        let pooled = self.readers.lock().await.pop();
        let mut connection = match pooled {
            Some(connection) => connection,
            None => self.connector.open(None).await.map_err(unreachable)?,
        };
        // A server that vanished without a word never ends the read itself.
        let limit = wait.saturating_add(self.timeout * 2);
        let reading = command.query_async(&mut connection);
        let answer = match tokio::time::timeout(limit, reading).await {
            Ok(answer) => answer.map_err(unavailable)?,
            Err(_) => return Err(unavailable(late())),
        };
        self.readers.lock().await.push(connection);
        Ok(answer)
    }
}

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

    async fn agents(&self, tenant: &TenantId) -> Result<Vec<(AgentId, Agent)>, FloorError> {
        let members: Vec<String> =
            self.read(redis::cmd("ZRANGE").arg(keys::live(tenant)).arg(0).arg(-1)).await?;
        let mut agents = Vec::new();
        for name in members.iter().filter_map(|member| member.strip_prefix("a:")) {
            let id = AgentId::parse(name).map_err(|_| corrupt(name))?;
            if let Some(agent) = self.agent(tenant, &id).await? {
                agents.push((id, agent));
            }
        }
        agents.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(agents)
    }

    async fn queue(&self, tenant: &TenantId, id: &QueueId) -> Result<QueueStatus, FloorError> {
        let key = keys::queued(tenant, id.as_str());
        let waiting = self.read(redis::cmd("ZCARD").arg(&key)).await?;
        let mut status = QueueStatus { waiting, oldest_enqueued_at: None };
        let Some((member, _)) = self.head(&key).await? else { return Ok(status) };
        let contact = self.contact(tenant, &contact_of(&member)?).await?;
        status.oldest_enqueued_at =
            contact.and_then(|contact| contact.place).map(|place| place.enqueued_at);
        Ok(status)
    }

    async fn line(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let key = keys::queued(tenant, id.as_str());
        let members: Vec<String> =
            self.read(redis::cmd("ZRANGE").arg(key).arg(0).arg(limit - 1)).await?;
        members.iter().map(|member| contact_of(member)).collect()
    }

    async fn position(&self, tenant: &TenantId, id: &ContactId) -> Result<Option<u32>, FloorError> {
        let contact = self.contact(tenant, id).await?;
        let Some(place) = contact.and_then(|contact| contact.place) else { return Ok(None) };
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
        if limit == 0 {
            return Ok(Vec::new());
        }
        let key = keys::legs(tenant, gateway.as_str());
        let members: Vec<String> =
            self.read(redis::cmd("ZRANGE").arg(key).arg(0).arg(limit - 1)).await?;
        members.iter().map(|id| ContactId::parse(id).map_err(|_| corrupt(id))).collect()
    }

    async fn classes(&self, tenant: &TenantId) -> Result<BTreeSet<ClassKey>, FloorError> {
        let names: Vec<String> = self.read(redis::cmd("HKEYS").arg(keys::plan(tenant))).await?;
        Ok(names.iter().filter_map(|name| name.strip_prefix("class:")).map(ClassKey::new).collect())
    }

    async fn status(&self, tenant: &TenantId) -> Result<FloorStatus, FloorError> {
        let run = self.run_id().await?;
        let Some(floor) = self.hash(&keys::floor(tenant)).await? else {
            return Ok(FloorStatus { settled: true, ..FloorStatus::default() });
        };
        let next = self.head(&keys::deadlines(tenant)).await?;
        Ok(FloorStatus {
            epoch: floor.number("epoch")?,
            is_current: floor.floor_text("run") == run,
            sweeping: floor.floor_flag("sweeping"),
            barrier_open: floor.floor_flag("barrier_open"),
            plan_version: floor.number("plan")?,
            now: Timestamp::from_millis(floor.number("now")?),
            next_deadline: next.map(|(_, at)| entries::timestamp(at)),
            settled: floor.floor_flag("settled"),
        })
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
        entries.map(|entry| entries::decode(tenant, &entry)).collect()
    }

    async fn outbox_end(&self, tenant: &TenantId) -> Result<OutboxId, FloorError> {
        let mut command = redis::cmd("XREVRANGE");
        command.arg(keys::outbox(tenant)).arg("+").arg("-").arg("COUNT").arg(1);
        let newest: StreamRangeReply = self.read(&command).await?;
        let id = newest.ids.first().map(|StreamId { id, .. }| id.clone());
        id.map_or(Ok(OutboxId::START), |id| id.parse().map_err(|_| corrupt(&id)))
    }

    async fn trim(&self, tenant: &TenantId, upto: OutboxId) -> Result<(), FloorError> {
        let after = OutboxId::new(upto.millis, upto.sequence.saturating_add(1));
        let mut command = redis::cmd("XTRIM");
        command.arg(keys::outbox(tenant)).arg("MINID").arg(after.to_string());
        self.read::<u64>(&command).await.map(|_| ())
    }
}

fn contact_of(member: &str) -> Result<ContactId, FloorError> {
    let id = member.split_once(':').map_or(member, |(_, id)| id);
    ContactId::parse(id).map_err(|_| corrupt(member))
}

/// Says whether another connection may do better; a server that was made a replica keeps its
/// connections, but the primary is elsewhere now.
fn is_broken(error: &RedisError) -> bool {
    error.is_io_error()
        || error.is_connection_dropped()
        || error.is_timeout()
        || error.code() == Some("READONLY")
}

fn late() -> RedisError {
    RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut))
}

fn is_missing_function(error: &RedisError) -> bool {
    error.detail().is_some_and(|detail| detail.contains("Function not found"))
        || error.to_string().contains("Function not found")
}

fn unavailable(error: RedisError) -> FloorError {
    FloorError::Unavailable(Box::new(error))
}

fn unreachable(error: ConnectError) -> FloorError {
    FloorError::Unavailable(Box::new(error))
}
