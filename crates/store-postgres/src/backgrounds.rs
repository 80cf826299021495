//! What happened with customers before they call.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;

use switchboard_domain::customer::LastTalk;
use switchboard_domain::ids::CustomerId;
use switchboard_store::callers::{Background, OpenPromise, OpenTicket, PastCall};
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

const MAX_TICKETS: i64 = 3;
const MAX_PROMISES: i64 = 3;
const MAX_CALLS: i64 = 5;

type Backgrounds = BTreeMap<CustomerId, Background>;

/// Gives the backgrounds of customers.
pub(crate) async fn of(
    scope: &mut TenantScope<'_>,
    customers: &[CustomerId],
) -> Result<Backgrounds, StoreError> {
    let ids: Vec<&str> = customers.iter().map(CustomerId::as_str).collect();
    let mut all = customers.iter().cloned().map(|id| (id, Background::default())).collect();
    add_talks(scope, &ids, &mut all).await?;
    add_tickets(scope, &ids, &mut all).await?;
    add_promises(scope, &ids, &mut all).await?;
    add_calls(scope, &ids, &mut all).await?;
    Ok(all)
}

async fn add_talks(
    scope: &mut TenantScope<'_>,
    ids: &[&str],
    all: &mut Backgrounds,
) -> Result<(), StoreError> {
    let rows = sqlx::query(include_str!("../queries/caller_talks.sql"))
        .bind(scope.tenant)
        .bind(ids)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the last talks with customers"))?;
    for row in &rows {
        let (row, background) = whose(row, "interactions", all)?;
        background.last_talk =
            Some(LastTalk { agent: row.parse("agent_id")?, at: row.at("talked_at")? });
    }
    Ok(())
}

async fn add_tickets(
    scope: &mut TenantScope<'_>,
    ids: &[&str],
    all: &mut Backgrounds,
) -> Result<(), StoreError> {
    let rows = sqlx::query(include_str!("../queries/caller_tickets.sql"))
        .bind(scope.tenant)
        .bind(ids)
        .bind(MAX_TICKETS)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the open tickets of customers"))?;
    for row in &rows {
        let (row, background) = whose(row, "tickets", all)?;
        background.tickets.push(OpenTicket {
            id: row.parse("id")?,
            number: row.count("number")?,
            subject: row.get("subject")?,
            state: row.parse("state")?,
        });
    }
    Ok(())
}

async fn add_promises(
    scope: &mut TenantScope<'_>,
    ids: &[&str],
    all: &mut Backgrounds,
) -> Result<(), StoreError> {
    let rows = sqlx::query(include_str!("../queries/caller_promises.sql"))
        .bind(scope.tenant)
        .bind(ids)
        .bind(MAX_PROMISES)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the open promises to customers"))?;
    for row in &rows {
        let (row, background) = whose(row, "promises", all)?;
        background.promises.push(OpenPromise {
            id: row.parse("id")?,
            what: row.get("what")?,
            due_at: row.at("due_at")?,
            owner: row.parse_optional("owner_id")?,
            ticket: row.parse_optional("ticket_id")?,
        });
    }
    Ok(())
}

async fn add_calls(
    scope: &mut TenantScope<'_>,
    ids: &[&str],
    all: &mut Backgrounds,
) -> Result<(), StoreError> {
    let rows = sqlx::query(include_str!("../queries/caller_calls.sql"))
        .bind(scope.tenant)
        .bind(ids)
        .bind(MAX_CALLS)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the calls of customers"))?;
    for row in &rows {
        let (row, background) = whose(row, "interactions", all)?;
        background.calls.push(PastCall {
            id: row.parse("id")?,
            started_at: row.at("started_at")?,
            queue: row.parse_optional("queue_id")?,
            agent: row.parse_optional("agent_id")?,
            disposition: row.get("disposition")?,
        });
    }
    Ok(())
}

fn whose<'row, 'all>(
    row: &'row PgRow,
    table: &'static str,
    all: &'all mut Backgrounds,
) -> Result<(Reader<'row>, &'all mut Background), StoreError> {
    let row = Reader::new(row, table);
    let background = all.entry(row.parse("customer_id")?).or_default();
    Ok((row, background))
}
