//! Looks at the deadlines of tickets, and tells each once.

use std::sync::Arc;

use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::sla::{Alarm, Due, SlaPolicy, Step, Told, policy_for};
use switchboard_domain::ticket::{Terms, Ticket, TicketChange, TicketMove};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::tenants::Tenants;
use switchboard_store::tickets::{TicketEvent, ToAlarm, ToldAlarms};

use crate::TicketParts;
use crate::policy::Policy;
use crate::rounds::each_tenant;

/// How many tickets are looked at before others are asked for.
const BATCH: u32 = 100;

/// Tells of deadlines for ever.
///
/// Any number of processes may do so: a ticket takes what is told only in the version that was looked
/// at, so each alarm is told once. To be dropped at any moment is fine. What it costs depends on how
/// many tickets change or come due, not on how many there are.
pub async fn watch_deadlines(parts: TicketParts, tenants: Arc<dyn Tenants>) {
    each_tenant(&*tenants, "deadlines cannot be told", |tenant| {
        let parts = parts.clone();
        async move { tell_due(&parts, &tenant).await }
    })
    .await;
}

/// Tells what is due now, of every ticket of a tenant.
pub async fn tell_due(parts: &TicketParts, tenant: &TenantId) -> Result<(), StoreError> {
    loop {
        let waiting = parts.tickets.to_alarm(tenant, parts.clock.now(), BATCH).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let Some(policy) = Policy::of(parts, tenant).await.known() else { return Ok(()) };
        let is_last = waiting.len() < BATCH as usize;
        for looked_at in waiting {
            match tell(parts, tenant, &policy, &looked_at).await {
                // Somebody moved it, or told of it, at this very moment: it is looked at again.
                Ok(()) | Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if is_last {
            return Ok(());
        }
    }
}

async fn tell(
    parts: &TicketParts,
    tenant: &TenantId,
    policy: &Policy,
    looked_at: &ToAlarm,
) -> Result<(), StoreError> {
    let ToAlarm { ticket, tier, told_until } = looked_at;
    let now = parts.clock.now();
    let owed = policy_for(policy.sla(), ticket, *tier).filter(|_| ticket.state.is_open());
    let due = match owed {
        Some(owed) => {
            let events = parts.tickets.events(tenant, &ticket.id).await?;
            let told = told_before(&events, *told_until);
            owed.look(policy.calendar(owed), &life(&events), &told, now)
        }
        None => Due::default(),
    };
    let events = owed.map(|owed| events(looked_at, owed, &due.now, now)).unwrap_or_default();
    let (changes, followers) = match owed {
        Some(owed) if !due.now.is_empty() => {
            let version = events.last().map_or(ticket.version, |event| event.version);
            let told = Ticket { version, ..ticket.clone() };
            escalate(parts, tenant, (policy, owed), (told, &due.now)).await?
        }
        Some(_) | None => (vec![], vec![]),
    };
    let told = ToldAlarms {
        ticket: ticket.id.clone(),
        version: ticket.version,
        events,
        changes,
        followers,
        until: now,
        outlook: due.outlook,
    };
    parts.tickets.tell_alarms(tenant, &told).await?;
    for alarm in &due.now {
        let (id, clock) = (ticket.id.as_str(), alarm.clock.as_str());
        tracing::warn!(tenant.id = %tenant, ticket.id = id, clock, level = ?alarm.level, "{alarm}");
    }
    Ok(())
}

/// Gives the moves that follow from alarms, of the ticket as it is once they are told, and who is to
/// follow it.
///
/// A level whose moves are refused, such as one that would accept a ticket whose form asks for something
/// first, is told all the same.
async fn escalate(
    parts: &TicketParts,
    tenant: &TenantId,
    (policy, owed): (&Policy, &SlaPolicy),
    (mut ticket, alarms): (Ticket, &[Alarm]),
) -> Result<(Vec<TicketChange>, Vec<String>), StoreError> {
    let (mut changes, mut followers) = (Vec::new(), Vec::new());
    let levels = alarms.iter().filter_map(|alarm| Some((alarm, owed.escalation(alarm)?)));
    let kind = policy.kinds().of(&ticket.kind);
    let actor = actor(owed);
    for (alarm, level) in levels {
        let filled = parts.tickets.filled(tenant, &ticket).await?;
        let terms = Terms { filled: &filled, ..Terms::from(&kind) };
        let now = parts.clock.now();
        match level.moves(&ticket, (&actor, &alarm.to_string()), terms, now) {
            Ok(moves) => {
                ticket = moves.last().map_or(ticket, |change| change.ticket.clone());
                changes.extend(moves);
            }
            Err(error) => {
                let id = ticket.id.as_str();
                tracing::warn!(tenant.id = %tenant, ticket.id = id, %error, "a level does nothing");
            }
        }
        followers.extend(level.notifies.iter().map(|agent| format!("agent:{agent}")));
    }
    Ok((changes, followers))
}

fn actor(owed: &SlaPolicy) -> String {
    format!("sla:{}", owed.id)
}

/// Gives what a ticket's life tells of alarms.
fn told_before(events: &[TicketEvent], until: Timestamp) -> Told {
    let alarms = events.iter().filter(|event| event.applied == Some(TicketMove::Alarm));
    let lines = alarms.filter_map(|event| Some((event.at, event.note.clone()?))).collect();
    Told { until, lines }
}

fn events(
    looked_at: &ToAlarm,
    owed: &SlaPolicy,
    alarms: &[Alarm],
    now: Timestamp,
) -> Vec<TicketEvent> {
    let told = |(version, alarm): (u64, &Alarm)| TicketEvent {
        version,
        applied: Some(TicketMove::Alarm),
        state: looked_at.ticket.state,
        actor: actor(owed),
        note: Some(alarm.to_string()),
        at: now,
    };
    (looked_at.ticket.version + 1..).zip(alarms).map(told).collect()
}

/// Gives a ticket's life as its clocks read it.
pub(crate) fn life(events: &[TicketEvent]) -> Vec<Step> {
    events.iter().map(|event| (event.applied, event.state, event.at)).collect()
}
