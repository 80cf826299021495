//! Conversations with third parties beside tickets.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;

use switchboard_domain::ids::{ConversationId, TicketId};
use switchboard_domain::ticket::{
    Medium, Party, SideClosed, SideConversation, SideMessage, Ticket,
};
use switchboard_sealing::DataKey;
use switchboard_store::error::StoreError;

use super::{key, keys, named};
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::tickets::words;
use crate::timestamp::At;
use crate::vault;

/// What is sealed is bound to these besides its key.
const PLACE: &str = "side_conversations.sealed";
const MESSAGE_PLACE: &str = "side_messages.sealed";
const SUBJECT: &str = "subject";
const PARTY: &str = "party";
const TEXT: &str = "text";

/// Gives the conversations of a ticket and their messages, the oldest first.
pub(super) async fn rows(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
) -> Result<(Vec<PgRow>, Vec<PgRow>), StoreError> {
    let sides = sqlx::query(
        "SELECT id, department, medium, sealed, opened_by, opened_at, closed_by, closed_at
         FROM side_conversations
         WHERE tenant_id = $1 AND ticket_id = $2
         ORDER BY opened_at, id",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(named(ticket)))?;
    if sides.is_empty() {
        return Ok((sides, Vec::new()));
    }
    let messages = sqlx::query(
        "SELECT conversation_id, id, direction, sealed, noted_by, noted_at
         FROM side_messages
         WHERE tenant_id = $1 AND ticket_id = $2
         ORDER BY version",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(named(ticket)))?;
    Ok((sides, messages))
}

pub(super) fn read(
    key: &DataKey,
    sides: &[PgRow],
    messages: &[PgRow],
) -> Result<Vec<SideConversation>, StoreError> {
    let mut said: BTreeMap<String, Vec<SideMessage>> = BTreeMap::new();
    for row in messages {
        let row = Reader::new(row, "side_messages");
        said.entry(row.get("conversation_id")?).or_default().push(message(key, &row)?);
    }
    let read = |row| {
        let row = Reader::new(row, "side_conversations");
        let mut side = conversation(key, &row)?;
        side.messages = said.remove(side.id.as_str()).unwrap_or_default();
        Ok(side)
    };
    sides.iter().map(read).collect()
}

pub(super) async fn insert(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    side: &SideConversation,
) -> Result<(), StoreError> {
    let mut texts = BTreeMap::from([(SUBJECT.to_owned(), side.subject.clone())]);
    let department = match &side.party {
        Party::Department(name) => Some(name),
        Party::Other(party) => {
            texts.insert(PARTY.to_owned(), party.clone());
            None
        }
    };
    let keys = keys(scope, ticket).await?;
    let sealed = vault::seal(key(&keys, ticket)?, PLACE, &texts)?;
    sqlx::query(
        "INSERT INTO side_conversations
             (tenant_id, ticket_id, id, department, medium, sealed, opened_by, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .bind(side.id.as_str())
    .bind(department)
    .bind(side.medium.map(Medium::as_str))
    .bind(sealed)
    .bind(&side.opened_by)
    .bind(At(side.opened_at))
    .execute(scope.connection())
    .await
    .map_err(about(what(&side.id)))?;
    words::add(scope, &ticket.id, texts.values().map(String::as_str)).await
}

pub(super) async fn say(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    side: &ConversationId,
    message: &SideMessage,
) -> Result<(), StoreError> {
    let texts = BTreeMap::from([(TEXT.to_owned(), message.text.clone())]);
    let keys = keys(scope, ticket).await?;
    let sealed = vault::seal(key(&keys, ticket)?, MESSAGE_PLACE, &texts)?;
    sqlx::query(
        "INSERT INTO side_messages
             (tenant_id, ticket_id, conversation_id, id, version, direction, sealed, noted_by,
              noted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .bind(side.as_str())
    .bind(message.id.as_str())
    .bind(bigint(ticket.version))
    .bind(message.direction.as_str())
    .bind(sealed)
    .bind(&message.noted_by)
    .bind(At(message.noted_at))
    .execute(scope.connection())
    .await
    .map_err(about(what(side)))?;
    words::add(scope, &ticket.id, [message.text.as_str()]).await
}

pub(super) async fn close(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
    side: &ConversationId,
    closed: &SideClosed,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE side_conversations
         SET closed_by = $4, closed_at = $5
         WHERE tenant_id = $1 AND ticket_id = $2 AND id = $3 AND closed_at IS NULL",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .bind(side.as_str())
    .bind(&closed.by)
    .bind(At(closed.at))
    .execute(scope.connection())
    .await
    .map_err(about(what(side)))?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::not_found(what(side))) }
}

fn what(side: &ConversationId) -> String {
    format!("side_conversation {side}")
}

fn conversation(key: &DataKey, row: &Reader<'_>) -> Result<SideConversation, StoreError> {
    let mut texts = vault::open(Some(key), PLACE, row.get("sealed")?)?;
    let department: Option<String> = row.get("department")?;
    let by: Option<String> = row.get("closed_by")?;
    let closed = by.map(|by| Ok::<_, StoreError>(SideClosed { by, at: row.at("closed_at")? }));
    Ok(SideConversation {
        id: row.parse("id")?,
        subject: texts.remove(SUBJECT).unwrap_or_default(),
        party: match department {
            Some(name) => Party::Department(name),
            None => Party::Other(texts.remove(PARTY).unwrap_or_default()),
        },
        medium: row.parse_optional("medium")?,
        opened_by: row.get("opened_by")?,
        opened_at: row.at("opened_at")?,
        closed: closed.transpose()?,
        messages: Vec::new(),
    })
}

fn message(key: &DataKey, row: &Reader<'_>) -> Result<SideMessage, StoreError> {
    let mut texts = vault::open(Some(key), MESSAGE_PLACE, row.get("sealed")?)?;
    Ok(SideMessage {
        id: row.parse("id")?,
        direction: row.parse("direction")?,
        text: texts.remove(TEXT).unwrap_or_default(),
        noted_by: row.get("noted_by")?,
        noted_at: row.at("noted_at")?,
    })
}
