//! Mounts this role in a process: desks, boards, deadlines.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::{Queue, QueueParts};

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let queue = Queue::new(QueueParts {
        floors: Arc::clone(&shared.floors),
        feeds: Arc::clone(&shared.feeds),
        estimates: Arc::clone(&shared.estimates),
        centers: Arc::clone(&shared.centers),
        tenants: Arc::clone(&process.stores.durable.tenants),
        reads: shared.reads.clone(),
        tasks: process.tasks.clone(),
        agent_lease: process.config.queue.agent_lease,
        heartbeat: process.config.queue.heartbeat,
        stream_grace: process.config.shutdown.stream_grace,
    });
    mounted.add(queue.agent_service());
    mounted.add(queue.queue_service());
    mounted.add(queue.supervisor_service());
    queue.start_workers();
}
