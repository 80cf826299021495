//! Sends tickets where the rules of the center say.

use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::center::{Center, Zone};
use switchboard_domain::flow::KnownCustomer;
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::ticket::{
    Finding, Terms, Ticket, TicketChange, TicketError, TicketFacts, TicketMove, TicketState,
    Verdict, verdict,
};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::page::{MAX_PAGE_SIZE, PageRequest};
use switchboard_store::ticket_dispatch::DispatchMark;
use switchboard_store::tickets::TicketFilter;

use super::DispatchParts;

/// How many changes are looked at before others are asked for.
const BATCH: u32 = 100;

/// Sends every ticket of a tenant that waits for it where the rules say.
///
/// Looked at is what changed since the last time; everything that waits, when the rules are others.
pub async fn dispatch_due(parts: &DispatchParts, tenant: &TenantId) -> Result<(), StoreError> {
    let Some(center) = parts.center(tenant).await else { return Ok(()) };
    match parts.marks.mark(tenant).await? {
        // Another process knows newer rules; this one is about to.
        Some(mark) if mark.center > center.version => Ok(()),
        Some(mark) if mark.center == center.version => follow(parts, tenant, &center, mark).await,
        Some(_) | None => begin_anew(parts, tenant, &center).await,
    }
}

/// Looks at what changed.
async fn follow(
    parts: &DispatchParts,
    tenant: &TenantId,
    center: &Arc<Center>,
    mut mark: DispatchMark,
) -> Result<(), StoreError> {
    if center.dispatch_rules.is_empty() {
        return Ok(());
    }
    loop {
        let changes = parts.feed.changes_after(tenant, mark.change, BATCH, Duration::ZERO).await?;
        let Some(last) = changes.last().map(|changed| changed.change) else { return Ok(()) };
        for changed in changes {
            send_or_tell(parts, tenant, center, changed.ticket).await?;
        }
        mark.change = last;
        parts.marks.advance(tenant, mark).await?;
    }
}

/// Looks at everything that waits, by rules that are new.
async fn begin_anew(
    parts: &DispatchParts,
    tenant: &TenantId,
    center: &Arc<Center>,
) -> Result<(), StoreError> {
    // What changes meanwhile is looked at afterwards.
    let change = parts.feed.last_change(tenant).await?;
    if !center.dispatch_rules.is_empty() {
        let accepted = TicketFilter {
            state: Some(TicketState::Accepted),
            is_unassigned: true,
            ..TicketFilter::default()
        };
        let back = TicketFilter {
            state: Some(TicketState::Reopened),
            is_reopened: true,
            ..TicketFilter::default()
        };
        let new = TicketFilter { state: Some(TicketState::New), ..TicketFilter::default() };
        let takes_new = center.dispatch_rules.iter().any(|rule| rule.accepts);
        for filter in [accepted, back].into_iter().chain(takes_new.then_some(new)) {
            send_all(parts, tenant, center, &filter).await?;
        }
    }
    parts.marks.advance(tenant, DispatchMark { center: center.version, change }).await
}

async fn send_all(
    parts: &DispatchParts,
    tenant: &TenantId,
    center: &Arc<Center>,
    filter: &TicketFilter,
) -> Result<(), StoreError> {
    let mut token = String::new();
    loop {
        let page = PageRequest::parse(MAX_PAGE_SIZE, &token)
            .map_err(|error| StoreError::corrupt("a page of tickets", error))?;
        let found = parts.tickets.tickets.list(tenant, filter, &page).await?;
        for ticket in found.records {
            send_or_tell(parts, tenant, center, ticket).await?;
        }
        token = found.next;
        if token.is_empty() {
            return Ok(());
        }
    }
}

/// Sends a ticket; one that cannot be read keeps no other from its turn.
async fn send_or_tell(
    parts: &DispatchParts,
    tenant: &TenantId,
    center: &Arc<Center>,
    ticket: Ticket,
) -> Result<(), StoreError> {
    let id = ticket.id.clone();
    match send(parts, tenant, center, ticket).await {
        Err(error) if !error.is_transient() => {
            tracing::error!(tenant.id = %tenant, ticket.id = %id, %error, "a ticket goes nowhere");
            Ok(())
        }
        outcome => outcome,
    }
}

