//! The library on trial: any text of it, loaded beside others, with what each step read and wrote.
//!
//! For proofs and tests. [`Trial`] sends commands; [`Mirror`](crate::snapshot::Mirror) puts what
//! they wrote together to a floor.

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError, Value};

use switchboard_domain::floor::event::Event;
use switchboard_domain::ids::TenantId;
use switchboard_store::live_floor::{Applied, FloorError, Order};

use crate::entries::Told;
use crate::floor::function_call;
use crate::keys;
use crate::replies::{self, corrupt, list, text};
use crate::scripts;
pub use crate::scripts::{Library, Source, sources};
use crate::snapshot::Content;

/// How long an answer may take on a machine that is busy with something else.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);

/// Puts files together to a library that can be watched.
pub fn watched(sources: &[Source]) -> Library {
    scripts::assemble(include_str!("trial/watch.lua"), sources)
}

/// Gives the library as it runs in production.
pub fn plain() -> Library {
    scripts::assemble("", &sources())
}

/// Names the call by which a file counts a branch, given its number from 1.
pub fn branch_call(number: usize) -> String {
    format!("redis.take({number})")
}

/// A library loaded on a server.
#[derive(Clone)]
pub struct Trial {
    connection: MultiplexedConnection,
    library: std::sync::Arc<Library>,
}

/// What one step did.
#[derive(Debug)]
pub struct Observed {
    /// What the port would have given.
    pub outcome: Result<Applied, FloorError>,
    /// The names of all keys it touched.
    pub touched: Vec<String>,
    /// The keys it wrote, with what they hold now.
    pub written: Vec<Written>,
    /// The events it appended to the outbox, in order.
    pub outbox: Vec<Event>,
}

/// A key that a step wrote.
#[derive(Debug)]
pub struct Written {
    /// Its name.
    pub key: String,
    /// What kind of value it holds, as the server names it.
    pub kind: String,
    /// Whether it will be forgotten after a while.
    pub expires: bool,
    /// What it holds.
    pub content: Content,
}

impl Trial {
    /// Connects and loads a library.
    pub async fn load(url: &str, library: Library) -> Result<Self, FloorError> {
        let client = Client::open(url).map_err(unavailable)?;
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(PATIENCE));
        let opening = client.get_multiplexed_async_connection_with_config(&config);
        let connection = opening.await.map_err(unavailable)?;
        let trial = Self { connection, library: std::sync::Arc::new(library) };
        let mut load = redis::cmd("FUNCTION");
        load.arg("LOAD").arg("REPLACE").arg(&trial.library.text);
        trial.ask::<String>(&load).await?;
        Ok(trial)
    }

    /// Takes the library from the server again.
    pub async fn unload(self) -> Result<(), FloorError> {
        let mut delete = redis::cmd("FUNCTION");
        delete.arg("DELETE").arg(self.library.name());
        self.ask::<String>(&delete).await.map(|_| ())
    }

    /// Applies a command for a server process with this run id, at a wall time or at the server's.
    ///
    /// Fails only if the server does; what a script answers, rightly or not, is in the outcome.
    pub async fn apply(
        &self,
        tenant: &TenantId,
        order: &Order,
        (run, wall): (&str, Option<i64>),
    ) -> Result<Observed, FloorError> {
        let call = function_call(&self.library, tenant, order, (run, wall));
        observed(&self.ask::<Value>(&call).await?)
    }

    /// Applies a command whatever comes of it.
    pub async fn send(
        &self,
        tenant: &TenantId,
        order: &Order,
        (run, wall): (&str, Option<i64>),
    ) -> Result<(), FloorError> {
        let call = function_call(&self.library, tenant, order, (run, wall));
        self.ask::<Value>(&call).await.map(|_| ())
    }

    /// Calls a function of the library with arguments that no command has.
    pub async fn call(
        &self,
        function: &str,
        tenant: &TenantId,
        arguments: &[&str],
    ) -> Result<Observed, FloorError> {
        let mut call = redis::cmd("FCALL");
        call.arg(self.library.function(function)).arg(1).arg(keys::floor(tenant)).arg(arguments);
        observed(&self.ask::<Value>(&call).await?)
    }

    /// Says how often each of the first branches was taken since the library was loaded.
    pub async fn taken(&self, branches: usize) -> Result<Vec<u64>, FloorError> {
        let mut call = redis::cmd("FCALL");
        call.arg(self.library.function("taken")).arg(0).arg(branches);
        self.ask(&call).await
    }

    /// Makes a key hold a text, whatever it is for.
    pub async fn spoil(&self, key: &str) -> Result<(), FloorError> {
        self.ask::<String>(redis::cmd("SET").arg(key).arg("spoilt")).await.map(|_| ())
    }

    /// Gives how long a command keeps the server from everybody else, in microseconds of its
    /// processor: what else runs on the machine does not count.
    pub async fn time(
        &self,
        tenant: &TenantId,
        order: &Order,
        at: (&str, Option<i64>),
    ) -> Result<u64, FloorError> {
        let before = self.spent().await?;
        self.send(tenant, order, at).await?;
        Ok(self.spent().await?.saturating_sub(before))
    }

    /// Gives how long the server's main thread has run, in microseconds.
    async fn spent(&self) -> Result<u64, FloorError> {
        let facts: String = self.ask(redis::cmd("INFO").arg("cpu")).await?;
        let read = |name: &str| {
            let line = facts.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            let (seconds, micros) = line?.split_once('.')?;
            let (seconds, micros): (u64, u64) = (seconds.parse().ok()?, micros.parse().ok()?);
            Some(seconds * 1_000_000 + micros)
        };
        let both = read("used_cpu_user_main_thread").zip(read("used_cpu_sys_main_thread"));
        both.map(|(user, system)| user + system).ok_or_else(|| corrupt("processor time"))
    }

    /// Forgets everything that is known of any tenant.
    pub async fn clear(&self) -> Result<(), FloorError> {
        self.ask::<String>(redis::cmd("FLUSHALL").arg("SYNC")).await.map(|_| ())
    }

    /// Forgets some keys of a tenant, and all its events.
    pub async fn forget(
        &self,
        tenant: &TenantId,
        keys: impl Iterator<Item = &String>,
    ) -> Result<(), FloorError> {
        let mut unlink = redis::cmd("UNLINK");
        unlink.arg(keys::outbox(tenant));
        for key in keys {
            unlink.arg(key);
        }
        self.ask::<u64>(&unlink).await.map(|_| ())
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, FloorError> {
        let mut connection = self.connection.clone();
        command.query_async(&mut connection).await.map_err(unavailable)
    }
}

