//! Lines for the audit trail of which nobody waits for the writing: who read what of whom.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_domain::ids::TenantId;
use switchboard_store::audit::{Audit, AuditRecord};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::sleep;
use tracing::warn;

use crate::shutdown::Shutdown;
use crate::tasks::Tasks;

/// The reason of a read that was refused because its line could not be taken.
pub const AUDIT_UNAVAILABLE: &str = "AUDIT_UNAVAILABLE";

/// The most lines that wait to be written: some seconds of lookups at full load.
const MAX_WAITING: usize = 10_000;
/// The most lines written together.
const BATCH: usize = 500;
/// How long a line waits for others to be written with it: a transaction for each lookup would cost
/// Postgres more than the lookup.
const GATHER: Duration = Duration::from_millis(20);
/// How long to wait before lines are written again that could not be.
const RETRY: Duration = Duration::from_secs(1);

type Line = (TenantId, AuditRecord);

/// Takes lines, and has them written in order and in batches.
#[derive(Clone)]
pub struct ReadLog(Sender<Line>);

impl ReadLog {
    /// Starts writing to a trail, until the tasks end; what waits then is still written.
    pub fn start(audit: Arc<dyn Audit>, tasks: &Tasks) -> Self {
        let (sender, lines) = mpsc::channel(MAX_WAITING);
        let shutdown = tasks.shutdown().clone();
        tasks.spawn_draining("read_log", write(audit, lines, shutdown));
        Self(sender)
    }

    /// Takes a line at once; false when too many wait, and the line is not taken.
    pub fn note(&self, tenant: &TenantId, line: AuditRecord) -> bool {
        self.0.try_send((tenant.clone(), line)).is_ok()
    }

    /// Takes the line of a read, or refuses the read: nothing personal is told that is on no trail.
    pub fn keep(&self, tenant: &TenantId, line: AuditRecord) -> Result<(), ApiError> {
        let full = || {
            ApiError::unavailable(AUDIT_UNAVAILABLE, "the audit trail takes no more reads", RETRY)
        };
        self.note(tenant, line).then_some(()).ok_or_else(full)
    }
}

async fn write(audit: Arc<dyn Audit>, mut lines: Receiver<Line>, shutdown: Shutdown) {
    let mut batch = Vec::new();
    loop {
        tokio::select! {
            count = lines.recv_many(&mut batch, BATCH) => {
                if count == 0 {
                    return;
                }
                gather(&mut lines, &mut batch).await;
            }
            () = shutdown.triggered() => {
                // From here on nobody is told anything that would have to be on the trail.
                lines.close();
                while lines.recv_many(&mut batch, BATCH).await > 0 {
                    write_batch(&*audit, std::mem::take(&mut batch)).await;
                }
                return;
            }
        }
        write_batch(&*audit, std::mem::take(&mut batch)).await;
    }
}

/// Takes what comes in the next moment, too.
async fn gather(lines: &mut Receiver<Line>, batch: &mut Vec<Line>) {
    sleep(GATHER).await;
    while batch.len() < BATCH
        && let Ok(line) = lines.try_recv()
    {
        batch.push(line);
    }
}

async fn write_batch(audit: &dyn Audit, batch: Vec<Line>) {
    let mut by_tenant: BTreeMap<TenantId, Vec<AuditRecord>> = BTreeMap::new();
    for (tenant, line) in batch {
        by_tenant.entry(tenant).or_default().push(line);
    }
    for (tenant, lines) in by_tenant {
        write_of(audit, &tenant, &lines).await;
    }
}

/// Writes the lines of a tenant, again and again while the store is away.
async fn write_of(audit: &dyn Audit, tenant: &TenantId, lines: &[AuditRecord]) {
    while let Err(error) = audit.append_all(tenant, lines).await {
        let is_lost = !error.is_transient();
        warn!(tenant.id = %tenant, %error, is_lost, "reads are not on the trail");
        if is_lost {
            return;
        }
        sleep(RETRY).await;
    }
}
