//! How tickets hang together: links, each kept once and shown by both ends, tasks and members.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::{ContactId, TenantId, TicketId};
use switchboard_domain::ticket::{
    LinkError, LinkKind, MAX_LINKS, Ticket, TicketChange, TicketMove,
};
use switchboard_store::error::StoreError;
use switchboard_store::ticket_relations::{
    LinkOrder, LinkedTicket, Linking, MembershipOrder, Relations, TicketRelations,
};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::tickets::{children, joins, keep_move, write};
use crate::timestamp::At;

#[async_trait]
impl TicketRelations for PostgresStore {
    async fn relations(&self, tenant: &TenantId, ticket: &Ticket) -> Result<Relations, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let links = links(&mut scope, &ticket.id).await?;
            // Tasks have none, and only incidents have members.
            let children = match &ticket.parent {
                Some(_) => vec![],
                None => children::of(&mut scope, &ticket.id).await?,
            };
            let (members, open_members) = if ticket.is_incident {
                count_members(&mut scope, &ticket.id).await?
            } else {
                (0, 0)
            };
            let interactions = joins::interactions(&mut scope, &ticket.id).await?;
            scope.commit().await?;
            Ok(Relations { links, children, members, open_members, interactions })
        })
        .await
    }

    async fn link(&self, tenant: &TenantId, order: &LinkOrder) -> Result<Linking, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let linking = link(&mut scope, order).await?;
            scope.commit().await?;
            Ok(linking)
        })
        .await
    }

    async fn unlink(&self, tenant: &TenantId, order: &LinkOrder) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let ends = hold(&mut scope, order).await?;
            if delete(&mut scope, order).await? {
                tell_both(&mut scope, order, &ends, "no longer ").await?;
            }
            scope.commit().await
        })
        .await
    }

    async fn link_interaction(
        &self,
        tenant: &TenantId,
        line: &TicketChange,
        contact: &ContactId,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            // First, so that whoever else changes the ticket waits, and is told.
            keep_move(&mut scope, line).await?;
            joins::link(&mut scope, &line.ticket, contact).await?;
            scope.commit().await
        })
        .await
    }

    async fn set_incident(
        &self,
        tenant: &TenantId,
        order: &MembershipOrder,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            set_incident(&mut scope, order).await?;
            scope.commit().await
        })
        .await
    }

    async fn open_children(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
    ) -> Result<Vec<u64>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let children = children::of(&mut scope, ticket).await?;
            scope.commit().await?;
            Ok(Relations { children, ..Relations::default() }.open_children())
        })
        .await
    }
}

/// What is known of the two ends of a link: by id the number, and whether it names somebody who was
/// erased.
type Ends = BTreeMap<TicketId, (u64, bool)>;

async fn link(scope: &mut TenantScope<'_>, order: &LinkOrder) -> Result<Linking, StoreError> {
    let ends = hold(scope, order).await?;
    if has(scope, order).await? {
        return Ok(Linking::Known);
    }
    for (id, (_, is_erased)) in &ends {
        let ticket = id.clone();
        if *is_erased {
            return Ok(Linking::Refused(LinkError::Erased { ticket }));
        }
        if links(scope, id).await?.len() >= MAX_LINKS {
            return Ok(Linking::Refused(LinkError::TooMany { ticket }));
        }
    }
    insert(scope, order).await?;
    tell_both(scope, order, &ends, "").await?;
    Ok(Linking::Made)
}

/// Holds both ends until the transaction ends.
async fn hold(scope: &mut TenantScope<'_>, order: &LinkOrder) -> Result<Ends, StoreError> {
    write::hold(scope, &[&order.ticket, &order.other]).await?;
    let rows = sqlx::query(
        "SELECT tickets.id, tickets.number, customers.erased_at IS NOT NULL AS is_erased
         FROM tickets
         LEFT JOIN customers
             ON customers.tenant_id = $1 AND customers.id = tickets.customer_id
         WHERE tickets.tenant_id = $1 AND tickets.id = ANY($2)",
    )
    .bind(scope.tenant)
    .bind([order.ticket.as_str(), order.other.as_str()])
    .fetch_all(scope.connection())
    .await
    .map_err(about("the ends of a link"))?;
    let read = |row: &PgRow| {
        let row = Reader::new(row, "tickets");
        Ok((row.parse("id")?, (row.count("number")?, row.get("is_erased")?)))
    };
    let ends: Ends = rows.iter().map(read).collect::<Result<_, StoreError>>()?;
    for id in [&order.ticket, &order.other] {
        if !ends.contains_key(id) {
            return Err(StoreError::not_found(format!("ticket {id}")));
        }
    }
    Ok(ends)
}

async fn has(scope: &mut TenantScope<'_>, order: &LinkOrder) -> Result<bool, StoreError> {
    let (from, kind, to) = order.kind.kept(&order.ticket, &order.other);
    sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT FROM ticket_links
             WHERE tenant_id = $1 AND ticket_id = $2 AND kind = $3 AND other_id = $4
         )",
    )
    .bind(scope.tenant)
    .bind(from.as_str())
    .bind(kind.as_str())
    .bind(to.as_str())
    .fetch_one(scope.connection())
    .await
    .map_err(about("a link of tickets"))
}

