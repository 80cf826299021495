//! One connection with the run id of the server behind it; made anew when it breaks.
//!
//! The run id goes with every command: a server that was restarted, promoted or swapped has another
//! one, and its scripts refuse until an epoch has been opened for it.

use std::collections::BTreeMap;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, FromRedisValue, IntoConnectionInfo, RedisError};
use thiserror::Error;
use tokio::sync::Mutex;

use crate::scripts::library;

/// Says why no connection could be made.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The address is no Redis URL.
    #[error("the Redis URL is not valid")]
    Address(#[source] RedisError),
    /// The server cannot be reached or refused.
    #[error("Redis is unavailable")]
    Unavailable(#[source] RedisError),
    /// Others are trying to connect, without success so far.
    #[error("Redis is unavailable: others wait for a connection")]
    Busy,
    /// The server did not say which one it is.
    #[error("Redis did not tell its run id")]
    NoRunId,
}

/// A connection, and which server process it leads to.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) connection: MultiplexedConnection,
    /// The run id; empty where no scripts are called.
    pub(crate) run: String,
    number: u64,
}

/// Keeps one shared connection.
pub(crate) struct Connector {
    client: Client,
    timeout: Duration,
    /// Whether commands call scripts, which must be loaded and know the server process.
    calls_scripts: bool,
    current: Mutex<State>,
}

#[derive(Default)]
struct State {
    link: Option<Link>,
    made: u64,
}

impl Connector {
    /// Prepares connections over which scripts are called.
    pub(crate) fn new(url: &str, timeout: Duration) -> Result<Self, ConnectError> {
        let info = url.into_connection_info().map_err(ConnectError::Address)?;
        let tcp = redis::io::tcp::TcpSettings::default().set_nodelay(true);
        let client = Client::open(info.set_tcp_settings(tcp)).map_err(ConnectError::Address)?;
        Ok(Self { client, timeout, calls_scripts: true, current: Mutex::new(State::default()) })
    }

    /// Prepares connections for plain commands only: these must not make a busy server load scripts.
    pub(crate) fn without_scripts(url: &str, timeout: Duration) -> Result<Self, ConnectError> {
        Ok(Self { calls_scripts: false, ..Self::new(url, timeout)? })
    }

    /// Gives the shared connection, made now if there is none.
    pub(crate) async fn link(&self) -> Result<Link, ConnectError> {
        // Whoever waits behind others that cannot connect must not wait for each of them in turn.
        let turn = tokio::time::timeout(self.timeout * 2, self.current.lock());
        let mut state = turn.await.map_err(|_| ConnectError::Busy)?;
        if let Some(link) = &state.link {
            return Ok(link.clone());
        }
        let mut connection = self.open(Some(self.timeout)).await?;
        let mut run = String::new();
        if self.calls_scripts {
            run = run_id(&mut connection).await?;
            load_library(&mut connection).await.map_err(ConnectError::Unavailable)?;
        }
        state.made += 1;
        let link = Link { connection, run, number: state.made };
        state.link = Some(link.clone());
        Ok(link)
    }

    /// Drops a connection that broke, unless a newer one has taken its place.
    pub(crate) async fn discard(&self, broken: &Link) {
        let mut state = self.current.lock().await;
        if state.link.as_ref().is_some_and(|link| link.number == broken.number) {
            state.link = None;
        }
    }

    /// Makes a connection of its own, for reads that block.
    pub(crate) async fn open(
        &self,
        response_timeout: Option<Duration>,
    ) -> Result<MultiplexedConnection, ConnectError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.timeout))
            .set_response_timeout(response_timeout);
        let opening = self.client.get_multiplexed_async_connection_with_config(&config);
        opening.await.map_err(ConnectError::Unavailable)
    }
}

async fn run_id(connection: &mut MultiplexedConnection) -> Result<String, ConnectError> {
    let mut command = redis::cmd("INFO");
    command.arg("server");
    let answer: String = query(connection, &command).await.map_err(ConnectError::Unavailable)?;
    let line = answer.lines().find_map(|line| line.strip_prefix("run_id:"));
    line.map(|run| run.trim().to_owned()).ok_or(ConnectError::NoRunId)
}

/// Asks the server about itself: the fields of its `INFO`.
pub(crate) async fn facts(
    connection: &mut MultiplexedConnection,
) -> Result<BTreeMap<String, String>, ConnectError> {
    let answer = query(connection, &redis::cmd("INFO")).await;
    let answer: String = answer.map_err(ConnectError::Unavailable)?;
    let pairs = answer.lines().filter_map(|line| line.split_once(':'));
    Ok(pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect())
}

/// Loads the script library; harmless when it is loaded already.
pub(crate) async fn load_library(connection: &mut MultiplexedConnection) -> Result<(), RedisError> {
    let mut command = redis::cmd("FUNCTION");
    command.arg("LOAD").arg("REPLACE").arg(&library().text);
    query::<String>(connection, &command).await.map(|_| ())
}

async fn query<T: FromRedisValue>(
    connection: &mut MultiplexedConnection,
    command: &redis::Cmd,
) -> Result<T, RedisError> {
    command.query_async(connection).await
}
