//! A backlog: written beside the outbox, put in its place at once, and waited for.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use redis::aio::MultiplexedConnection;
use switchboard_api::agent::v1::{Presence, PresenceKind, SignInRequest};
use switchboard_domain::ids::TenantId;
use switchboard_runtime::config::Config;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::DurableStores;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::outbox::OutboxId;
use tokio::time::Instant;

use crate::center::TENANT;
use crate::replica::Replica;

/// How many events the script tells of a call.
pub(super) const EVENTS_OF_CALL: u64 = 13;
/// How many calls one script writes: longer ones would keep Redis from the program.
const CALLS_AT_ONCE: u64 = 500;
/// How long no progress may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The outbox of a running center, and its history.
pub(super) struct Backlog {
    redis: MultiplexedConnection,
    stores: DurableStores,
    tasks: Tasks,
    tenant: TenantId,
    next_call: u64,
    millis: u64,
    last: u64,
    epoch: u64,
}

impl Backlog {
    /// Connects to both.
    pub(super) async fn connect(replica: &Replica) -> anyhow::Result<Self> {
        let client = redis::Client::open(replica.redis_url()?)?;
        let config = Config::load(Some(&replica.settings()))?;
        let tasks = Tasks::new(Shutdown::new());
        // The floor opens with the first thing that anybody does.
        let agent = replica.connect("agent-o0")?;
        let ready = Presence { kind: PresenceKind::Ready.into(), ..Presence::default() };
        let request = SignInRequest { wanted: Some(ready), ..SignInRequest::default() };
        agent.agents().sign_in(request).await?;
        Ok(Self {
            redis: client.get_multiplexed_async_connection().await?,
            stores: DurableStores::connect(&config, &tasks)?,
            tasks,
            tenant: TenantId::parse(TENANT)?,
            next_call: 1,
            millis: 0,
            last: 0,
            epoch: 0,
        })
    }

    /// Gives the millisecond of all places of the last backlog.
    pub(super) const fn millis(&self) -> u64 {
        self.millis
    }

    /// Writes the events of calls beside the outbox.
    pub(super) async fn prepare(&mut self, calls: u64) -> anyhow::Result<()> {
        let (seconds, micros): (u64, u64) = redis::cmd("TIME").query_async(&mut self.redis).await?;
        (self.millis, self.last) = (seconds * 1_000 + micros / 1_000, 0);
        let end = self.next_call + calls;
        while self.next_call < end {
            let count = CALLS_AT_ONCE.min(end - self.next_call);
            let (last, epoch): (String, u64) = redis::cmd("EVAL")
                .arg(include_str!("backlog.lua"))
                .arg(2)
                .arg(key("floor"))
                .arg(key("backlog"))
                .arg(self.next_call)
                .arg(count)
                .arg(self.millis)
                .arg(self.last)
                .query_async(&mut self.redis)
                .await?;
            (self.last, self.epoch) = (last.parse()?, epoch);
            self.next_call += count;
        }
        ensure!(self.last == calls * EVENTS_OF_CALL, "the script told {} events", self.last);
        Ok(())
    }

    /// Puts the backlog in the place of the outbox, and gives how long it takes until all of it is
    /// recorded.
    pub(super) async fn drain(&mut self) -> anyhow::Result<Duration> {
        let goal = OutboxId::new(self.millis, self.last);
        let started = Instant::now();
        let (from, to) = (key("backlog"), key("outbox"));
        redis::cmd("RENAME").arg(from).arg(to).query_async::<()>(&mut self.redis).await?;
        let (projection, mut known) = (&self.stores.projection, None);
        while known < Some(goal) {
            let told = projection.recorded(&self.tenant, self.epoch, known, PATIENCE).await?;
            ensure!(told > known, "nothing was recorded for {PATIENCE:?}");
            known = Some(told.context("an offset never goes away")?);
        }
        Ok(started.elapsed())
    }

    /// Lets both go.
    pub(super) async fn close(self) {
        self.tasks.shutdown().trigger();
        self.stores.close().await;
    }
}

fn key(name: &str) -> String {
    format!("{{{TENANT}}}:{name}")
}
