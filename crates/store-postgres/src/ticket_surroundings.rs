//! What stands beside tickets: each change with its line in the ticket's life, what is personal sealed.
//!
//! The key is that of whom the ticket is about, as for its form: whoever is erased takes it along.

mod attachments;
mod sides;

use async_trait::async_trait;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::ticket::{Ticket, TicketChange};
use switchboard_sealing::DataKey;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_surroundings::{Surrounding, TicketSurroundings};
use switchboard_store::tickets::Beside;

use crate::data_keys::{self, KeySet};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::ticket_followers;
use crate::tickets::{forms, keep_move};

#[async_trait]
impl TicketSurroundings for PostgresStore {
    async fn keep_beside(
        &self,
        tenant: &TenantId,
        line: &TicketChange,
        change: &Surrounding,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            // First, so that whoever else changes the ticket waits, and is told.
            keep_move(&mut scope, line).await?;
            keep(&mut scope, &line.ticket, change).await?;
            scope.commit().await
        })
        .await
    }
}

/// Gives what stands beside a ticket; nothing whose key was destroyed.
pub(crate) async fn of(scope: &mut TenantScope<'_>, ticket: &Ticket) -> Result<Beside, StoreError> {
    let followers = ticket_followers::of(scope, &ticket.id).await?;
    let files = attachments::rows(scope, &ticket.id).await?;
    let (sides, messages) = sides::rows(scope, &ticket.id).await?;
    if files.is_empty() && sides.is_empty() {
        return Ok(Beside { followers, ..Beside::default() });
    }
    let subject = forms::subject(ticket);
    let keys = data_keys::find(scope, [subject.clone()]).await?;
    let Some(key) = keys.of(&subject) else {
        return Ok(Beside { followers, ..Beside::default() });
    };
    Ok(Beside {
        followers,
        attachments: attachments::read(key, &files)?,
        conversations: sides::read(key, &sides, &messages)?,
    })
}

async fn keep(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    change: &Surrounding,
) -> Result<(), StoreError> {
    match change {
        Surrounding::Attached(file) => attachments::insert(scope, ticket, file).await,
        Surrounding::Detached(id) => attachments::delete(scope, &ticket.id, id).await,
        Surrounding::Opened(side) => sides::insert(scope, ticket, side).await,
        Surrounding::Said(side, message) => sides::say(scope, ticket, side, message).await,
        Surrounding::Closed(side, closed) => sides::close(scope, &ticket.id, side, closed).await,
    }
}

/// Gives the keys with that of whom a ticket is about among them.
async fn keys(scope: &mut TenantScope<'_>, ticket: &Ticket) -> Result<KeySet, StoreError> {
    data_keys::ensure(scope, &[forms::subject(ticket)].into()).await
}

fn key<'a>(keys: &'a KeySet, ticket: &Ticket) -> Result<&'a DataKey, StoreError> {
    let erased = || StoreError::Refused {
        what: format!("ticket {}", ticket.id),
        source: "whom it is about was erased".into(),
    };
    keys.of(&forms::subject(ticket)).ok_or_else(erased)
}

fn named(ticket: &TicketId) -> String {
    format!("what stands beside ticket {ticket}")
}
