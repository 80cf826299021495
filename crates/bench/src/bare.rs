//! The limit: the least Redis must do for an assignment, as three small scripts.
//!
//! The scripts look at the heads of the eligible sets, keep an offer and its deadline, and tell what
//! happened. They know no epoch, session, version, wrap-up, plan or repeated report.

use std::time::Duration;

use anyhow::Context as _;
use redis::aio::MultiplexedConnection;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::fixture::Size;

const ARRIVE: &str = include_str!("bare/arrive.lua");
const ACCEPT: &str = include_str!("bare/accept.lua");
const FINISH: &str = include_str!("bare/finish.lua");

/// How many members one command of the preparation adds.
const CHUNK: u32 = 1_000;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The bare scripts on one server.
pub struct Bare {
    client: redis::Client,
    prefix: String,
    size: Size,
}

impl Bare {
    /// Fills a floor of its own with waiting contacts and idle agents.
    pub async fn fill(url: &str, name: &str, size: Size) -> anyhow::Result<Self> {
        let client = redis::Client::open(url)?;
        let bare = Self { client, prefix: format!("{{{name}}}:"), size };
        let mut connection = open(&bare.client).await?;
        for (list, count) in bare.lists() {
            for first in (0..count).step_by(CHUNK as usize) {
                let mut add = redis::cmd("ZADD");
                add.arg(format!("{}{list}", bare.prefix));
                for number in first..count.min(first + CHUNK) {
                    add.arg(number).arg(format!("{}.{number}", list.replace(':', ".")));
                }
                add.query_async::<u64>(&mut connection).await?;
            }
        }
        Ok(bare)
    }

    /// Gives how many members each list begins with.
    fn lists(&self) -> Vec<(String, u32)> {
        let (k, agents) = (self.size.eligible, self.size.idle);
        let share = |list: u32, all: u32| all / k + u32::from(list < all % k);
        let mut lists = Vec::new();
        if self.size.is_backlog {
            lists.extend(
                (0..k).map(|line| (format!("waiting:{line}"), share(line, self.size.waiting))),
            );
        } else {
            lists.push(("waiting:nobody".to_owned(), self.size.waiting));
            lists.extend((0..k).map(|list| (format!("ready:{list}"), share(list, agents))));
        }
        lists
    }

    /// Makes assignments with some clients, each on a connection of its own; gives the time it took.
    pub async fn assign(&self, count: u32, clients: u32) -> anyhow::Result<Duration> {
        let mut workers = Vec::new();
        for client in 0..clients {
            workers.push(Worker::new(self, client).await?);
        }
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for worker in workers {
            tasks.spawn(worker.run(count / clients));
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(started.elapsed())
    }
}

/// Connects with more patience than a service has: the machine may be busy with something else.
async fn open(client: &redis::Client) -> redis::RedisResult<MultiplexedConnection> {
    let config = redis::AsyncConnectionConfig::new().set_response_timeout(Some(PATIENCE));
    client.get_multiplexed_async_connection_with_config(&config).await
}

/// One client.
struct Worker {
    connection: MultiplexedConnection,
    prefix: String,
    size: Size,
    number: u32,
    scripts: [String; 3],
}

impl Worker {
    async fn new(bare: &Bare, number: u32) -> anyhow::Result<Self> {
        let mut connection = open(&bare.client).await?;
        let mut scripts = [const { String::new() }; 3];
        for (script, sha) in [ARRIVE, ACCEPT, FINISH].into_iter().zip(&mut scripts) {
            let mut load = redis::cmd("SCRIPT");
            *sha = load.arg("LOAD").arg(script).query_async(&mut connection).await?;
        }
        Ok(Self { connection, prefix: bare.prefix.clone(), size: bare.size, number, scripts })
    }

    async fn run(mut self, count: u32) -> anyhow::Result<()> {
        let own =
            (format!("agent-{}", self.number), (self.number % self.size.eligible).to_string());
        for round in 0..count {
            let contact = format!("contact-{}-{round}", self.number);
            let line = round % self.size.eligible;
            let arrived = self.arrive(&contact, line).await?;
            // With a backlog the contact waits, and the agent who has become free takes another.
            let (agent, list) = match <[String; 2]>::try_from(arrived) {
                Ok([agent, list]) => (agent, list),
                Err(_) => own.clone(),
            };
            if self.size.is_backlog {
                self.finish(&contact, &agent, &list).await?;
            }
            self.accept(&contact, &agent).await?;
            if !self.size.is_backlog {
                self.finish(&contact, &agent, &list).await?;
            }
        }
        Ok(())
    }

    async fn arrive(&mut self, contact: &str, line: u32) -> anyhow::Result<Vec<String>> {
        let mut call = self.call(0);
        call.arg(contact).arg(line).arg(self.size.eligible).arg(now()).arg(offer_of(contact));
        call.query_async(&mut self.connection).await.context("arrive")
    }

    async fn accept(&mut self, contact: &str, agent: &str) -> anyhow::Result<u32> {
        let mut call = self.call(1);
        call.arg(offer_of(contact)).arg(agent);
        call.query_async(&mut self.connection).await.context("accept")
    }

    async fn finish(
        &mut self,
        contact: &str,
        agent: &str,
        list: &str,
    ) -> anyhow::Result<Vec<String>> {
        let mut call = self.call(2);
        call.arg(agent).arg(list).arg(self.size.eligible).arg(now()).arg(offer_of(contact));
        call.query_async(&mut self.connection).await.context("finish")
    }

    fn call(&self, script: usize) -> redis::Cmd {
        let mut call = redis::cmd("EVALSHA");
        call.arg(&self.scripts[script]).arg(1).arg(&self.prefix);
        call
    }
}

fn offer_of(contact: &str) -> String {
    format!("0123456789abcdef0123456789abcdef.{contact}")
}

/// A time such as the floor's, later than every time the lists were filled with.
fn now() -> u64 {
    1_795_262_400_000
}

/// Gives the version of a server and how it keeps its data.
pub async fn server_version(url: &str) -> anyhow::Result<String> {
    let mut connection = connect(url).await?;
    let info: String = redis::cmd("INFO").arg("server").query_async(&mut connection).await?;
    let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
    Ok(format!("{}, unix socket, appendonly everysec", version.unwrap_or("unknown").trim()))
}

/// Removes everything, so that the next floor starts on an empty server.
pub async fn clear(url: &str) -> anyhow::Result<()> {
    let mut connection = connect(url).await?;
    redis::cmd("FLUSHALL").arg("SYNC").query_async::<()>(&mut connection).await?;
    Ok(())
}

/// Connects for a question about the server itself.
pub async fn connect(url: &str) -> anyhow::Result<MultiplexedConnection> {
    Ok(open(&redis::Client::open(url)?).await?)
}
