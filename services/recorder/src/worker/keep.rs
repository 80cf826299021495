//! Keeping entries of one epoch, and putting aside those that can never be kept.

use std::error::Error;
use std::ops::Range;

use tracing::{Span, error, info_span};

use switchboard_runtime::telemetry::set_parent;
use switchboard_store::error::StoreError;
use switchboard_store::outbox::{OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, DeadEntry, ProjectionError};

use super::{Interruption, Worker};

impl Worker {
    /// Keeps entries; where one of them can never be kept, the course says how to go on.
    pub(super) async fn keep(
        &mut self,
        range: Range<usize>,
        expected: Option<OutboxId>,
    ) -> Result<(), Interruption> {
        let rules = self.recorder.rules.rules(&self.tenant).await?;
        let entries = self.entries.get(range).unwrap_or_default();
        let Some(last) = entries.last() else { return Ok(()) };
        // Each span is a child of the command that caused the entry, and lasts until it is kept.
        let spans: Vec<Span> = entries.iter().filter_map(span_of).collect();
        let now = self.recorder.clock.now();
        let batch = Batch { epoch: last.epoch, expected, entries: entries.to_vec(), rules, now };
        let kept = self.recorder.projection.commit(&self.tenant, &batch).await;
        drop(spans);
        match kept {
            Ok(()) => {
                self.metrics.kept(self.tenant.as_str(), entries.len(), now.since(last.wall));
                self.course.kept();
                Ok(())
            }
            Err(ProjectionError::Poison(cause)) => {
                self.cause = describe(cause.as_ref());
                self.course.poisoned(self.recorder.settings.attempts);
                self.rest().await;
                Ok(())
            }
            Err(error) => Err(interruption(error)),
        }
    }

    /// Gives an entry that is tried by itself a little time.
    async fn rest(&self) {
        if self.course.is_trying_again() {
            tokio::time::sleep(self.recorder.settings.pause).await;
        }
    }

    /// Puts an entry aside.
    pub(super) async fn bury(
        &mut self,
        entry: usize,
        expected: Option<OutboxId>,
        attempts: u32,
    ) -> Result<(), Interruption> {
        let Some(entry) = self.entries.get(entry) else { return Ok(()) };
        error!(
            entry = %entry.position(),
            kind = entry.kind,
            reason = self.cause,
            "an event cannot be kept and is put aside"
        );
        let dead = DeadEntry {
            expected,
            entry: entry.clone(),
            reason: self.cause.clone(),
            attempts,
            at: self.recorder.clock.now(),
        };
        self.recorder.projection.bury(&self.tenant, &dead).await.map_err(interruption)?;
        self.metrics.buried(self.tenant.as_str());
        self.course.kept();
        Ok(())
    }
}

fn span_of(entry: &OutboxEntry) -> Option<Span> {
    let trace = entry.trace.as_deref()?;
    let span = info_span!("recorder.record_event", kind = entry.kind, entity = %entry.entity);
    set_parent(&span, trace);
    Some(span)
}

fn interruption(error: ProjectionError) -> Interruption {
    match error {
        ProjectionError::OffsetMoved => Interruption::Overtaken,
        ProjectionError::Store(error) => Interruption::Store(error),
        ProjectionError::Poison(cause) => {
            Interruption::Store(StoreError::corrupt("an entry of the outbox", cause))
        }
    }
}

/// Gives an error with its causes, for whoever looks at the dead.
fn describe(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text.push_str(": ");
        text.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    text
}
