//! Keeps the board of one tenant: follows the events, counts what they touched, publishes.

use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::center::Center;
use switchboard_domain::floor::event::EventKind;
use switchboard_domain::ids::TenantId;
use switchboard_routing::RoutingError;
use switchboard_routing::feed::{Listener, News};
use switchboard_runtime::clock::Stopwatch;
use switchboard_store::live_floor::{FloorError, LiveFloor};
use switchboard_store::outbox::OutboxEntry;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tracing::debug;

use crate::QueueParts;
use crate::board::Board;
use crate::board::tally::{Tally, bound};
use crate::metrics::Metrics;

/// How often a board is published at most: changes within this span go together.
const BEAT: Duration = Duration::from_millis(200);
/// How often every line is counted, changed or not: waits grow without an event.
const RECOUNT: Duration = Duration::from_secs(5);
/// When to try again while center or floor are away.
const PAUSE: Duration = Duration::from_secs(1);

/// Keeps the board of one tenant.
pub(super) struct Keeper {
    parts: Arc<QueueParts>,
    tenant: TenantId,
    metrics: Metrics,
    boards: watch::Sender<Option<Arc<Board>>>,
    tally: Tally,
    /// Events may have been missed: everything is read anew.
    stale: bool,
}

impl Keeper {
    pub(super) fn new(
        parts: Arc<QueueParts>,
        tenant: TenantId,
        metrics: Metrics,
        boards: watch::Sender<Option<Arc<Board>>>,
    ) -> Self {
        Self { parts, tenant, metrics, boards, tally: Tally::new(), stale: true }
    }

    /// Keeps the board until the process ends.
    #[expect(clippy::cognitive_complexity, reason = "one arm for each thing it waits for")]
    pub(super) async fn run(mut self) {
        let (mut center, mut listener) = self.begin().await;
        let (mut beat, mut recount) = (interval(BEAT), interval(RECOUNT));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                news = listener.next() => match news {
                    Some(News::Entry(entry)) => self.hear(&entry),
                    Some(News::Gap) => self.stale = true,
                    None => return,
                },
                Ok(()) = center.changed() => self.tally.touch_all(),
                _ = recount.tick() => self.tally.touch_all(),
                _ = beat.tick(), if self.stale || self.tally.is_changed() => {
                    let current = Arc::clone(&center.borrow());
                    if let Err(error) = self.publish(&current).await {
                        debug!(tenant.id = %self.tenant, %error, "cannot count the queues");
                    }
                }
            }
        }
    }

    async fn begin(&self) -> (watch::Receiver<Arc<Center>>, Listener) {
        loop {
            match self.try_begin().await {
                Ok(begun) => return begun,
                Err(error) => {
                    debug!(tenant.id = %self.tenant, %error, "cannot keep the board yet");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    async fn try_begin(&self) -> Result<(watch::Receiver<Arc<Center>>, Listener), RoutingError> {
        let center = self.parts.centers.subscribe(&self.tenant).await?;
        Ok((center, self.parts.feeds.listen(&self.tenant).await?))
    }

    fn hear(&mut self, entry: &OutboxEntry) {
        self.tally.hear(entry);
        if entry.kind == EventKind::EpochOpened.as_str() {
            self.stale = true;
        }
        if entry.kind == EventKind::OfferClosed.as_str() {
            let outcome = entry.field("outcome").unwrap_or_default();
            self.metrics.offer_closed(self.tenant.as_str(), outcome);
        }
    }

    async fn publish(&mut self, center: &Center) -> Result<(), FloorError> {
        if self.stale {
            self.tally = self.read_all().await?;
            self.stale = false;
        }
        let floor = self.floor();
        let now = floor.status(&self.tenant).await?.now;
        let mut counts = Vec::new();
        for queue in self.tally.to_count(center) {
            let status = floor.queue(&self.tenant, &queue).await?;
            counts.push((queue, status));
        }
        self.tally.counted(counts);
        let lines = self.tally.lines(center);
        let board = Arc::new(Board { lines, counted_at: now, since: Stopwatch::start() });
        self.metrics.board(self.tenant.as_str(), &board, self.tally.agents_by_state());
        self.boards.send_replace(Some(board));
        Ok(())
    }

    async fn read_all(&self) -> Result<Tally, FloorError> {
        let mut tally = Tally::new();
        for (id, agent) in self.floor().agents(&self.tenant).await? {
            for contact in bound(&agent) {
                if let Some(found) = self.floor().contact(&self.tenant, &contact).await? {
                    tally.place(contact, &found);
                }
            }
            tally.seat(id, &agent);
        }
        Ok(tally)
    }

    fn floor(&self) -> Arc<dyn LiveFloor> {
        Arc::clone(self.parts.floors.floor())
    }
}
