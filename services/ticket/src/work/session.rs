//! The session of tickets with the floor: one for all processes, renewed by each.

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Leg, Reply};
use switchboard_domain::floor::state::{Gateway, Token};
use switchboard_domain::ids::{GatewayId, TenantId};
use switchboard_domain::ticket::{WorkItem, WorkStep};
use switchboard_routing::{GATEWAY_LEASE, RoutingError};
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;

use super::{BATCH, WorkParts};

/// Renews the session, or begins one where there is none; gives its token.
///
/// Who finds an inventory unfinished finishes it: it is the same whoever takes it.
pub(super) async fn ensure(
    parts: &WorkParts,
    tenant: &TenantId,
    known: Option<Gateway>,
) -> Result<Token, RoutingError> {
    let live = known.filter(|gateway| !gateway.lost);
    let (token, is_fresh) = match live.and_then(|gateway| Some((gateway.token?, gateway.fresh))) {
        Some((token, is_fresh)) => {
            renew(parts, tenant, token).await?;
            (token, is_fresh)
        }
        None => (join(parts, tenant).await?, false),
    };
    if !is_fresh {
        take_inventory(parts, tenant, token).await?;
        parts.items.look_at_all(tenant, parts.tickets.clock.now()).await?;
    }
    Ok(token)
}

async fn join(parts: &WorkParts, tenant: &TenantId) -> Result<Token, RoutingError> {
    let now = parts.tickets.clock.now();
    match parts.gateways.register(tenant, &GatewayId::TICKETS, now).await {
        Ok(_) | Err(StoreError::Conflict { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let command = Command::JoinGateway { gateway: GatewayId::TICKETS, lease: GATEWAY_LEASE };
    match parts.floors.apply(tenant, command).await?.reply {
        Reply::Joined { token } => Ok(token),
        reply @ (Reply::Done { .. } | Reply::Duplicate | Reply::More) => {
            Err(FloorError::Corrupt { answer: format!("{reply:?}") }.into())
        }
    }
}

async fn renew(parts: &WorkParts, tenant: &TenantId, token: Token) -> Result<(), RoutingError> {
    let gateway = GatewayId::TICKETS;
    let command = Command::RenewGateway { gateway, token, lease: GATEWAY_LEASE };
    parts.floors.apply(tenant, command).await?;
    Ok(())
}

/// Tells the floor which tickets wait and who works on which, and lets it end the rest.
async fn take_inventory(
    parts: &WorkParts,
    tenant: &TenantId,
    token: Token,
) -> Result<(), RoutingError> {
    let mut last = None;
    loop {
        let items = parts.items.after(tenant, last.as_ref(), BATCH).await?;
        for item in &items {
            tell(parts, tenant, token, item).await?;
        }
        renew(parts, tenant, token).await?;
        match items.last() {
            Some(item) if items.len() == BATCH as usize => last = Some(item.contact.clone()),
            Some(_) | None => break,
        }
    }
    let finish = Command::FinishInventory { gateway: GatewayId::TICKETS, token };
    while parts.floors.apply(tenant, finish.clone()).await?.reply == Reply::More {}
    Ok(())
}

/// Tells of one piece of work; what is over, and what the floor is yet to hear of, is not told.
async fn tell(
    parts: &WorkParts,
    tenant: &TenantId,
    token: Token,
    item: &WorkItem,
) -> Result<(), RoutingError> {
    let ticket = parts.tickets.tickets.get(tenant, &item.ticket).await?;
    let known = parts.floors.floor().contact(tenant, &item.contact).await?;
    let is_known_to_wait = known.is_some() && item.next(&ticket, None) == WorkStep::Start;
    if !is_known_to_wait && !item.is_held_by(&ticket) {
        return Ok(());
    }
    let leg = Leg {
        contact: item.contact.clone(),
        age: parts.tickets.clock.now().since(ticket.changed_at),
        // Nobody has what waits; who works on it has it also after the floor forgot it.
        bridged_to: item.agent.clone().filter(|_| !is_known_to_wait),
        over: false,
        call_sequence: known.map_or(0, |contact| contact.call_sequence),
        fallback: None,
        channel: Channel::Task,
        caller: String::new(),
        details: super::routes::details(parts, tenant, &ticket).await?.encode(),
    };
    parts
        .floors
        .apply(tenant, Command::ReconcileLeg { gateway: GatewayId::TICKETS, token, leg })
        .await?;
    Ok(())
}
