//! Mounts this role in a process: desks, boards, deadlines.

use std::sync::Arc;
use std::time::Duration;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::{Queue, QueueParts};

/// How long an agent stays signed in without a sign of life of the desktop.
const AGENT_LEASE: Duration = Duration::from_secs(12);
/// A third of the lease, so that one lost heartbeat signs nobody out.
const HEARTBEAT: Duration = Duration::from_secs(4);

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let queue = Queue::new(QueueParts {
        floors: Arc::clone(&shared.floors),
        feeds: Arc::clone(&shared.feeds),
        centers: Arc::clone(&shared.centers),
        tenants: Arc::clone(&process.stores.durable.tenants),
        tasks: process.tasks.clone(),
        agent_lease: AGENT_LEASE,
        heartbeat: HEARTBEAT,
        stream_grace: process.config.shutdown.stream_grace,
    });
    mounted.add(queue.agent_service());
    mounted.add(queue.queue_service());
    mounted.add(queue.supervisor_service());
    queue.start_workers();
}
