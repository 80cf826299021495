//! Mounts this role in a process: lookups and customers.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::{CallerIdParts, ReadLog, service};

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    mounted.add(service(CallerIdParts {
        customers: Arc::clone(&durable.customers),
        finder: Arc::clone(&durable.customer_finder),
        merges: Arc::clone(&durable.customer_merges),
        timeline: Arc::clone(&durable.customer_timeline),
        lookup: Arc::clone(&shared.lookup),
        centers: Arc::clone(&shared.centers),
        callers: Arc::clone(&durable.callers),
        subjects: Arc::clone(&durable.subjects),
        history: Arc::clone(&durable.history),
        tickets: Arc::clone(&durable.tickets),
        number_rules: Arc::clone(&durable.number_rules),
        audit: Arc::clone(&durable.audit),
        reads: ReadLog::start(Arc::clone(&durable.audit), &process.tasks),
        clock: Arc::clone(&process.clock),
        ids: Arc::clone(&process.ids),
    }));
}
