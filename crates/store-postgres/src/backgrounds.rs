//! What happened with customers before they call.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use switchboard_domain::customer::LastTalk;
use switchboard_domain::ids::CustomerId;
use switchboard_store::callers::{Background, OpenPromise, OpenTicket, PastCall};
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

const MAX_TICKETS: usize = 3;
const MAX_PROMISES: usize = 3;
const MAX_CALLS: usize = 5;

type Backgrounds = BTreeMap<CustomerId, Background>;

/// Gives the backgrounds of customers.
pub(crate) async fn of(
    scope: &mut TenantScope<'_>,
    customers: &[CustomerId],
) -> Result<Backgrounds, StoreError> {
    let ids: Vec<&str> = customers.iter().map(CustomerId::as_str).collect();
    let rows = sqlx::query("SELECT * FROM backgrounds_of_customers($1, $2, $3, $4, $5)")
        .bind(scope.tenant)
        .bind(ids)
        .bind(most(MAX_TICKETS))
        .bind(most(MAX_PROMISES))
        .bind(most(MAX_CALLS))
        .fetch_all(scope.connection())
        .await
        .map_err(about("what happened with customers"))?;
    let mut all: Backgrounds =
        customers.iter().cloned().map(|id| (id, Background::default())).collect();
    for row in &rows {
        let row = Reader::new(row, "what happened with customers");
        add(&row, all.entry(row.parse("customer_id")?).or_default())?;
    }
    for background in all.values_mut() {
        background.tickets.sort_by_key(|ticket| Reverse(ticket.number));
        background.promises.sort_by_key(|promise| promise.due_at);
        background.calls.sort_by_key(|call| Reverse(call.started_at));
        // So many were read of each record of the customer.
        background.tickets.truncate(MAX_TICKETS);
        background.promises.truncate(MAX_PROMISES);
        background.calls.truncate(MAX_CALLS);
    }
    Ok(all)
}

fn most(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Adds one thing that happened.
fn add(row: &Reader<'_>, background: &mut Background) -> Result<(), StoreError> {
    match row.get("what")? {
        "talk" => {
            let talk = LastTalk { agent: row.parse("agent_id")?, at: row.at("at")? };
            if background.last_talk.as_ref().is_none_or(|last| last.at < talk.at) {
                background.last_talk = Some(talk);
            }
        }
        "ticket" => background.tickets.push(OpenTicket {
            id: row.parse("id")?,
            number: row.count("number")?,
            subject: row.get("words")?,
            state: row.parse("state")?,
        }),
        "promise" => background.promises.push(OpenPromise {
            id: row.parse("id")?,
            what: row.get("words")?,
            due_at: row.at("at")?,
            owner: row.parse_optional("agent_id")?,
            ticket: row.parse_optional("ticket_id")?,
        }),
        _ => background.calls.push(PastCall {
            id: row.parse("id")?,
            started_at: row.at("at")?,
            queue: row.parse_optional("queue_id")?,
            agent: row.parse_optional("agent_id")?,
            disposition: row.get("words")?,
        }),
    }
    Ok(())
}
