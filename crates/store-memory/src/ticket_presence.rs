//! Who is with a ticket, in a map.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_presence::{Doing, LEASE, MAX_PRESENT, Present, TicketPresence};

type Key = (TenantId, TicketId);

/// Who is with tickets, of all tenants of one process; gone with it.
#[derive(Default)]
pub struct MemoryTicketPresence {
    tickets: Mutex<BTreeMap<Key, BTreeMap<String, Present>>>,
}

#[async_trait]
impl TicketPresence for MemoryTicketPresence {
    async fn touch(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
        (actor, doing): (&str, Option<Doing>),
        now: Timestamp,
    ) -> Result<Vec<Present>, StoreError> {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        let people = tickets.entry((tenant.clone(), ticket.clone())).or_default();
        people.remove(actor);
        people.retain(|_, present| present.until > now);
        let others: Vec<Present> = people.values().cloned().collect();
        if let Some(doing) = doing
            && others.len() < MAX_PRESENT
        {
            let present = Present { actor: actor.to_owned(), doing, until: now + LEASE };
            people.insert(actor.to_owned(), present);
        }
        tickets.retain(|_, present| !present.is_empty());
        Ok(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_presence_in_memory_does_what_every_store_of_it_must() {
        switchboard_store::conformance::ticket_presence::check(&MemoryTicketPresence::default())
            .await;
    }
}
