//! Files that tickets refer to.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::str::FromStr;

use sqlx::postgres::PgRow;

use switchboard_domain::ids::{AttachmentId, TicketId};
use switchboard_domain::ticket::{Attachment, Ticket};
use switchboard_sealing::DataKey;
use switchboard_store::error::StoreError;

use super::{key, keys, named};
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::vault::{self, Texts};

/// What is sealed is bound to this besides its key.
const PLACE: &str = "ticket_attachments.sealed";
const NAME: &str = "name";
const URI: &str = "uri";
const SHA256: &str = "sha256";

pub(super) async fn rows(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
) -> Result<Vec<PgRow>, StoreError> {
    sqlx::query(
        "SELECT id, media_type, size, sealed, added_by, added_at
         FROM ticket_attachments
         WHERE tenant_id = $1 AND ticket_id = $2
         ORDER BY added_at, id",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(named(ticket)))
}

pub(super) fn read(key: &DataKey, rows: &[PgRow]) -> Result<Vec<Attachment>, StoreError> {
    rows.iter().map(|row| one(key, row)).collect()
}

pub(super) async fn insert(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    file: &Attachment,
) -> Result<(), StoreError> {
    let keys = keys(scope, ticket).await?;
    let sealed = vault::seal(key(&keys, ticket)?, PLACE, &texts(file))?;
    sqlx::query(
        "INSERT INTO ticket_attachments
             (tenant_id, ticket_id, id, media_type, size, sealed, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .bind(file.id.as_str())
    .bind(file.media_type.to_string())
    .bind(bigint(file.size))
    .bind(sealed)
    .bind(&file.added_by)
    .bind(At(file.added_at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("attachment {}", file.id)))?;
    Ok(())
}

pub(super) async fn delete(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
    id: &AttachmentId,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "DELETE FROM ticket_attachments WHERE tenant_id = $1 AND ticket_id = $2 AND id = $3",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .bind(id.as_str())
    .execute(scope.connection())
    .await
    .map_err(about(format!("attachment {id}")))?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(StoreError::not_found(format!("attachment {id}")))
}

fn texts(file: &Attachment) -> Texts {
    BTreeMap::from([
        (NAME.to_owned(), file.name.clone()),
        (URI.to_owned(), file.uri.as_str().to_owned()),
        (SHA256.to_owned(), file.sha256.to_string()),
    ])
}

fn one(key: &DataKey, row: &PgRow) -> Result<Attachment, StoreError> {
    let row = Reader::new(row, "ticket_attachments");
    let mut texts = vault::open(Some(key), PLACE, row.get("sealed")?)?;
    let mut text = |name: &str| texts.remove(name).unwrap_or_default();
    Ok(Attachment {
        id: row.parse("id")?,
        name: text(NAME),
        media_type: row.parse("media_type")?,
        size: row.count("size")?,
        sha256: parsed(&text(SHA256))?,
        uri: parsed(&text(URI))?,
        added_by: row.get("added_by")?,
        added_at: row.at("added_at")?,
    })
}

fn parsed<Value>(text: &str) -> Result<Value, StoreError>
where
    Value: FromStr<Err: StdError + Send + Sync + 'static>,
{
    text.parse().map_err(|error: Value::Err| StoreError::corrupt(PLACE, error))
}
