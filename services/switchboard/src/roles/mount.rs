//! Mounts the chosen roles over one set of shared parts.

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::roles::{Role, Roles};

/// Mounts the chosen roles: their gRPC services, and the workers that belong to them.
pub(crate) fn mount(roles: &Roles, process: &Process) -> Mounted {
    let (shared, mut mounted) = (Shared::new(process), Mounted::default());
    for role in roles.iter() {
        let mount = match role {
            Role::Call => switchboard_call::mount,
            Role::Ivr => switchboard_ivr::mount,
            Role::CallerId => switchboard_caller_id::mount,
            Role::Queue => switchboard_queue::mount,
            Role::Ticket => switchboard_ticket::mount,
            Role::Recorder => switchboard_recorder::mount,
        };
        mount(process, &shared, &mut mounted);
    }
    tracing::info!(%roles, "mounted");
    mounted
}
