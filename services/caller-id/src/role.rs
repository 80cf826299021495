//! Mounts this role in a process: lookups and customers.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::{CallerIdParts, service};

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
        audit: Arc::clone(&durable.audit),
        clock: Arc::clone(&process.clock),
        ids: Arc::clone(&process.ids),
    }));
}
