//! Mounts this role in a process: tickets, and the work that records accepted ones and
//! tells of deadlines.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::{
    ReportParts, TicketParts, record_held_orders, report_service, service, watch_deadlines,
};

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    let parts = TicketParts {
        tickets: Arc::clone(&durable.tickets),
        inbox: Arc::clone(&process.stores.ticket_inbox),
        customers: Arc::clone(&durable.customers),
        centers: Arc::clone(&shared.centers),
        audit: Arc::clone(&durable.audit),
        clock: Arc::clone(&process.clock),
    };
    let recording = record_held_orders(parts.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.record_held_orders", recording);
    let watching = watch_deadlines(parts.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.watch_deadlines", watching);
    mounted.add(service(parts));
    mounted.add(report_service(ReportParts {
        reports: Arc::clone(&durable.ticket_reports),
        clock: Arc::clone(&process.clock),
    }));
}
