//! One tenant's recording: does what the course of the recorder says, and tells it what came of it.

mod keep;
mod pause;
mod trim;

use thiserror::Error;
use tokio::time::{Instant, sleep_until};

use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_store::course::{Course, Step};
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;
use switchboard_store::outbox::{OutboxEntry, OutboxId};

use crate::Recorder;
use crate::metrics::Metrics;
use pause::Pause;

/// Follows one tenant's stream.
pub(crate) struct Worker {
    recorder: Recorder,
    tenant: TenantId,
    metrics: Metrics,
    course: Course,
    /// What was read last, to which the steps of the course refer.
    entries: Vec<OutboxEntry>,
    /// Why an entry could not be kept, the last time.
    cause: String,
    trimmed_at: Timestamp,
}

/// Why a step could not be finished; the course says how to go on.
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
            course: Course::default(),
            entries: Vec::new(),
            cause: String::new(),
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
                Ok(entries) => self.take(entries).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(taken) => {
                    pause.over();
                    self.gather(taken, begun, &shutdown).await;
                }
                Err(interruption) => {
                    self.course.interrupted();
                    pause.wait(&interruption, &shutdown).await;
                }
            }
        }
    }

    /// Reads on where the course stands; between two readings it always asks for the next.
    async fn read(&self) -> Result<Vec<OutboxEntry>, Interruption> {
        let Recorder { floor, settings, .. } = &self.recorder;
        let after = match self.course.next() {
            Step::Read { after } => after,
            Step::FindEnd | Step::FindOffset { .. } | Step::Keep { .. } | Step::Bury { .. } => {
                OutboxId::START
            }
        };
        Ok(floor.tail(&self.tenant, after, settings.batch, settings.wait).await?)
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

    /// Takes what was read, step by step until the next reading, and says how much it was.
    async fn take(&mut self, read: Vec<OutboxEntry>) -> Result<usize, Interruption> {
        self.course.read(read.iter().map(OutboxEntry::position).collect());
        self.entries = read;
        loop {
            match self.course.next() {
                Step::Read { .. } => break,
                Step::FindEnd => {
                    let end = self.recorder.floor.outbox_end(&self.tenant).await?;
                    self.course.ends(end);
                }
                Step::FindOffset { epoch } => {
                    let offset = self.recorder.projection.offset(&self.tenant, epoch).await?;
                    self.course.stands(epoch, offset);
                }
                Step::Keep { entries, expected } => self.keep(entries, expected).await?,
                Step::Bury { entry, expected, attempts } => {
                    self.bury(entry, expected, attempts).await?;
                }
            }
        }
        self.trim_sometimes().await?;
        Ok(self.entries.len())
    }
}
