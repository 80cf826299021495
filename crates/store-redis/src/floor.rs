//! Commands and reads on their way to Redis, over one shared connection.

mod port;
mod reads;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use redis::streams::StreamReadReply;
use redis::{Cmd, FromRedisValue, Pipeline, RedisError, Value};
use tokio::sync::Mutex;

use switchboard_domain::ids::TenantId;
use switchboard_store::live_floor::{FloorError, Order};

use crate::connection::{ConnectError, Connector, Link, facts, load_library};
use crate::records::Record;
use crate::scripts::{Library, library};
use crate::{keys, wire};

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
    ) -> Result<switchboard_store::live_floor::Applied, FloorError> {
        crate::replies::decode(&self.call(tenant, &order, Some(run)).await?)
    }

    pub(crate) async fn call(
        &self,
        tenant: &TenantId,
        order: &Order,
        run: Option<&str>,
    ) -> Result<Value, FloorError> {
        let link = self.connector.link().await.map_err(unreachable)?;
        let wall = self.wall.as_ref().map(|wall| wall.load(Ordering::SeqCst));
        let run = run.unwrap_or(&link.run);
        let command = function_call(library(), tenant, order, (run, wall));
        match self.send::<Value>(&link, &command).await {
            Err(error) if is_missing_function(&error) => {
                let mut connection = link.connection.clone();
                load_library(&mut connection).await.map_err(unavailable)?;
                self.settle(&link, self.send(&link, &command).await).await
            }
            outcome => self.settle(&link, outcome).await,
        }
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

    /// Reads many things in one go.
    pub(crate) async fn read_all<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, FloorError> {
        let link = self.connector.link().await.map_err(unreachable)?;
        let mut connection = link.connection.clone();
        let sending = commands.query_async(&mut connection);
        let answer = match tokio::time::timeout(self.timeout * 2, sending).await {
            Ok(answer) => answer,
            Err(_) => Err(late()),
        };
        self.settle(&link, answer).await
    }

    pub(crate) async fn record(
        &self,
        tenant: &TenantId,
        kind: &str,
        id: &str,
    ) -> Result<Option<Record>, FloorError> {
        self.unpacked(&keys::record(tenant, kind, id)).await
    }

    pub(crate) async fn unpacked(&self, key: &str) -> Result<Option<Record>, FloorError> {
        let packed: Option<Vec<u8>> = self.read(redis::cmd("GET").arg(key)).await?;
        packed.map(|packed| Record::unpack(&packed)).transpose()
    }

    pub(crate) async fn blocking_read(
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

/// Makes the call of a command's function, for the server process with this run id; without a wall
/// time it takes the server's own.
pub(crate) fn function_call(
    library: &Library,
    tenant: &TenantId,
    order: &Order,
    (run, wall): (&str, Option<i64>),
) -> Cmd {
    let mut command = redis::cmd("FCALL");
    command
        .arg(library.function(order.command.name()))
        .arg(1)
        .arg(keys::floor(tenant))
        .arg(run)
        .arg(wall.map(|wall| wall.to_string()).unwrap_or_default())
        .arg(order.seed.as_str())
        .arg(order.trace.as_deref().unwrap_or_default());
    for argument in wire::arguments(&order.command) {
        command.arg(argument);
    }
    command
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
