//! Mounts this role in a process: tickets, follow-ups and the care calendar, and
//! the work that records accepted tickets, tells of deadlines and keeps in touch with customers.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::{
    CareParts, ReportParts, TicketParts, follow_up_service, keep_in_touch, record_held_orders,
    report_service, service, touchpoint_service, watch_deadlines,
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
    let care = CareParts {
        follow_ups: Arc::clone(&durable.follow_ups),
        touchpoints: Arc::clone(&durable.touchpoints),
        tickets: Arc::clone(&durable.tickets),
        customers: Arc::clone(&durable.customers),
        centers: Arc::clone(&shared.centers),
        floors: Arc::clone(&shared.floors),
        audit: Arc::clone(&durable.audit),
        ids: Arc::clone(&process.ids),
        clock: Arc::clone(&process.clock),
    };
    let keeping = keep_in_touch(care.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.keep_in_touch", keeping);
    mounted.add(follow_up_service(care.clone()));
    mounted.add(touchpoint_service(care));
}
