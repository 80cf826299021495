//! Tickets: made by people or by rules, moved by compare-and-set on their version.

mod alarms;
pub(crate) mod children;
mod feed;
pub(crate) mod forms;
mod import;
pub(crate) mod joins;
pub(crate) mod line;
pub(crate) mod list;
pub(crate) mod making;
pub(crate) mod read;
pub(crate) mod rule_tickets;
mod sealed_anew;
mod search;
pub(crate) mod words;
pub(crate) mod write;

use std::slice;

use async_trait::async_trait;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::ticket::sla::Outlook;
use switchboard_domain::ticket::{Filled, Revision, Ticket, TicketChange, TicketMove};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::page::{Page, PageRequest};
use switchboard_store::tickets::{
    Beginning, Beside, Created, TicketEvent, TicketFilter, TicketOrder, Tickets, ToAlarm,
    ToldAlarms,
};

use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::{audit, ticket_surroundings, work_items};
use joins::Arrival;
use making::Making;

#[async_trait]
impl Tickets for PostgresStore {
    async fn create_with(
        &self,
        tenant: &TenantId,
        order: &TicketOrder,
        beginning: &Beginning,
    ) -> Result<Created, StoreError> {
        self.bounded(async {
            match self.try_create(tenant, order, beginning).await {
                // The same order may have been carried out at this very moment by someone else.
                Err(StoreError::Conflict { .. }) => self.try_create(tenant, order, beginning).await,
                answer => answer,
            }
        })
        .await
    }

    async fn get(&self, tenant: &TenantId, id: &TicketId) -> Result<Ticket, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let ticket = read::by_id(&mut scope, id).await?;
            scope.commit().await?;
            ticket.ok_or_else(|| StoreError::not_found(format!("ticket {id}")))
        })
        .await
    }

    async fn life(
        &self,
        tenant: &TenantId,
        id: &TicketId,
    ) -> Result<(Ticket, Vec<TicketEvent>), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let ticket = read::by_id(&mut scope, id).await?;
            let mut events = read::events(&mut scope, id).await?;
            scope.commit().await?;
            let ticket = ticket.ok_or_else(|| StoreError::not_found(format!("ticket {id}")))?;
            // What happened between the two readings is for the next one.
            events.retain(|event| event.version <= ticket.version);
            Ok((ticket, events))
        })
        .await
    }

    async fn filled(&self, tenant: &TenantId, ticket: &Ticket) -> Result<Filled, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let filled = forms::of(&mut scope, ticket).await?;
            scope.commit().await?;
            Ok(filled)
        })
        .await
    }

    async fn beside(&self, tenant: &TenantId, ticket: &Ticket) -> Result<Beside, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let beside = ticket_surroundings::of(&mut scope, ticket).await?;
            scope.commit().await?;
            Ok(beside)
        })
        .await
    }

    async fn events(
        &self,
        tenant: &TenantId,
        id: &TicketId,
    ) -> Result<Vec<TicketEvent>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let events = read::events(&mut scope, id).await?;
            scope.commit().await?;
            Ok(events)
        })
        .await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        filter: &TicketFilter,
        page: &PageRequest,
    ) -> Result<Page<Ticket>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let tickets = list::page(&mut scope, filter, page).await?;
            scope.commit().await?;
            Ok(tickets)
        })
        .await
    }

    async fn to_alarm(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<ToAlarm>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let waiting = alarms::waiting(&mut scope, now, most).await?;
            scope.commit().await?;
            Ok(waiting)
        })
        .await
    }

    async fn tell_alarms(&self, tenant: &TenantId, told: &ToldAlarms) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            alarms::tell(&mut scope, told).await?;
            scope.commit().await
        })
        .await
    }

    async fn save(&self, tenant: &TenantId, change: &TicketChange) -> Result<(), StoreError> {
        self.save_all(tenant, slice::from_ref(change)).await
    }

    async fn save_all(
        &self,
        tenant: &TenantId,
        changes: &[TicketChange],
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            keep_moves(&mut scope, changes).await?;
            scope.commit().await
        })
        .await
    }
}

impl PostgresStore {
    async fn try_create(
        &self,
        tenant: &TenantId,
        order: &TicketOrder,
        beginning: &Beginning,
    ) -> Result<Created, StoreError> {
        if joins::may_join(order)
            && let Some(ticket) = self.try_take_up(tenant, order).await?
        {
            return Ok(Created { ticket, is_new: false });
        }
        // A task holds its parent, which others may be moving.
        if order.ticket.parent.is_none()
            && let Some(created) = self.make_in_line(tenant, order, beginning).await
        {
            return Ok(created);
        }
        let mut asking = self.scope_of_functions(tenant).await?;
        let numbers = write::take_numbers(&mut asking, vec![&order.request_id]).await?;
        drop(asking);
        let mut scope = self.scope(tenant).await?;
        let created = match numbers.into_iter().flatten().next() {
            Some(number) => {
                children::admit(&mut scope, &order.ticket).await?;
                make_and_tell(&mut scope, order, number, beginning).await?
            }
            None => create_or_find(&mut scope, order, beginning).await?,
        };
        scope.commit().await?;
        Ok(created)
    }

    async fn try_take_up(
        &self,
        tenant: &TenantId,
        order: &TicketOrder,
    ) -> Result<Option<Ticket>, StoreError> {
        let mut scope = self.scope(tenant).await?;
        let ticket = take_up(&mut scope, order).await?;
        scope.commit().await?;
        Ok(ticket)
    }
}

/// Keeps moves that follow each other within a transaction, with the work of the floor that they mean.
pub(crate) async fn keep_moves(
    scope: &mut TenantScope<'_>,
    changes: &[TicketChange],
) -> Result<(), StoreError> {
    for change in changes {
        keep_move(scope, change).await?;
        work_items::follow(scope, change).await?;
    }
    Ok(())
}