/// Sends a ticket where the rules say, if it waits for it and one of them says something.
async fn send(
    parts: &DispatchParts,
    tenant: &TenantId,
    center: &Arc<Center>,
    ticket: Ticket,
) -> Result<(), StoreError> {
    if !center.dispatch_rules.iter().any(|rule| ticket.awaits_dispatch_by(rule)) {
        return Ok(());
    }
    let look = Look::at(parts, tenant, center, ticket).await?;
    let verdict = look.verdict();
    let waits = |taken: &&Finding<'_>| look.facts.ticket.awaits_dispatch_by(taken.rule);
    let Some(taken) = verdict.taken_by().filter(waits) else { return Ok(()) };
    let looked_at = &look.facts.ticket;
    // After the ticket: what is filled in from now on makes the moves a conflict.
    let filled = parts.tickets.tickets.filled(tenant, looked_at).await?;
    let kind = center.ticket_kinds.of(&looked_at.kind);
    let terms = Terms { filled: &filled, ..Terms::from(&kind) };
    let Ok(changes) = moves(looked_at, taken, terms, parts.tickets.clock.now()) else {
        return Ok(());
    };
    match parts.tickets.tickets.save_all(tenant, &changes).await {
        // Somebody moved it at this very moment: it is looked at again.
        Ok(()) | Err(StoreError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Gives the moves that a rule makes of a ticket: what is new is accepted first, if its form admits it.
fn moves(
    ticket: &Ticket,
    taken: &Finding<'_>,
    terms: Terms<'_>,
    now: Timestamp,
) -> Result<Vec<TicketChange>, TicketError> {
    if ticket.state != TicketState::New {
        return Ok(vec![ticket.apply(TicketMove::Dispatch, taken.details(), terms, now)?]);
    }
    let accepted = ticket.apply(TicketMove::Accept, taken.acceptance(), terms, now)?;
    let sent = accepted.ticket.apply(TicketMove::Dispatch, taken.details(), terms, now)?;
    Ok(vec![accepted, sent])
}

/// What the rules look at.
pub(super) struct Look {
    center: Arc<Center>,
    facts: TicketFacts,
    customer: Option<KnownCustomer>,
}

impl Look {
    /// Gathers what is known of a ticket now.
    pub(super) async fn at(
        parts: &DispatchParts,
        tenant: &TenantId,
        center: &Arc<Center>,
        ticket: Ticket,
    ) -> Result<Self, StoreError> {
        let customer = match &ticket.customer {
            Some(customer) => known(parts, tenant, center, customer).await?,
            None => None,
        };
        let zone = Zone::parse(&center.time_zone)
            .map_err(|error| StoreError::corrupt("the zone of the center", error))?;
        let facts = TicketFacts::of(ticket, &zone, parts.tickets.clock.now());
        Ok(Self { center: Arc::clone(center), facts, customer })
    }

    /// Says which rule takes the ticket.
    pub(super) fn verdict(&self) -> Verdict<'_> {
        let (rules, language) = (&self.center.dispatch_rules, &self.center.default_language);
        verdict(rules, &self.facts, self.customer.as_ref(), language)
    }
}

/// Gives what is known of a customer; nothing of one whose record is gone.
async fn known(
    parts: &DispatchParts,
    tenant: &TenantId,
    center: &Center,
    id: &CustomerId,
) -> Result<Option<KnownCustomer>, StoreError> {
    let customers = &parts.tickets.customers;
    let mut evidence = match customers.evidence(tenant, id).await {
        Err(StoreError::NotFound { .. }) => return Ok(None),
        found => found?,
    };
    if let Some(leading) = evidence.customer.merged_into.clone() {
        evidence = customers.evidence(tenant, &leading).await?;
    }
    let customer = KnownCustomer::of(&evidence.customer, evidence.open_tickets);
    Ok(Some(center.with_segments(customer, Some(&evidence))))
}
