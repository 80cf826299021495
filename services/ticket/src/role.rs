//! Mounts this role in a process: tickets, their work surface, where they go, promises, follow-ups and
//! the care calendar, and the work that records accepted tickets, sends them somewhere, tells of
//! deadlines, breaks promises that nobody kept and keeps in touch with customers.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::{
    CareParts, ClusterParts, DeskParts, DispatchParts, PromiseParts, QualityParts, ReportParts,
    TicketParts, TransferParts, WorkParts, desk_service, dispatch_service, follow_up_service,
    form_service, keep_counting, keep_dispatching, keep_gathering, keep_in_touch, keep_offering,
    promise_service, quality_service, record_held_orders, relation_service, report_service,
    service, touchpoint_service, transfer_service, watch_deadlines, watch_promises,
};

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    let parts = TicketParts {
        tickets: Arc::clone(&durable.tickets),
        relations: Arc::clone(&durable.ticket_relations),
        inbox: Arc::clone(&process.stores.ticket_inbox),
        views: Arc::clone(&durable.ticket_views),
        customers: Arc::clone(&durable.customers),
        centers: Arc::clone(&shared.centers),
        audit: Arc::clone(&durable.audit),
        reads: shared.reads.clone(),
        clock: Arc::clone(&process.clock),
    };
    let recording = record_held_orders(parts.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.record_held_orders", recording);
    let watching = watch_deadlines(parts.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.watch_deadlines", watching);
    mount_desk(process, &parts, mounted);
    mount_relations(process, &parts, mounted);
    let dispatch = DispatchParts {
        tickets: parts.clone(),
        feed: Arc::clone(&durable.ticket_feed),
        marks: Arc::clone(&durable.dispatch_marks),
    };
    let dispatching = keep_dispatching(dispatch.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.keep_dispatching", dispatching);
    mounted.add(dispatch_service(dispatch));
    let work = WorkParts {
        tickets: parts.clone(),
        items: Arc::clone(&durable.work_items),
        floors: Arc::clone(&shared.floors),
        feeds: Arc::clone(&shared.feeds),
        gateways: Arc::clone(&durable.gateways),
        tasks: process.tasks.clone(),
    };
    let offering = keep_offering(work, Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.keep_offering", offering);
    mounted.add(form_service(parts.clone()));
    mounted.add(transfer_service(TransferParts {
        tickets: parts.clone(),
        transfers: Arc::clone(&durable.ticket_transfers),
    }));
    mounted.add(service(parts));
    mount_reports(process, shared, mounted);
    mount_care(process, shared, mounted);
    mount_quality(process, shared, mounted);
}

/// Mounts what counts tickets.
fn mount_reports(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    let reports = ReportParts {
        reports: Arc::clone(&durable.ticket_reports),
        retention: Arc::clone(&durable.retention),
        centers: Arc::clone(&shared.centers),
        clock: Arc::clone(&process.clock),
    };
    let counting = keep_counting(reports.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.keep_counting", counting);
    mounted.add(report_service(reports));
}

/// Mounts what keeps in touch with customers after their tickets.
fn mount_care(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    let care = CareParts {
        follow_ups: Arc::clone(&durable.follow_ups),
        touchpoints: Arc::clone(&durable.touchpoints),
        consents: Arc::clone(&durable.consents),
        tickets: Arc::clone(&durable.tickets),
        history: Arc::clone(&durable.history),
        customers: Arc::clone(&durable.customers),
        centers: Arc::clone(&shared.centers),
        floors: Arc::clone(&shared.floors),
        audit: Arc::clone(&durable.audit),
        reads: shared.reads.clone(),
        ids: Arc::clone(&process.ids),
        clock: Arc::clone(&process.clock),
    };
    let keeping = keep_in_touch(care.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.keep_in_touch", keeping);
    mounted.add(follow_up_service(care.clone()));
    mounted.add(touchpoint_service(care));
}

/// Mounts what judges how work was done.
fn mount_quality(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    mounted.add(quality_service(QualityParts {
        evaluations: Arc::clone(&durable.evaluations),
        history: Arc::clone(&durable.history),
        tickets: Arc::clone(&durable.tickets),
        centers: Arc::clone(&shared.centers),
        audit: Arc::clone(&durable.audit),
        reads: shared.reads.clone(),
        ids: Arc::clone(&process.ids),
        clock: Arc::clone(&process.clock),
    }));
}

/// Mounts what people who work on tickets look at, and what they promise.
fn mount_desk(process: &Process, parts: &TicketParts, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    let promises = PromiseParts {
        promises: Arc::clone(&durable.promises),
        tickets: Arc::clone(&durable.tickets),
        customers: Arc::clone(&durable.customers),
        audit: Arc::clone(&durable.audit),
        reads: parts.reads.clone(),
        clock: Arc::clone(&process.clock),
    };
    let watching_promises = watch_promises(promises.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.watch_promises", watching_promises);
    mounted.add(promise_service(promises));
    mounted.add(desk_service(DeskParts {
        tickets: parts.clone(),
        finder: Arc::clone(&durable.ticket_finder),
        feed: Arc::clone(&durable.ticket_feed),
        followers: Arc::clone(&durable.ticket_followers),
        surroundings: Arc::clone(&durable.ticket_surroundings),
        presence: Arc::clone(&process.stores.ticket_presence),
        macros: Arc::clone(&durable.ticket_macros),
        tasks: process.tasks.clone(),
    }));
}

/// Mounts what tickets have to do with each other.
fn mount_relations(process: &Process, parts: &TicketParts, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    let clusters = ClusterParts {
        tickets: parts.clone(),
        clusters: Arc::clone(&durable.clusters),
        feed: Arc::clone(&durable.ticket_feed),
        ids: Arc::clone(&process.ids),
    };
    let gathering = keep_gathering(clusters, Arc::clone(&durable.tenants));
    process.tasks.spawn("ticket.keep_gathering", gathering);
    mounted.add(relation_service(parts.clone()));
}
