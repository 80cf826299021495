//! Mounts this role in a process: the flows.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::service;

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let (centers, clock) = (Arc::clone(&shared.centers), Arc::clone(&process.clock));
    let customers = Arc::clone(&process.stores.durable.customers);
    mounted.add(service(centers, customers, clock));
}
