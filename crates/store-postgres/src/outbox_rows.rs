//! Outbox entries as rows, in the history and among the dead; their personal fields are sealed.

use std::collections::BTreeMap;

use sqlx::types::Json;

use switchboard_domain::ids::ContactId;
use switchboard_store::error::StoreError;
use switchboard_store::outbox::{OutboxEntry, OutboxId};

use crate::call_surveys;
use crate::data_keys::{self, KeySet};
use crate::error::about;
use crate::personal;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::vault::{self, of_contact};

/// What the sealed fields of an event are bound to besides its contact.
pub(crate) const EVENTS: &str = "interaction_events.sealed";
/// What the sealed fields of a dead event are bound to besides its contact.
pub(crate) const DEAD: &str = "dead_events.sealed";

/// Keeps the entries that are not kept yet, with what callers keyed in surveys, and gives the ids of these.
pub(crate) async fn insert(
    scope: &mut TenantScope<'_>,
    epoch: u64,
    entries: &[OutboxEntry],
    keys: &KeySet,
) -> Result<Vec<OutboxId>, StoreError> {
    let columns = Columns::of(entries, keys)?;
    let rows = sqlx::query(include_str!("../queries/insert_events.sql"))
        .bind(scope.tenant)
        .bind(bigint(epoch))
        .bind(columns.millis)
        .bind(columns.sequences)
        .bind(columns.contacts)
        .bind(columns.entities)
        .bind(columns.entity_ids)
        .bind(columns.versions)
        .bind(columns.floor_at)
        .bind(columns.happened_at)
        .bind(columns.kinds)
        .bind(columns.fields)
        .bind(columns.sealed)
        .bind(columns.traces)
        .fetch_all(scope.connection())
        .await
        .map_err(about("an event"))?;
    let read = rows.iter().map(|row| id(&Reader::new(row, "interaction_events")));
    let new = read.collect::<Result<Vec<_>, _>>()?;
    call_surveys::keep(scope, entries, &new).await?;
    Ok(new)
}

fn id(row: &Reader<'_>) -> Result<OutboxId, StoreError> {
    Ok(OutboxId::new(row.count("stream_millis")?, row.count("stream_sequence")?))
}

/// Entries turned on their side: one array per column makes one statement of any number of them.
#[derive(Default)]
struct Columns<'entry> {
    millis: Vec<i64>,
    sequences: Vec<i64>,
    contacts: Vec<Option<&'entry str>>,
    entities: Vec<&'entry str>,
    entity_ids: Vec<&'entry str>,
    versions: Vec<i64>,
    floor_at: Vec<At>,
    happened_at: Vec<At>,
    kinds: Vec<&'entry str>,
    fields: Vec<Json<BTreeMap<&'entry str, &'entry str>>>,
    sealed: Vec<Option<Vec<u8>>>,
    traces: Vec<Option<&'entry str>>,
}

impl<'entry> Columns<'entry> {
    fn of(entries: &'entry [OutboxEntry], keys: &KeySet) -> Result<Self, StoreError> {
        let mut columns = Self::default();
        for entry in entries {
            let fields = personal::part(&entry.fields);
            columns.millis.push(bigint(entry.id.millis));
            columns.sequences.push(bigint(entry.id.sequence));
            columns.contacts.push(entry.contact());
            columns.entities.push(entry.entity.as_str());
            columns.entity_ids.push(&entry.entity_id);
            columns.versions.push(bigint(entry.version));
            columns.floor_at.push(At(entry.at));
            columns.happened_at.push(At(entry.wall));
            columns.kinds.push(&entry.kind);
            let key = subject(entry).and_then(|subject| keys.of(&subject));
            columns.sealed.push(fields.seal(key, EVENTS)?);
            columns.fields.push(Json(fields.clear));
            columns.traces.push(entry.trace.as_deref());
        }
        Ok(columns)
    }
}

/// Gives everything told about one contact, in the order in which it was told.
pub(crate) async fn about_contact(
    scope: &mut TenantScope<'_>,
    contact: &ContactId,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let rows = sqlx::query(
        "SELECT epoch, stream_millis, stream_sequence, entity, entity_id, version,
             floor_at, happened_at, kind, fields, sealed, trace
         FROM interaction_events
         WHERE tenant_id = $1 AND interaction_id = $2
         ORDER BY epoch, stream_millis, stream_sequence",
    )
    .bind(scope.tenant)
    .bind(contact.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("the events of {contact}")))?;
    let keys = data_keys::find(scope, [of_contact(contact.as_str())]).await?;
    rows.iter().map(|row| read(&Reader::new(row, "interaction_events"), EVENTS, &keys)).collect()
}

/// Gives whose key seals the personal fields of an entry; an event about no contact has none.
pub(crate) fn subject(entry: &OutboxEntry) -> Option<String> {
    entry.contact().map(of_contact)
}

/// Reads an entry from the columns that the history and the dead have in common.
pub(crate) fn read(
    row: &Reader<'_>,
    place: &str,
    keys: &KeySet,
) -> Result<OutboxEntry, StoreError> {
    let mut entry = read_clear(row)?;
    if let Some(sealed) = row.get::<Option<&[u8]>>("sealed")? {
        let key = subject(&entry).and_then(|subject| keys.of(&subject));
        entry.fields.extend(vault::open(key, place, sealed)?);
    }
    Ok(entry)
}

/// Reads what of an entry is not sealed.
pub(crate) fn read_clear(row: &Reader<'_>) -> Result<OutboxEntry, StoreError> {
    Ok(OutboxEntry {
        epoch: row.count("epoch")?,
        id: id(row)?,
        entity: row.parse("entity")?,
        entity_id: row.get("entity_id")?,
        version: row.count("version")?,
        at: row.at("floor_at")?,
        wall: row.at("happened_at")?,
        kind: row.get("kind")?,
        fields: row.texts("fields")?,
        trace: row.get("trace")?,
    })
}
