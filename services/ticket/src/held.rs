//! Records the tickets that were accepted while Postgres was away.

use std::sync::Arc;

use switchboard_domain::ids::TenantId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::tenants::Tenants;
use switchboard_store::tickets::TicketOrder;

use crate::TicketParts;
use crate::rounds::each_tenant;

/// Records held orders for ever, as soon as the store of tickets is back.
///
/// Any number of processes may do so: the request id lets each order make one ticket. To be dropped
/// at any moment is fine; the order is then recorded later.
pub async fn record_held_orders(parts: TicketParts, tenants: Arc<dyn Tenants>) {
    each_tenant(&*tenants, "held tickets cannot be recorded", |tenant| {
        let parts = parts.clone();
        async move { record_all(&parts, &tenant).await }
    })
    .await;
}

async fn record_all(parts: &TicketParts, tenant: &TenantId) -> Result<(), StoreError> {
    loop {
        let waiting = parts.inbox.waiting(tenant).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        for order in waiting {
            settle(parts, tenant, &order).await?;
        }
    }
}

/// Records an order and lets it go; one whose request id made another ticket is let go with a word.
async fn settle(
    parts: &TicketParts,
    tenant: &TenantId,
    order: &TicketOrder,
) -> Result<(), StoreError> {
    match record(parts, tenant, order).await {
        Ok(()) => {}
        Err(StoreError::Conflict { .. }) => {
            let ticket = order.id.as_str();
            tracing::error!(tenant.id = %tenant, ticket.id = ticket, "an accepted ticket is not \
                recorded: its request id made another one");
        }
        Err(error) => return Err(error),
    }
    parts.inbox.release(tenant, &order.request_id).await
}

async fn record(
    parts: &TicketParts,
    tenant: &TenantId,
    order: &TicketOrder,
) -> Result<(), StoreError> {
    let ticket = parts.tickets.create(tenant, order).await?;
    parts.audit.append(tenant, &line(order, ticket.id.as_str())).await?;
    tracing::info!(tenant.id = %tenant, ticket.id = %ticket.id, "an accepted ticket is recorded");
    Ok(())
}

fn line(order: &TicketOrder, ticket: &str) -> AuditRecord {
    let (role, actor) = order.actor.split_once(':').unwrap_or(("", &order.actor));
    AuditRecord {
        actor: actor.to_owned(),
        role: role.to_owned(),
        action: "ticket.create".to_owned(),
        object: format!("ticket/{ticket}"),
        detail: Some("accepted before".to_owned()),
        at: order.at,
    }
}
