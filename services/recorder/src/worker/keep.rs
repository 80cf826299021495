//! Keeping a run of entries of one epoch, and putting aside those that can never be kept.

use std::error::Error;

use tracing::{Span, error, info_span};

use switchboard_domain::ticket::TicketRule;
use switchboard_runtime::telemetry::set_parent;
use switchboard_store::outbox::{OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, DeadEntry, ProjectionError};

use super::{Interruption, Worker};

impl Worker {
    /// Keeps entries of one epoch; those kept before are skipped.
    pub(super) async fn keep_run(&mut self, run: &[OutboxEntry]) -> Result<(), Interruption> {
        let Some(epoch) = run.first().map(|entry| entry.epoch) else { return Ok(()) };
        let offset = self.offset(epoch).await?;
        let kept = run.partition_point(|entry| Some(entry.id) <= offset);
        let new = run.get(kept..).unwrap_or_default();
        if new.is_empty() {
            return Ok(());
        }
        let rules = self.recorder.rules.rules(&self.tenant).await?;
        match self.commit(new, rules.clone()).await {
            Err(ProjectionError::Poison(_)) => self.keep_singly(new, &rules).await,
            outcome => interrupted(outcome),
        }
    }

    async fn offset(&mut self, epoch: u64) -> Result<Option<OutboxId>, Interruption> {
        if let Some(offset) = self.offsets.get(&epoch) {
            return Ok(*offset);
        }
        let offset = self.recorder.projection.offset(&self.tenant, epoch).await?;
        self.offsets.insert(epoch, offset);
        Ok(offset)
    }

    async fn commit(
        &mut self,
        entries: &[OutboxEntry],
        rules: Vec<TicketRule>,
    ) -> Result<(), ProjectionError> {
        let Some(last) = entries.last() else { return Ok(()) };
        // Each span is a child of the command that caused the entry, and lasts until it is kept.
        let _spans: Vec<Span> = entries.iter().filter_map(span_of).collect();
        let now = self.recorder.clock.now();
        let batch = Batch {
            epoch: last.epoch,
            expected: self.offsets.get(&last.epoch).copied().flatten(),
            entries: entries.to_vec(),
            rules,
            now,
        };
        self.recorder.projection.commit(&self.tenant, &batch).await?;
        self.offsets.insert(last.epoch, Some(last.id));
        self.metrics.kept(self.tenant.as_str(), entries.len(), now.since(last.wall));
        Ok(())
    }

    /// Finds the entry that cannot be kept by keeping the others one by one.
    async fn keep_singly(
        &mut self,
        entries: &[OutboxEntry],
        rules: &[TicketRule],
    ) -> Result<(), Interruption> {
        for entry in entries {
            self.keep_one(entry, rules).await?;
        }
        Ok(())
    }

    async fn keep_one(
        &mut self,
        entry: &OutboxEntry,
        rules: &[TicketRule],
    ) -> Result<(), Interruption> {
        let mut attempts = 1;
        loop {
            match self.commit(std::slice::from_ref(entry), rules.to_vec()).await {
                Err(ProjectionError::Poison(cause))
                    if attempts >= self.recorder.settings.attempts =>
                {
                    return self.bury(entry, describe(cause.as_ref()), attempts).await;
                }
                Err(ProjectionError::Poison(_)) => {
                    attempts += 1;
                    tokio::time::sleep(self.recorder.settings.pause).await;
                }
                outcome => return interrupted(outcome),
            }
        }
    }

    async fn bury(
        &mut self,
        entry: &OutboxEntry,
        reason: String,
        attempts: u32,
    ) -> Result<(), Interruption> {
        error!(
            entry = %entry.position(),
            kind = entry.kind,
            reason,
            "an event cannot be kept and is put aside"
        );
        let dead = DeadEntry {
            expected: self.offsets.get(&entry.epoch).copied().flatten(),
            entry: entry.clone(),
            reason,
            attempts,
            at: self.recorder.clock.now(),
        };
        interrupted(self.recorder.projection.bury(&self.tenant, &dead).await)?;
        self.offsets.insert(entry.epoch, Some(entry.id));
        self.metrics.buried(self.tenant.as_str());
        Ok(())
    }
}

fn span_of(entry: &OutboxEntry) -> Option<Span> {
    let trace = entry.trace.as_deref()?;
    let span = info_span!("recorder.record_event", kind = entry.kind, entity = %entry.entity);
    set_parent(&span, trace);
    Some(span)
}

fn interrupted(outcome: Result<(), ProjectionError>) -> Result<(), Interruption> {
    outcome.map_err(|error| match error {
        ProjectionError::OffsetMoved => Interruption::Overtaken,
        ProjectionError::Store(error) => Interruption::Store(error),
        ProjectionError::Poison(cause) => Interruption::Store(
            switchboard_store::error::StoreError::corrupt("an entry of the outbox", cause),
        ),
    })
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
