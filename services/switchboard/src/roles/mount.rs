//! Mounts the chosen roles: their gRPC services, and the workers that belong to them.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};
use tonic::service::{Routes, RoutesBuilder};

use crate::roles::{Role, Roles};

/// Mounts the chosen roles over one set of shared parts.
pub(crate) fn mount(roles: &Roles, process: &Process) -> Mounted {
    let shared = Shared::new(process);
    let mut routes = Routes::builder();
    for role in roles.iter() {
        match role {
            Role::Ivr => ivr(process, &shared, &mut routes),
            Role::Call | Role::CallerId | Role::Queue | Role::Ticket | Role::Recorder => {}
        }
    }
    Mounted { routes }
}

fn ivr(process: &Process, shared: &Shared, routes: &mut RoutesBuilder) {
    let (centers, clock) = (Arc::clone(&shared.centers), Arc::clone(&process.clock));
    let customers = Arc::clone(&process.stores.durable.customers);
    routes.add_service(switchboard_ivr::service(centers, customers, clock));
}
