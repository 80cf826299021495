//! Hears what changes on the floor, so that whoever accepts a ticket has it at once.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::ticket::WorkItem;
use switchboard_routing::RoutingError;
use switchboard_routing::feed::{Listener, News};
use switchboard_store::outbox::{EntityKind, OutboxEntry};

use super::{WorkParts, work_on};

/// What an agent or the floor does to work, and something follows from.
const TELLING: [EventKind; 5] = [
    EventKind::ContactConnecting,
    EventKind::ContactQueried,
    EventKind::ContactQueued,
    EventKind::ContactRequeued,
    EventKind::ContactEnded,
];

/// Begins to hear what changes on the floor of a tenant, unless this process does already.
pub(super) fn begin(parts: &WorkParts, tenant: &TenantId, heard: &Mutex<BTreeSet<TenantId>>) {
    if !heard.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone()) {
        return;
    }
    let (hearing, tenant) = (parts.clone(), tenant.clone());
    parts.tasks.spawn("ticket.hear_work", async move { hear(&hearing, &tenant).await });
}

async fn hear(parts: &WorkParts, tenant: &TenantId) {
    // What happens before somebody listens is found by the rounds.
    let Some(mut listener) = listen(parts, tenant).await else { return };
    while let Some(news) = listener.next().await {
        if let Err(error) = follow(parts, tenant, news).await {
            // The next round, or the one after a minute, finds what was not done.
            tracing::debug!(tenant.id = %tenant, %error, "work of the floor waits for its round");
        }
    }
}

async fn follow(parts: &WorkParts, tenant: &TenantId, news: News) -> Result<(), RoutingError> {
    match news {
        News::Entry(entry) => match contact_of(&entry) {
            Some(contact) => work_on(parts, tenant, &contact).await,
            None => Ok(()),
        },
        News::Gap => Ok(parts.items.look_at_all(tenant, parts.tickets.clock.now()).await?),
    }
}

/// Joins the listeners; tries for as long as the floor is away.
async fn listen(parts: &WorkParts, tenant: &TenantId) -> Option<Listener> {
    loop {
        match parts.feeds.listen(tenant).await {
            Ok(listener) => return Some(listener),
            Err(error) => {
                tracing::debug!(tenant.id = %tenant, %error, "the floor is not heard yet");
                tokio::time::sleep(super::RETRY).await;
            }
        }
    }
}

fn contact_of(entry: &OutboxEntry) -> Option<ContactId> {
    let tells = || TELLING.iter().any(|kind| kind.as_str() == entry.kind);
    let is_work = entry.entity == EntityKind::Contact && WorkItem::is_work(&entry.entity_id);
    if is_work && tells() { ContactId::parse(entry.entity_id.clone()).ok() } else { None }
}
