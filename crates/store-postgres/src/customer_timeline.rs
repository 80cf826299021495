//! What happened with a customer, merged from seven tables.

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::customer_timeline::{
    CustomerTimeline, Happening, TimelineEntry, TimelineRequest,
};
use switchboard_store::customers::CustomerEvent;
use switchboard_store::error::StoreError;
use switchboard_store::page::{Page, PageTokenError};

use crate::error::about;
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::timestamp::At;

/// What the rows are called when one cannot be read.
const TABLE: &str = "the timeline";

#[async_trait]
impl CustomerTimeline for PostgresStore {
    async fn timeline(
        &self,
        tenant: &TenantId,
        request: TimelineRequest<'_>,
    ) -> Result<Page<TimelineEntry>, StoreError> {
        self.bounded(async {
            let TimelineRequest { customer, size, .. } = request;
            let after = request.after.map(cursor).transpose()?;
            let mut scope = self.scope(tenant).await?;
            let mut rows = sqlx::query(include_str!("../queries/timeline.sql"))
                .bind(scope.tenant)
                .bind(customer.as_str())
                .bind(after.map(|(at, _)| At(at)))
                .bind(after.map(|(_, key)| key))
                .bind(i64::from(size) + 1)
                .bind(request.days_until.map(At))
                .fetch_all(scope.connection())
                .await
                .map_err(about(format!("what happened with customer {customer}")))?;
            scope.commit().await?;
            let has_more = rows.len() > size as usize;
            rows.truncate(size as usize);
            let last = rows.last().filter(|_| has_more);
            let next = last.map(behind).transpose()?.unwrap_or_default();
            Ok(Page { records: rows.iter().map(read).collect::<Result<_, _>>()?, next })
        })
        .await
    }
}

fn behind(row: &PgRow) -> Result<String, StoreError> {
    let row = Reader::new(row, TABLE);
    Ok(format!("{}~{}", row.at("at")?, row.get::<&str>("key")?))
}

fn cursor(text: &str) -> Result<(Timestamp, &str), StoreError> {
    let refuse =
        || StoreError::Refused { what: "the page token".to_owned(), source: PageTokenError.into() };
    let (at, key) = text.split_once('~').ok_or_else(refuse)?;
    Ok((Timestamp::from_millis(at.parse().map_err(|_| refuse())?), key))
}

fn read(row: &PgRow) -> Result<TimelineEntry, StoreError> {
    let row = Reader::new(row, TABLE);
    let at = row.at("at")?;
    let what = match row.get("kind")? {
        "contact" => contact(&row)?,
        "ticket" => ticket(&row)?,
        "follow_up" => follow_up(&row)?,
        "promise" => promise(&row)?,
        "touchpoint" => touchpoint(&row)?,
        "occurrence" => occurrence(&row)?,
        _ => record(&row, at)?,
    };
    Ok(TimelineEntry { at, what })
}

fn contact(row: &Reader<'_>) -> Result<Happening, StoreError> {
    Ok(Happening::Contact {
        id: row.parse("id")?,
        state: row.get("state")?,
        queue: row.parse_optional("place")?,
        agent: row.parse_optional("who")?,
        disposition: row.get("words")?,
    })
}

fn ticket(row: &Reader<'_>) -> Result<Happening, StoreError> {
    Ok(Happening::Ticket {
        id: row.parse("id")?,
        number: row.count("number")?,
        subject: row.get("words")?,
        state: row.get("state")?,
        priority: row.get("place")?,
    })
}

fn follow_up(row: &Reader<'_>) -> Result<Happening, StoreError> {
    Ok(Happening::FollowUp {
        id: row.parse("id")?,
        state: row.get("state")?,
        survey: row.parse_optional("place")?,
        ticket: row.parse_optional("who")?,
        reason: row.get("words")?,
    })
}

fn promise(row: &Reader<'_>) -> Result<Happening, StoreError> {
    Ok(Happening::Promise {
        id: row.parse("id")?,
        state: row.get("state")?,
        what: row.get("words")?,
        due_at: row.at("until")?,
        owner: row.parse_optional("who")?,
        ticket: row.parse_optional("place")?,
    })
}

fn touchpoint(row: &Reader<'_>) -> Result<Happening, StoreError> {
    Ok(Happening::Touchpoint {
        id: row.parse("id")?,
        state: row.get("state")?,
        plan: row.get("place")?,
        reason: row.get("words")?,
        follow_up: row.parse_optional("who")?,
        ticket: row.parse_optional("about")?,
    })
}

fn occurrence(row: &Reader<'_>) -> Result<Happening, StoreError> {
    Ok(Happening::Occurrence {
        id: row.parse("id")?,
        kind: row.parse("place")?,
        summary: row.get("words")?,
        source: row.get("about")?,
        actor: row.get("who")?,
    })
}

fn record(row: &Reader<'_>, at: Timestamp) -> Result<Happening, StoreError> {
    let event = CustomerEvent {
        version: row.count("number")?,
        fields: row.get("fields")?,
        actor: row.get("who")?,
        at,
    };
    Ok(Happening::Record { customer: row.parse("id")?, event })
}
