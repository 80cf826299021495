//! Mounts this role in a process: tickets.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::{TicketParts, service};

/// Mounts the role.
pub fn mount(process: &Process, _shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    mounted.add(service(TicketParts {
        tickets: Arc::clone(&durable.tickets),
        customers: Arc::clone(&durable.customers),
        audit: Arc::clone(&durable.audit),
        clock: Arc::clone(&process.clock),
        ids: Arc::clone(&process.ids),
    }));
}
