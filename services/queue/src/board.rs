//! The live counts of each queue of a tenant, kept from the events and shared by all who watch.

mod keeper;
mod line;
mod tally;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_api::status::STORE_RETRY;
use switchboard_domain::ids::{QueueId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::Stopwatch;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::QueueParts;
use crate::board::keeper::Keeper;
use crate::metrics::Metrics;
use crate::refusal::routing_error;

pub(crate) use line::Line;

/// How long a request waits for the first counts of a tenant.
const FIRST_COUNTS: Duration = Duration::from_secs(2);

/// The counts of every queue of a tenant, at one moment.
#[derive(Debug)]
pub(crate) struct Board {
    /// The queues, by id.
    pub(crate) lines: BTreeMap<QueueId, Line>,
    counted_at: Timestamp,
    since: Stopwatch,
}

impl Board {
    /// Gives the tenant's logical clock as it must be by now.
    pub(crate) fn now(&self) -> Timestamp {
        self.counted_at + self.since.elapsed()
    }
}

/// The newest board of a tenant, and every later one.
pub(crate) type BoardWatch = watch::Receiver<Option<Arc<Board>>>;

/// The boards of all tenants; each is kept from the first time it is asked for.
pub(crate) struct Boards {
    parts: Arc<QueueParts>,
    metrics: Metrics,
    open: Mutex<BTreeMap<TenantId, BoardWatch>>,
}

impl Boards {
    pub(crate) fn new(parts: Arc<QueueParts>) -> Arc<Self> {
        Arc::new(Self { parts, metrics: Metrics::new(), open: Mutex::default() })
    }

    /// Gives the board of a tenant and every later one; none until the first counts.
    pub(crate) fn follow(&self, tenant: &TenantId) -> BoardWatch {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.get(tenant) {
            return known.clone();
        }
        let (sender, receiver) = watch::channel(None);
        open.insert(tenant.clone(), receiver.clone());
        let (parts, metrics) = (Arc::clone(&self.parts), self.metrics.clone());
        let keeper = Keeper::new(parts, tenant.clone(), metrics, sender);
        self.parts.tasks.spawn("queue.board", keeper.run());
        receiver
    }

    /// Gives the board of a tenant as it is, and every later one.
    pub(crate) async fn watch(
        &self,
        tenant: &TenantId,
    ) -> Result<(Arc<Board>, BoardWatch), ApiError> {
        // A tenant without a center never has a board; this says so.
        self.parts.floors.planned(tenant).await.map_err(routing_error)?;
        let mut boards = self.follow(tenant);
        let first = timeout(FIRST_COUNTS, boards.wait_for(Option::is_some)).await;
        let board = first.ok().and_then(Result::ok).and_then(|board| board.clone());
        let board = board.ok_or_else(|| {
            let message = "the queues have not been counted yet";
            ApiError::unavailable("COUNTS_UNAVAILABLE", message, STORE_RETRY)
        })?;
        boards.mark_unchanged();
        Ok((board, boards))
    }
}
