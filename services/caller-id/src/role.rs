//! Mounts this role in a process: lookups, customers, and what they are worth.

use std::sync::Arc;

use switchboard_routing::Shared;
use switchboard_runtime::process::{Mounted, Process};

use crate::transfer::{TransferParts, transfer_service};
use crate::value::{ValueParts, recompute_values, value_service};
use crate::{CallerIdParts, service};

/// Mounts the role.
pub fn mount(process: &Process, shared: &Shared, mounted: &mut Mounted) {
    let durable = &process.stores.durable;
    let parts = CallerIdParts {
        customers: Arc::clone(&durable.customers),
        finder: Arc::clone(&durable.customer_finder),
        merges: Arc::clone(&durable.customer_merges),
        timeline: Arc::clone(&durable.customer_timeline),
        lookup: Arc::clone(&shared.lookup),
        centers: Arc::clone(&shared.centers),
        callers: Arc::clone(&durable.callers),
        subjects: Arc::clone(&durable.subjects),
        history: Arc::clone(&durable.history),
        tickets: Arc::clone(&durable.tickets),
        promises: Arc::clone(&durable.promises),
        values: Arc::clone(&durable.values),
        follow_ups: Arc::clone(&durable.follow_ups),
        touchpoints: Arc::clone(&durable.touchpoints),
        occurrences: Arc::clone(&durable.occurrences),
        consents: Arc::clone(&durable.consents),
        number_rules: Arc::clone(&durable.number_rules),
        audit: Arc::clone(&durable.audit),
        reads: shared.reads.clone(),
        clock: Arc::clone(&process.clock),
        ids: Arc::clone(&process.ids),
    };
    let values = ValueParts { callers: parts.clone(), values: Arc::clone(&durable.values) };
    let recomputing = recompute_values(values.clone(), Arc::clone(&durable.tenants));
    process.tasks.spawn("caller_id.recompute_values", recomputing);
    let transfers =
        TransferParts { callers: parts.clone(), transfers: Arc::clone(&durable.transfers) };
    mounted.add(service(parts));
    mounted.add(value_service(values));
    mounted.add(transfer_service(transfers));
}