/// Says whether a key is one that `keys` declares for this tenant; with a kind, of that kind.
pub fn is_declared(tenant: &TenantId, key: &str, kind: Option<&str>) -> bool {
    let declared = keys::declared(tenant, key);
    declared.is_some_and(|declared| kind.is_none_or(|kind| kind == declared || kind == "none"))
}

fn unavailable(error: RedisError) -> FloorError {
    FloorError::Unavailable(Box::new(error))
}

fn observed(answer: &Value) -> Result<Observed, FloorError> {
    let [reply, read, written] = list(answer)? else { return Err(corrupt("no report")) };
    let written = list(written)?;
    let mut seen = Observed {
        outcome: replies::decode(reply),
        touched: list(read)?.iter().map(|key| text(Some(key))).collect::<Result<_, _>>()?,
        written: Vec::with_capacity(written.len()),
        outbox: Vec::new(),
    };
    for one in written {
        let [key, kind, ttl, held] = list(one)? else { return Err(corrupt("what was written")) };
        let (key, kind) = (text(Some(key))?, text(Some(kind))?);
        seen.touched.push(key.clone());
        if kind == "stream" {
            seen.outbox = appended(held)?;
            continue;
        }
        let expires = matches!(ttl, Value::Int(seconds) if *seconds > 0);
        let content = Content::read(&kind, held)?;
        seen.written.push(Written { key, kind, expires, content });
    }
    Ok(seen)
}

/// Reads entries of the outbox, the newest first, as events in order.
fn appended(entries: &Value) -> Result<Vec<Event>, FloorError> {
    let events = |entry: &Value| {
        let [_, fields] = list(entry)? else { return Err(corrupt("an entry")) };
        let [_, Value::BulkString(packed)] = list(fields)? else { return Err(corrupt("fields")) };
        Told::read(packed).map(|told| told.events).ok_or_else(|| corrupt("events"))
    };
    let steps: Result<Vec<_>, _> = list(entries)?.iter().rev().map(events).collect();
    Ok(steps?.concat())
}