async fn insert(scope: &mut TenantScope<'_>, order: &LinkOrder) -> Result<(), StoreError> {
    let (from, kind, to) = order.kind.kept(&order.ticket, &order.other);
    sqlx::query(
        "INSERT INTO ticket_links (tenant_id, ticket_id, kind, other_id, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(scope.tenant)
    .bind(from.as_str())
    .bind(kind.as_str())
    .bind(to.as_str())
    .bind(&order.actor)
    .bind(At(order.at))
    .execute(scope.connection())
    .await
    .map_err(about("a link of tickets"))?;
    Ok(())
}

async fn delete(scope: &mut TenantScope<'_>, order: &LinkOrder) -> Result<bool, StoreError> {
    let (from, kind, to) = order.kind.kept(&order.ticket, &order.other);
    let done = sqlx::query(
        "DELETE FROM ticket_links
         WHERE tenant_id = $1 AND ticket_id = $2 AND kind = $3 AND other_id = $4",
    )
    .bind(scope.tenant)
    .bind(from.as_str())
    .bind(kind.as_str())
    .bind(to.as_str())
    .execute(scope.connection())
    .await
    .map_err(about("a link of tickets"))?;
    Ok(done.rows_affected() > 0)
}

/// Notes in both lives what they are to each other, or no longer are.
async fn tell_both(
    scope: &mut TenantScope<'_>,
    order: &LinkOrder,
    ends: &Ends,
    negation: &str,
) -> Result<(), StoreError> {
    let seen = [(&order.ticket, order.kind, &order.other)];
    let seen_from_there = [(&order.other, order.kind.inverse(), &order.ticket)];
    for (id, kind, other) in seen.into_iter().chain(seen_from_there) {
        let number = ends.get(other).map_or(0, |(number, _)| *number);
        let text = format!("{negation}{}", kind.told(number));
        let line = (TicketMove::Note, order.actor.as_str(), text.as_str());
        write::tell(scope, id, line, order.at).await?;
    }
    Ok(())
}

/// Gives the links of a ticket as it shows them, the oldest first.
async fn links(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
) -> Result<Vec<LinkedTicket>, StoreError> {
    let rows = sqlx::query(include_str!("../queries/ticket_links.sql"))
        .bind(scope.tenant)
        .bind(ticket.as_str())
        .fetch_all(scope.connection())
        .await
        .map_err(about(format!("the links of ticket {ticket}")))?;
    rows.iter().map(linked).collect()
}

fn linked(row: &PgRow) -> Result<LinkedTicket, StoreError> {
    let row = Reader::new(row, "ticket_links");
    let kept: LinkKind = row.parse("kind")?;
    Ok(LinkedTicket {
        kind: if row.get("is_from_here")? { kept } else { kept.inverse() },
        ticket: children::brief(&row)?,
        made_by: row.get("made_by")?,
        made_at: row.at("made_at")?,
    })
}

async fn set_incident(
    scope: &mut TenantScope<'_>,
    order: &MembershipOrder,
) -> Result<(), StoreError> {
    let ends: Vec<&TicketId> = std::iter::once(&order.ticket).chain(&order.incident).collect();
    let held = write::hold(scope, &ends).await?;
    if let Some(missing) = ends.into_iter().find(|id| !held.iter().any(|(found, _)| found == *id)) {
        return Err(StoreError::not_found(format!("ticket {missing}")));
    }
    let row = sqlx::query(include_str!("../queries/set_incident.sql"))
        .bind(scope.tenant)
        .bind(order.ticket.as_str())
        .bind(order.incident.as_ref().map(TicketId::as_str))
        .fetch_optional(scope.connection())
        .await
        .map_err(about(format!("ticket {}", order.ticket)))?;
    let Some(row) = row else { return Ok(()) };
    let row = Reader::new(&row, "tickets");
    let text = match (row.count_optional("part_of")?, row.count_optional("taken_from")?) {
        (Some(number), _) => format!("part of incident #{number}"),
        (None, Some(number)) => format!("no longer part of incident #{number}"),
        (None, None) => "no longer part of an incident".to_owned(),
    };
    write::tell(scope, &order.ticket, (TicketMove::Note, &order.actor, &text), order.at).await
}

async fn count_members(
    scope: &mut TenantScope<'_>,
    incident: &TicketId,
) -> Result<(u64, u64), StoreError> {
    let row = sqlx::query(
        "SELECT
             count(*) AS members,
             count(*) FILTER (
                 WHERE state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
             ) AS open_members
         FROM tickets
         WHERE tenant_id = $1 AND incident_id = $2",
    )
    .bind(scope.tenant)
    .bind(incident.as_str())
    .fetch_one(scope.connection())
    .await
    .map_err(about(format!("the members of incident {incident}")))?;
    let row = Reader::new(&row, "tickets");
    Ok((row.count("members")?, row.count("open_members")?))
}
