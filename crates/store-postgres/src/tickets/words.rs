//! The words under which tickets are found, written down with what they are taken from.

use std::collections::BTreeSet;

use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::NewTicket;
use switchboard_domain::ticket::search::text_words;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::bigint;
use crate::scope::TenantScope;

/// Writes down the words of a new ticket, its number among them.
pub(super) async fn add_new(
    scope: &mut TenantScope<'_>,
    id: &TicketId,
    number: u64,
    ticket: &NewTicket,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ticket_words (tenant_id, word, number, ticket_id)
         SELECT $1, word, $2, $3
         FROM unnest($4::text[]) AS word",
    )
    .bind(scope.tenant)
    .bind(bigint(number))
    .bind(id.as_str())
    .bind(of_new(number, [&ticket.subject, &ticket.body]))
    .execute(scope.connection())
    .await
    .map_err(about(format!("the words of ticket {id}")))?;
    Ok(())
}

/// Gives the words of a new ticket's texts, its number among them.
pub(super) fn of_new(number: u64, texts: [&str; 2]) -> Vec<String> {
    let mut words = text_words(texts);
    words.insert(number.to_string());
    words.into_iter().collect()
}

/// Writes down the words of what is said of a ticket later.
pub(crate) async fn add(
    scope: &mut TenantScope<'_>,
    id: &TicketId,
    texts: impl IntoIterator<Item = &str>,
) -> Result<(), StoreError> {
    let words: BTreeSet<String> = text_words(texts);
    if words.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO ticket_words (tenant_id, word, number, ticket_id)
         SELECT $1, word, tickets.number, tickets.id
         FROM tickets, unnest($3::text[]) AS word
         WHERE tickets.tenant_id = $1 AND tickets.id = $2
         ON CONFLICT (tenant_id, word, number) DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .bind(words.into_iter().collect::<Vec<_>>())
    .execute(scope.connection())
    .await
    .map_err(about(format!("the words of ticket {id}")))?;
    Ok(())
}
