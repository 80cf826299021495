//! What changes in tickets, read once for each tenant however many follow it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_domain::ids::TenantId;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_feed::{ChangedTicket, TicketFeed};
use tokio::sync::broadcast;
use tokio::time::sleep;

/// How many changes a follower may be behind before it is told that it missed some.
const BEHIND: usize = 512;
/// How many changes are read at once.
const BATCH: u32 = 200;
/// How long to wait for a change before looking whether anybody still follows.
const WAIT: Duration = Duration::from_secs(10);
/// How long to leave a store alone that is away.
const AWAY: Duration = Duration::from_secs(1);

/// The changes of a tenant's tickets from now on.
pub(crate) type Changes = broadcast::Receiver<Arc<ChangedTicket>>;

/// The changes of every tenant that somebody follows.
pub(crate) struct Feeds {
    pub(crate) feed: Arc<dyn TicketFeed>,
    tasks: Tasks,
    open: Mutex<HashMap<TenantId, broadcast::Sender<Arc<ChangedTicket>>>>,
}

impl Feeds {
    pub(crate) fn new(feed: Arc<dyn TicketFeed>, tasks: Tasks) -> Arc<Self> {
        Arc::new(Self { feed, tasks, open: Mutex::default() })
    }

    /// Gives the changes of a tenant: at least those that are kept from now on.
    ///
    /// Whoever reads the store afterwards, and skips here what it has seen there, misses nothing.
    pub(crate) fn follow(self: &Arc<Self>, tenant: &TenantId, from: u64) -> Changes {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = open.get(tenant) {
            return sender.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BEHIND);
        open.insert(tenant.clone(), sender.clone());
        let reading = Arc::clone(self).read(tenant.clone(), from, sender);
        self.tasks.spawn("ticket.feed", reading);
        receiver
    }

    /// Reads what changes until nobody follows.
    async fn read(
        self: Arc<Self>,
        tenant: TenantId,
        mut last: u64,
        sender: broadcast::Sender<Arc<ChangedTicket>>,
    ) {
        loop {
            match self.feed.changes_after(&tenant, last, BATCH, WAIT).await {
                Ok(changes) => {
                    last = changes.last().map_or(last, |changed| changed.change);
                    for changed in changes {
                        // Nobody may follow any more.
                        drop(sender.send(Arc::new(changed)));
                    }
                }
                Err(error) => {
                    log(&tenant, &error);
                    sleep(AWAY).await;
                }
            }
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            if sender.receiver_count() == 0 {
                open.remove(&tenant);
                return;
            }
        }
    }
}

fn log(tenant: &TenantId, error: &StoreError) {
    if !error.is_transient() {
        tracing::error!(tenant.id = %tenant, %error, "changes of tickets cannot be read");
    }
}
