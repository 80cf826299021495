//! Tickets on the floor: what rules and people send to a queue is offered to its agents like a call.
//!
//! Towards the floor this is a gateway of its own, [`GatewayId::TICKETS`], whose contacts stand for
//! tickets. It keeps nothing: what is to be done follows from the ticket, its work item and the contact
//! ([`WorkItem::next`]), so every process may do it, as often as it likes, and all share the one session
//! that the floor knows. What the floor forgets is queued again from the work items.

mod carry_out;
mod hear;
mod routes;
mod session;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use switchboard_domain::ids::{ContactId, GatewayId, TenantId};
use switchboard_routing::feed::Feeds;
use switchboard_routing::{Floors, RoutingError};
use switchboard_runtime::tasks::Tasks;
use switchboard_store::tenants::{Gateways, Tenants};
use switchboard_store::work_items::WorkItems;

use crate::TicketParts;
use crate::rounds::each_tenant;

/// How much is looked at before other work is asked for.
const BATCH: u32 = 100;
/// How often what needs nothing is looked at all the same, should a change of the floor be missed.
const LOOK_AGAIN: Duration = Duration::from_mins(1);
/// When what could not be done is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// What work on the floor works with.
#[derive(Clone)]
pub struct WorkParts {
    /// What tickets are kept with.
    pub tickets: TicketParts,
    /// What stands for them on the floor.
    pub items: Arc<dyn WorkItems>,
    /// The way to the agents.
    pub floors: Arc<Floors>,
    /// What changes on the floor.
    pub feeds: Arc<Feeds>,
    /// The gateways that each floor waits for.
    pub gateways: Arc<dyn Gateways>,
    /// Where what listens runs.
    pub tasks: Tasks,
}

/// Offers tickets to agents, for ever.
///
/// Any number of processes may do so, and be stopped at any moment. What it costs depends on how much
/// changes, besides a look at each piece of work a minute.
pub async fn keep_offering(parts: WorkParts, tenants: Arc<dyn Tenants>) {
    let heard = Arc::new(Mutex::new(BTreeSet::new()));
    each_tenant(&*tenants, "tickets cannot be offered", |tenant| {
        let (parts, heard) = (parts.clone(), Arc::clone(&heard));
        async move {
            match work_due(&parts, &tenant).await {
                Ok(true) => {
                    hear::begin(&parts, &tenant, &heard);
                    Ok(())
                }
                Ok(false) => Ok(()),
                Err(RoutingError::Store(error)) => Err(error),
                Err(error @ (RoutingError::Floor(_) | RoutingError::Center(_))) => {
                    // The floor is away or opens an epoch: there is another round.
                    tracing::debug!(tenant.id = %tenant, %error, "the floor takes no tickets now");
                    Ok(())
                }
            }
        }
    })
    .await;
}

/// Does what is due now for a tenant's tickets on the floor; says whether there ever was any.
pub async fn work_due(parts: &WorkParts, tenant: &TenantId) -> Result<bool, RoutingError> {
    let known = parts.floors.floor().gateway(tenant, &GatewayId::TICKETS).await?;
    if known.is_none() && parts.items.after(tenant, None, 1).await?.is_empty() {
        return Ok(false);
    }
    let token = session::ensure(parts, tenant, known).await?;
    loop {
        let items = parts.items.due(tenant, parts.tickets.clock.now(), BATCH).await?;
        for item in &items {
            carry_out::item(parts, tenant, token, item).await?;
        }
        if items.len() < BATCH as usize {
            return Ok(true);
        }
    }
}

/// Does what follows from a change of one contact, if it stands for a ticket.
pub async fn work_on(
    parts: &WorkParts,
    tenant: &TenantId,
    contact: &ContactId,
) -> Result<(), RoutingError> {
    let Some(item) = parts.items.find(tenant, contact).await? else { return Ok(()) };
    let known = parts.floors.floor().gateway(tenant, &GatewayId::TICKETS).await?;
    match known.filter(|gateway| gateway.fresh).and_then(|gateway| gateway.token) {
        Some(token) => carry_out::item(parts, tenant, token, &item).await,
        // The next round brings the session in order, and all the rest with it.
        None => Ok(()),
    }
}
