//! Finding tickets by words: the rarest word leads to the newest tickets under it, the others tell
//! which of those fit.
//!
//! What a page costs is bounded whatever the words are: so many spellings of each word, and so many
//! tickets under the leading one; the next page goes on where this one ended.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::customer::search::NameQuery;
use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::Ticket;
use switchboard_domain::ticket::search::{Term, TextQuery};
use switchboard_store::customer_search::{CustomerSearch, SearchBy};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Page, fitting};
use switchboard_store::ticket_search::{TicketFinder, TicketSearch};
use switchboard_store::tickets::weight;

use super::read;
use crate::customer_words;
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::store::PostgresStore;

/// How many longer words a beginning stands for, in the order of their letters.
const SPELLINGS: i32 = 16;
/// Up to how many tickets a word is counted, and how many are looked at for one page.
const LOOKED_AT: i64 = 1_000;
/// How many customers a name stands for.
const NAMED: i64 = 20;

/// Tickets by their numbers, the newest first, down to a floor below which nobody has looked.
#[derive(Default)]
struct Found {
    tickets: BTreeMap<Reverse<i64>, String>,
    floor: Option<i64>,
}

#[async_trait]
impl TicketFinder for PostgresStore {
    async fn search(
        &self,
        tenant: &TenantId,
        search: &TicketSearch,
        size: u32,
        before: Option<u64>,
    ) -> Result<Page<Ticket>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let before = before.map_or(i64::MAX, bigint);
            let mut found = by_text(&mut scope, &search.texts, before).await?;
            if let Some(name) = &search.customer {
                found.add(by_name(&mut scope, name, size, before).await?);
            }
            let (ids, next) = found.cut(size);
            let records = by_ids(&mut scope, &ids).await?;
            scope.commit().await?;
            Ok(what_fits(records, next))
        })
        .await
    }
}

impl Found {
    fn add(&mut self, other: Self) {
        self.tickets.extend(other.tickets);
        self.floor = self.floor.max(other.floor);
    }

    /// Gives the ids of one page, and where the next one begins; nothing after the last one.
    fn cut(self, size: u32) -> (Vec<String>, String) {
        let floor = self.floor.unwrap_or(0);
        let known = self.tickets.into_iter().filter(|(Reverse(number), _)| *number >= floor);
        let mut known: Vec<(Reverse<i64>, String)> = known.collect();
        let has_more = known.len() > size as usize;
        known.truncate(size as usize);
        let next = match known.last() {
            Some((Reverse(number), _)) if has_more => Some(*number),
            Some(_) | None => self.floor,
        };
        let next = next.map(|number| number.to_string()).unwrap_or_default();
        (known.into_iter().map(|(_, id)| id).collect(), next)
    }
}

/// Ends a page early if its texts weigh too much.
fn what_fits(mut records: Vec<Ticket>, next: String) -> Page<Ticket> {
    let fitting = fitting(records.iter().map(weight));
    if fitting >= records.len() {
        return Page { records, next };
    }
    records.truncate(fitting);
    let last = records.last().map(|ticket| ticket.number.to_string());
    Page { records, next: last.unwrap_or_default() }
}

async fn by_text(
    scope: &mut TenantScope<'_>,
    query: &TextQuery,
    before: i64,
) -> Result<Found, StoreError> {
    let mut groups = spellings(scope, query.terms()).await?;
    if groups.len() < query.terms().len() {
        return Ok(Found::default());
    }
    groups.sort_by_key(|(_, tickets)| *tickets);
    let mut groups = groups.into_iter().map(|(words, _)| words);
    let leading = groups.next().unwrap_or_default();
    let others: Vec<String> = groups.map(|words| words.join(" ")).collect();
    let rows = sqlx::query(include_str!("../../queries/tickets_by_word.sql"))
        .bind(scope.tenant)
        .bind(leading)
        .bind(others)
        .bind(before)
        .bind(LOOKED_AT)
        .fetch_all(scope.connection())
        .await
        .map_err(about("tickets by their words"))?;
    let mut found = Found::default();
    for row in &rows {
        let row = Reader::new(row, "ticket_words");
        let number: i64 = row.get("number")?;
        if row.get("fits")? {
            found.tickets.insert(Reverse(number), row.get("ticket_id")?);
        }
        found.floor = Some(number);
    }
    if rows.len() < usize::try_from(LOOKED_AT).unwrap_or(usize::MAX) {
        found.floor = None;
    }
    Ok(found)
}

/// Gives the words that each term stands for, and how many tickets are under them; nothing for a
/// term that stands for none.
async fn spellings(
    scope: &mut TenantScope<'_>,
    terms: &[Term],
) -> Result<Vec<(Vec<String>, i64)>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/ticket_terms.sql"))
        .bind(scope.tenant)
        .bind(terms.iter().map(|term| term.word.as_str()).collect::<Vec<_>>())
        .bind(terms.iter().map(beyond).collect::<Vec<_>>())
        .bind(SPELLINGS)
        .bind(LOOKED_AT)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the words of tickets"))?;
    let read = |row: &PgRow| {
        let row = Reader::new(row, "ticket_words");
        Ok((row.get("words")?, row.get("tickets")?))
    };
    rows.iter().map(read).collect()
}

/// Gives what comes behind every word that fits.
fn beyond(term: &Term) -> String {
    let end = if term.is_beginning { char::MAX } else { '\u{1}' };
    format!("{}{end}", term.word)
}

async fn by_name(
    scope: &mut TenantScope<'_>,
    name: &NameQuery,
    size: u32,
    before: i64,
) -> Result<Found, StoreError> {
    let any = CustomerSearch {
        by: SearchBy::Nothing,
        owner: None,
        tier: None,
        finding: None,
        segment: None,
    };
    let named = customer_words::find(scope, name, &any, (NAMED, None)).await?;
    let limit = i64::from(size) + 1;
    let rows = sqlx::query(include_str!("../../queries/tickets_by_customer_name.sql"))
        .bind(scope.tenant)
        .bind(named.into_iter().map(|(id, _)| id).collect::<Vec<_>>())
        .bind(before)
        .bind(limit)
        .fetch_all(scope.connection())
        .await
        .map_err(about("tickets by the names of customers"))?;
    let mut found = Found::default();
    for row in &rows {
        let row = Reader::new(row, "tickets");
        let number: i64 = row.get("number")?;
        found.tickets.insert(Reverse(number), row.get("id")?);
        found.floor = Some(number);
    }
    if rows.len() <= size as usize {
        found.floor = None;
    }
    Ok(found)
}

async fn by_ids(scope: &mut TenantScope<'_>, ids: &[String]) -> Result<Vec<Ticket>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM tickets WHERE tenant_id = $1 AND id = ANY($2) ORDER BY number DESC",
    )
    .bind(scope.tenant)
    .bind(ids)
    .fetch_all(scope.connection())
    .await
    .map_err(about("the tickets found"))?;
    rows.iter().map(|row| read::ticket(&Reader::new(row, "tickets"))).collect()
}
