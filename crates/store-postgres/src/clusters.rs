//! Incidents: opened once, when their signs are there.

use async_trait::async_trait;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::ticket::{Terms, Ticket, TicketMove, TicketState};
use switchboard_store::clusters::{ClusterOrder, Clusters, Gathered, MAX_GATHERED};
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::tickets::making::{self, Making};
use crate::tickets::{keep_moves, write};
use crate::timestamp::At;

#[async_trait]
impl Clusters for PostgresStore {
    async fn gather(
        &self,
        tenant: &TenantId,
        order: &ClusterOrder,
    ) -> Result<Gathered, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let gathered = gather(&mut scope, order).await?;
            scope.commit().await?;
            Ok(gathered)
        })
        .await
    }
}

async fn gather(scope: &mut TenantScope<'_>, order: &ClusterOrder) -> Result<Gathered, StoreError> {
    if count(scope, order).await?.0 == 0 {
        return Ok(Gathered::Nothing);
    }
    if let Some(id) = open_incident(scope, order).await? {
        let joined = join(scope, order, &id).await?;
        tell_joined(scope, order, &id, joined).await?;
        return Ok(Gathered::Incident { id, is_opened: false, joined });
    }
    // Again, for whoever held the rule before may have opened the incident and ended it.
    let (tickets, customers) = count(scope, order).await?;
    if !order.rule.is_met_by(tickets, customers) {
        return Ok(Gathered::Nothing);
    }
    let ticket = open(scope, order, (tickets, customers)).await?;
    let joined = join(scope, order, &ticket.id).await?;
    if !order.rule.is_met_by(joined, customers) {
        // Somebody moves one of them at this very moment, or another rule has taken it.
        return Err(StoreError::conflict(named(order)));
    }
    Ok(Gathered::Incident { id: ticket.id, is_opened: true, joined })
}

/// Counts the signs, and whose they are: by the records that lead for their customers.
async fn count(
    scope: &mut TenantScope<'_>,
    order: &ClusterOrder,
) -> Result<(u64, u64), StoreError> {
    let rule = &order.rule;
    let row = sqlx::query(include_str!("../queries/count_signs.sql"))
        .bind(scope.tenant)
        .bind(At(order.since()))
        .bind(kinds(order))
        .bind(rule.category.as_ref().map(AsRef::<str>::as_ref))
        .bind(&rule.department)
        .bind(bigint(MAX_GATHERED))
        .fetch_one(scope.connection())
        .await
        .map_err(about(named(order)))?;
    let row = Reader::new(&row, "tickets");
    Ok((row.count("signs")?, row.count("customers")?))
}

/// Makes everybody else who looks by this rule wait until the transaction ends, and gives the incident
/// that is open.
async fn open_incident(
    scope: &mut TenantScope<'_>,
    order: &ClusterOrder,
) -> Result<Option<TicketId>, StoreError> {
    sqlx::query(
        "INSERT INTO clusters (tenant_id, rule)
         VALUES ($1, $2)
         ON CONFLICT (tenant_id, rule) DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(&order.rule.id)
    .execute(scope.connection())
    .await
    .map_err(about(named(order)))?;
    let row = sqlx::query(
        "SELECT ticket_id
         FROM clusters
         WHERE tenant_id = $1 AND rule = $2
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(&order.rule.id)
    .fetch_one(scope.connection())
    .await
    .map_err(about(named(order)))?;
    let last: Option<TicketId> = Reader::new(&row, "clusters").parse_optional("ticket_id")?;
    let Some(last) = last else { return Ok(None) };
    // Whoever ends it meanwhile has done so before, or sees what joins it.
    let held = write::hold(scope, &[&last]).await?;
    let is_open = |(_, state): &(TicketId, TicketState)| state.is_open();
    Ok(held.iter().any(is_open).then_some(last))
}

/// Opens the incident, with the alarm in its life, and sends it to its queue.
async fn open(
    scope: &mut TenantScope<'_>,
    order: &ClusterOrder,
    (tickets, customers): (u64, u64),
) -> Result<Ticket, StoreError> {
    let rule = &order.rule;
    let (new, actor) = (rule.incident(), rule.actor());
    let number = write::next_number(scope).await?;
    let first = new.ticket(order.id.clone(), number, order.at);
    let ticket = Ticket { rule: Some(rule.id.clone()), is_incident: true, ..first };
    making::keep(scope, &ticket, Making { request_id: None, actor: &actor, outlook: None }).await?;
    let alarm = rule.alarm(tickets, customers);
    write::tell(scope, &ticket.id, (TicketMove::Alarm, &actor, &alarm), order.at).await?;
    sqlx::query("UPDATE clusters SET ticket_id = $3 WHERE tenant_id = $1 AND rule = $2")
        .bind(scope.tenant)
        .bind(&rule.id)
        .bind(ticket.id.as_str())
        .execute(scope.connection())
        .await
        .map_err(about(named(order)))?;
    send(scope, order, Ticket { version: ticket.version + 1, ..ticket }).await
}

/// Sends a new incident to its queue, as far as its kind lets it go without anybody's words.
async fn send(
    scope: &mut TenantScope<'_>,
    order: &ClusterOrder,
    mut ticket: Ticket,
) -> Result<Ticket, StoreError> {
    for (attempted, details) in order.rule.sending() {
        let Ok(change) = ticket.apply(attempted, details, Terms::from(&order.kind), order.at)
        else {
            return Ok(ticket);
        };
        keep_moves(scope, std::slice::from_ref(&change)).await?;
        ticket = change.ticket;
    }
    Ok(ticket)
}

/// Lets the signs be part of an incident, and says so in the life of each. One that somebody moves at
/// this very moment joins when its change is looked at.
async fn join(
    scope: &mut TenantScope<'_>,
    order: &ClusterOrder,
    incident: &TicketId,
) -> Result<u64, StoreError> {
    let rule = &order.rule;
    let done = sqlx::query(include_str!("../queries/join_incident.sql"))
        .bind(scope.tenant)
        .bind(At(order.since()))
        .bind(kinds(order))
        .bind(rule.category.as_ref().map(AsRef::<str>::as_ref))
        .bind(&rule.department)
        .bind(bigint(MAX_GATHERED))
        .bind(incident.as_str())
        .bind(rule.actor())
        .bind(At(order.at))
        .execute(scope.connection())
        .await
        .map_err(about(named(order)))?;
    Ok(done.rows_affected())
}

/// Notes in the life of an incident how many tickets joined it.
async fn tell_joined(
    scope: &mut TenantScope<'_>,
    order: &ClusterOrder,
    incident: &TicketId,
    joined: u64,
) -> Result<(), StoreError> {
    if joined == 0 {
        return Ok(());
    }
    let what = if joined == 1 { "ticket joined" } else { "tickets joined" };
    let (actor, text) = (order.rule.actor(), format!("{joined} more {what}"));
    write::tell(scope, incident, (TicketMove::Note, &actor, &text), order.at).await
}

fn kinds(order: &ClusterOrder) -> Vec<&str> {
    order.rule.kinds.iter().map(AsRef::as_ref).collect()
}

fn named(order: &ClusterOrder) -> String {
    format!("cluster {}", order.rule.id)
}
