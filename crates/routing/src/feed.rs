//! One reader of a tenant's outbox for many listeners: agents' desks, gateways, wallboards.
//!
//! A listener gets every entry from the moment it joined, in order, or is told that it fell behind
//! and must take a snapshot. The reader stops when its last listener has left.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_domain::ids::TenantId;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::live_floor::{FloorError, LiveFloor};
use switchboard_store::outbox::{OutboxEntry, OutboxId};
use tokio::sync::broadcast;
use tracing::warn;

/// How many entries a listener may fall behind before it must take a snapshot.
const BACKLOG: usize = 4096;
const BATCH: u32 = 512;
const WAIT: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(250);

/// What a listener hears.
#[derive(Clone, Debug)]
pub enum News {
    /// Something changed.
    Entry(Arc<OutboxEntry>),
    /// Entries may be missing: take a snapshot.
    Gap,
}

/// The readers of all tenants of a process.
pub struct Feeds {
    floor: Arc<dyn LiveFloor>,
    tasks: Tasks,
    open: Mutex<BTreeMap<TenantId, broadcast::Sender<News>>>,
}

/// One listener.
pub struct Listener {
    receiver: broadcast::Receiver<News>,
}

impl Listener {
    /// Waits for the next news; nothing once the process stops.
    pub async fn next(&mut self) -> Option<News> {
        match self.receiver.recv().await {
            Ok(news) => Some(news),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(News::Gap),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Feeds {
    /// Reads nothing until someone listens.
    pub fn new(floor: Arc<dyn LiveFloor>, tasks: Tasks) -> Arc<Self> {
        Arc::new(Self { floor, tasks, open: Mutex::default() })
    }

    /// Joins the listeners of a tenant; what changes after this returns will be heard.
    pub async fn listen(self: &Arc<Self>, tenant: &TenantId) -> Result<Listener, FloorError> {
        if let Some(receiver) = self.join(tenant) {
            return Ok(Listener { receiver });
        }
        let end = self.floor.outbox_end(tenant).await?.id;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = open.get(tenant) {
            return Ok(Listener { receiver: sender.subscribe() });
        }
        let (sender, receiver) = broadcast::channel(BACKLOG);
        open.insert(tenant.clone(), sender.clone());
        drop(open);
        let (feeds, tenant) = (Arc::clone(self), tenant.clone());
        self.tasks.spawn("outbox_feed", async move { feeds.read(&tenant, end, &sender).await });
        Ok(Listener { receiver })
    }

    fn join(&self, tenant: &TenantId) -> Option<broadcast::Receiver<News>> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(tenant).map(broadcast::Sender::subscribe)
    }

    #[expect(clippy::cognitive_complexity, reason = "one loop with the two ends of a read")]
    async fn read(&self, tenant: &TenantId, end: OutboxId, sender: &broadcast::Sender<News>) {
        let mut after = end;
        while self.is_wanted(tenant, sender) {
            match self.floor.tail(tenant, after, BATCH, WAIT).await {
                Ok(entries) => {
                    for entry in entries {
                        after = entry.id;
                        // Nobody may be listening any more; the next round finds out.
                        let _ = sender.send(News::Entry(Arc::new(entry)));
                    }
                }
                Err(error) => {
                    warn!(tenant.id = %tenant, %error, "cannot read the outbox");
                    tokio::time::sleep(PAUSE).await;
                    let newest = self.resume(tenant, after, sender).await;
                    // An entry that cannot be read is left to the snapshot, or it would be met again.
                    let unreadable = matches!(error, FloorError::Corrupt { .. });
                    after = if unreadable { newest } else { newest.min(after) };
                }
            }
        }
    }

    /// Waits for the end of an outage. The stream may have been cut short: everyone takes a snapshot.
    async fn resume(
        &self,
        tenant: &TenantId,
        after: OutboxId,
        sender: &broadcast::Sender<News>,
    ) -> OutboxId {
        while sender.receiver_count() > 0 {
            if let Ok(end) = self.floor.outbox_end(tenant).await {
                let _ = sender.send(News::Gap);
                return end.id;
            }
            tokio::time::sleep(PAUSE).await;
        }
        after
    }

    fn is_wanted(&self, tenant: &TenantId, sender: &broadcast::Sender<News>) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if sender.receiver_count() > 0 {
            return true;
        }
        open.remove(tenant);
        false
    }
}
