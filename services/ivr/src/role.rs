//! Mounts this role in a process: the flows, and the work that records sessions.

use std::sync::Arc;

use switchboard_ivr_host::IvrHost;
use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::teller::Teller;
use crate::{IvrParts, service};

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    mounted.add(service(IvrParts {
        centers: Arc::clone(&shared.centers),
        callers: Arc::clone(&durable.callers),
        lookup: Arc::clone(&shared.lookup),
        host: IvrHost::over(process, shared),
        sessions: Arc::clone(&process.stores.ivr_sessions),
        audit: Arc::clone(&durable.audit),
        clock: Arc::clone(&process.clock),
        session_idle: process.config.ivr.session_idle,
        max_sessions: process.config.ivr.max_sessions,
    }));
    let teller = Teller {
        sessions: Arc::clone(&process.stores.ivr_sessions),
        menus: Arc::clone(&durable.menus),
        tenants: Arc::clone(&durable.tenants),
        centers: Arc::clone(&shared.centers),
        clock: Arc::clone(&process.clock),
    };
    let shutdown = process.tasks.shutdown().clone();
    process.tasks.spawn_draining("ivr.teller", teller.run(shutdown));
}