/// Keeps a move within a transaction; the work of the floor is for the caller.
pub(crate) async fn keep_move(
    scope: &mut TenantScope<'_>,
    change: &TicketChange,
) -> Result<(), StoreError> {
    write::hold_moved(scope, change).await?;
    keep_line(scope, change).await?;
    if change.applied == TicketMove::Close {
        write::closing(scope, &change.ticket).await?;
    }
    children::tell_parent(scope, change).await
}

/// Keeps a move and its line in the ticket's life, of which nothing else follows.
async fn keep_line(scope: &mut TenantScope<'_>, change: &TicketChange) -> Result<(), StoreError> {
    let former = match &change.revision.customer {
        Some(_) => read::by_id(scope, &change.ticket.id).await?,
        None => None,
    };
    write::update(scope, change).await?;
    if let Some(former) = former {
        sealed_anew::move_to_customer(scope, &former, &change.ticket).await?;
    }
    if let Some(filled) = &change.filled {
        forms::replace(scope, &change.ticket, filled).await?;
    }
    let moved = moved(change);
    write::event(scope, &change.ticket.id, &moved).await?;
    let Revision { subject, body, .. } = &change.revision;
    let resolution = &change.ticket.resolution;
    let texts = [&moved.note, resolution, subject, body].map(Option::as_deref);
    words::add(scope, &change.ticket.id, texts.into_iter().flatten()).await
}

/// Carries out an order within a transaction; other new tickets of the tenant wait until it ends.
pub(crate) async fn create(
    scope: &mut TenantScope<'_>,
    order: &TicketOrder,
) -> Result<Ticket, StoreError> {
    Ok(create_or_find(scope, order, &Beginning::default()).await?.ticket)
}

async fn create_or_find(
    scope: &mut TenantScope<'_>,
    order: &TicketOrder,
    beginning: &Beginning,
) -> Result<Created, StoreError> {
    if let Some(ticket) = take_up(scope, order).await? {
        return Ok(Created { ticket, is_new: false });
    }
    children::admit(scope, &order.ticket).await?;
    let number = write::next_number(scope).await?;
    make_and_tell(scope, order, number, beginning).await
}

async fn make_and_tell(
    scope: &mut TenantScope<'_>,
    order: &TicketOrder,
    number: u64,
    beginning: &Beginning,
) -> Result<Created, StoreError> {
    let created = make(scope, order, number, beginning.outlook).await?;
    audit::add(scope, beginning.line.as_slice()).await?;
    Ok(created)
}

/// Makes the ticket that was ordered, which nobody has made before.
async fn make(
    scope: &mut TenantScope<'_>,
    order: &TicketOrder,
    number: u64,
    outlook: Option<Outlook>,
) -> Result<Created, StoreError> {
    let ticket = order.ticket(number);
    let making = Making { request_id: Some(&order.request_id), actor: &order.actor, outlook };
    making::keep(scope, &ticket, making).await?;
    forms::insert(scope, &ticket, &order.ticket.filled).await?;
    children::tell_making(scope, &ticket, &order.actor).await?;
    Ok(Created { ticket, is_new: true })
}

/// Gives the ticket that an order led to before, or lets an open one of the same issue take it up.
async fn take_up(
    scope: &mut TenantScope<'_>,
    order: &TicketOrder,
) -> Result<Option<Ticket>, StoreError> {
    if let Some(ticket) = read::by_request(scope, &order.request_id).await? {
        return same_order(ticket, order).map(Some);
    }
    if let Some((ticket, note)) = read::by_joined_request(scope, &order.request_id).await? {
        return same_join(ticket, note.as_deref(), order).map(Some);
    }
    let open = joins::find(scope, &order.ticket, order.joins_since).await?;
    let Some(open) = open else { return Ok(None) };
    joins::join(scope, &open, &order.ticket, arrival(order)).await?;
    let ticket = read::by_id(scope, &open).await?;
    let ticket = ticket.ok_or_else(|| StoreError::not_found(format!("ticket {open}")))?;
    let mut filled = forms::of(scope, &ticket).await?;
    filled.complete(&order.ticket.filled);
    forms::insert(scope, &ticket, &filled).await?;
    Ok(Some(ticket))
}

/// Gives the ticket that an order made before, unless the order's name was used for another one.
fn same_order(ticket: Ticket, order: &TicketOrder) -> Result<Ticket, StoreError> {
    let is_same = ticket.subject == order.ticket.subject
        && ticket.interaction == order.ticket.interaction
        && ticket.customer == order.ticket.customer
        && ticket.parent == order.ticket.parent;
    is_same.then_some(ticket).ok_or_else(|| reused(order))
}

/// Gives the ticket that took up an order before, unless the order's name was used for another one; what
/// was erased is not compared.
fn same_join(
    ticket: Ticket,
    note: Option<&str>,
    order: &TicketOrder,
) -> Result<Ticket, StoreError> {
    let taken_up = order.ticket.taken_up();
    let is_same = note.is_none_or(|note| note.lines().next() == taken_up.lines().next());
    is_same.then_some(ticket).ok_or_else(|| reused(order))
}

fn reused(order: &TicketOrder) -> StoreError {
    StoreError::conflict(format!("request {}", order.request_id))
}

fn arrival(order: &TicketOrder) -> Arrival<'_> {
    Arrival { request_id: Some(&order.request_id), rule: None, actor: &order.actor, at: order.at }
}

fn moved(change: &TicketChange) -> TicketEvent {
    TicketEvent {
        version: change.ticket.version,
        applied: Some(change.applied),
        state: change.ticket.state,
        actor: change.actor.clone(),
        note: change.note.clone(),
        at: change.ticket.changed_at,
    }
}
