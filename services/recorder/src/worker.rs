//! One tenant's recording: follow the stream, keep what is new, trim what is kept.

mod keep;
mod trim;

use std::collections::BTreeMap;
use std::time::Duration;

use thiserror::Error;
use tokio::time::{Instant, sleep_until};
use tracing::{info, warn};

use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;
use switchboard_store::outbox::{OutboxEntry, OutboxId};

use crate::Recorder;
use crate::metrics::Metrics;

/// Follows one tenant's stream.
pub(crate) struct Worker {
    recorder: Recorder,
    tenant: TenantId,
    metrics: Metrics,
    /// The last entry seen in the stream; everything up to it is kept.
    cursor: OutboxId,
    /// The highest epoch met.
    epoch: u64,
    /// Up to where each epoch is kept, as last heard from the projection.
    offsets: BTreeMap<u64, Option<OutboxId>>,
    trimmed_at: Timestamp,
}

/// Why a step could not be finished; the next one starts where this one did.
#[derive(Debug, Error)]
enum Interruption {
    #[error("the live store failed")]
    Floor(#[from] FloorError),
    #[error("the history failed")]
    Store(#[from] StoreError),
    #[error("another recorder was faster")]
    Overtaken,
}

impl Worker {
    pub(crate) fn new(recorder: Recorder, tenant: TenantId, metrics: Metrics) -> Self {
        Self {
            recorder,
            tenant,
            metrics,
            // The stream begins where trimming left it, and what is kept is skipped: so the
            // beginning is the right place after any restart of anything.
            cursor: OutboxId::START,
            epoch: 0,
            offsets: BTreeMap::new(),
            trimmed_at: Timestamp::ZERO,
        }
    }

    /// Records until the shutdown; what is away is waited for.
    pub(crate) async fn run(mut self, shutdown: Shutdown) {
        let mut pause = Pause::new(&self.recorder);
        while !shutdown.is_triggered() {
            let read = tokio::select! {
                read = self.read() => read,
                // Reading changes nothing, so it can be left at any point; keeping is not.
                () = shutdown.triggered() => return,
            };
            let begun = Instant::now();
            let outcome = match read {
                Ok(entries) => self.take(&entries).await.map(|()| entries.len()),
                Err(error) => Err(error),
            };
            match outcome {
                Ok(taken) => {
                    pause.over();
                    self.gather(taken, begun, &shutdown).await;
                }
                Err(interruption) => {
                    // Whatever happened, the truth about the offsets is in the projection.
                    self.offsets.clear();
                    pause.wait(&interruption, &shutdown).await;
                }
            }
        }
    }

    async fn read(&self) -> Result<Vec<OutboxEntry>, Interruption> {
        let Recorder { floor, settings, .. } = &self.recorder;
        Ok(floor.tail(&self.tenant, self.cursor, settings.batch, settings.wait).await?)
    }

    /// Lets events gather while they are few. The first after a rest is kept at once, and there is
    /// no waiting where more is there already.
    async fn gather(&self, taken: usize, since: Instant, shutdown: &Shutdown) {
        let settings = &self.recorder.settings;
        if taken == 0 || taken >= settings.batch as usize {
            return;
        }
        tokio::select! {
            () = sleep_until(since + settings.gather) => {}
            () = shutdown.triggered() => {}
        }
    }

    /// Keeps entries that follow each other in the stream.
    async fn take(&mut self, entries: &[OutboxEntry]) -> Result<(), Interruption> {
        let Some(last) = entries.last() else { return self.look_back().await };
        if self.is_rewound(entries) {
            self.cursor = OutboxId::START;
            return Ok(());
        }
        for run in entries.chunk_by(|left, right| left.epoch == right.epoch) {
            self.keep_run(run).await?;
        }
        self.cursor = last.id;
        self.trim_sometimes().await
    }

    /// Notices a new epoch. A stream that lost its end may have grown again behind the cursor, so
    /// it is read anew from its beginning.
    fn is_rewound(&mut self, entries: &[OutboxEntry]) -> bool {
        let newest = entries.iter().map(|entry| entry.epoch).max().unwrap_or_default();
        let is_new = newest > self.epoch;
        self.epoch = self.epoch.max(newest);
        is_new && self.cursor != OutboxId::START
    }

    /// Notices, while nothing comes, that the stream ends before the cursor.
    async fn look_back(&mut self) -> Result<(), Interruption> {
        if self.recorder.floor.outbox_end(&self.tenant).await? < self.cursor {
            self.cursor = OutboxId::START;
        }
        self.trim_sometimes().await
    }
}

/// Waits longer after each failure, and tells of an outage once.
struct Pause {
    shortest: Duration,
    longest: Duration,
    next: Duration,
    failures: u32,
}

impl Pause {
    fn new(recorder: &Recorder) -> Self {
        let (shortest, longest) = (recorder.settings.pause, recorder.settings.longest_pause);
        Self { shortest, longest, next: shortest, failures: 0 }
    }

    fn over(&mut self) {
        if self.failures > 1 {
            info!(failures = self.failures, "recording goes on");
        }
        (self.next, self.failures) = (self.shortest, 0);
    }

    async fn wait(&mut self, interruption: &Interruption, shutdown: &Shutdown) {
        self.failures = self.failures.saturating_add(1);
        match interruption {
            Interruption::Floor(_) | Interruption::Store(_) if self.failures == 1 => {
                warn!(error = interruption as &dyn std::error::Error, "recording is interrupted");
            }
            Interruption::Floor(_) | Interruption::Store(_) | Interruption::Overtaken => {}
        }
        tokio::select! {
            () = tokio::time::sleep(self.next) => {}
            () = shutdown.triggered() => {}
        }
        self.next = (self.next * 2).min(self.longest);
    }
}
