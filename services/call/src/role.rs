//! Mounts this role in a process: the edge for gateways.

use std::sync::Arc;

use switchboard_ivr_host::IvrHost;
use switchboard_routing::{GATEWAY_LEASE, Shared};
use switchboard_runtime::process::{Mounted, Process};

use crate::{CallParts, service};

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    mounted.add(service(CallParts {
        floors: Arc::clone(&shared.floors),
        feeds: Arc::clone(&shared.feeds),
        estimates: Arc::clone(&shared.estimates),
        lookup: Arc::clone(&shared.lookup),
        centers: Arc::clone(&shared.centers),
        host: IvrHost::over(process, shared),
        sessions: Arc::clone(&process.stores.ivr_sessions),
        gateways: Arc::clone(&durable.gateways),
        projection: Arc::clone(&durable.projection),
        tasks: process.tasks.clone(),
        gateway_lease: GATEWAY_LEASE,
    }));
}
