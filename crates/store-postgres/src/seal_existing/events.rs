//! Events, in the history and among the dead.

use std::collections::BTreeSet;

use sqlx::postgres::PgRow;
use sqlx::types::Json;

use switchboard_store::error::StoreError;
use switchboard_store::outbox::OutboxEntry;

use super::{BATCH, Sealed};
use crate::error::about;
use crate::outbox_rows::{self, DEAD, EVENTS};
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::{data_keys, personal};

/// Where an event stands: epoch, and the two parts of its place in the stream.
type Key = (i64, i64, i64);

/// One of the two tables.
struct Table {
    find: &'static str,
    update: &'static str,
    place: &'static str,
}

/// Seals some events of the history behind a key.
pub(super) async fn seal_some(
    scope: &mut TenantScope<'_>,
    after: &Key,
) -> Result<Sealed<Key>, StoreError> {
    let table = Table {
        find: include_str!("../../queries/events_in_clear.sql"),
        update: include_str!("../../queries/seal_event.sql"),
        place: EVENTS,
    };
    table.seal_some(scope, after).await
}

/// Seals some dead events behind a key.
pub(super) async fn seal_some_dead(
    scope: &mut TenantScope<'_>,
    after: &Key,
) -> Result<Sealed<Key>, StoreError> {
    let table = Table {
        find: include_str!("../../queries/dead_events_in_clear.sql"),
        update: include_str!("../../queries/seal_dead_event.sql"),
        place: DEAD,
    };
    table.seal_some(scope, after).await
}

impl Table {
    async fn seal_some(
        &self,
        scope: &mut TenantScope<'_>,
        after: &Key,
    ) -> Result<Sealed<Key>, StoreError> {
        let rows = self.find(scope, after).await?;
        let entries = rows
            .iter()
            .map(|row| outbox_rows::read_clear(&Reader::new(row, "events")))
            .collect::<Result<Vec<_>, _>>()?;
        let Some(last) = entries.last().map(key) else { return Ok(None) };
        let subjects: BTreeSet<String> = entries.iter().filter_map(outbox_rows::subject).collect();
        let keys = data_keys::ensure(scope, &subjects).await?;
        for entry in &entries {
            let fields = personal::part(&entry.fields);
            let subject = outbox_rows::subject(entry);
            let data_key = subject.and_then(|subject| keys.of(&subject));
            let sealed = fields.seal(data_key, self.place)?;
            let (epoch, millis, sequence) = key(entry);
            sqlx::query(self.update)
                .bind(scope.tenant)
                .bind(epoch)
                .bind(millis)
                .bind(sequence)
                .bind(Json(fields.clear))
                .bind(sealed)
                .execute(scope.connection())
                .await
                .map_err(about("an event in clear"))?;
        }
        Ok(Some((entries.len() as u64, last)))
    }

    async fn find(
        &self,
        scope: &mut TenantScope<'_>,
        after: &Key,
    ) -> Result<Vec<PgRow>, StoreError> {
        let (epoch, millis, sequence) = after;
        sqlx::query(self.find)
            .bind(scope.tenant)
            .bind(epoch)
            .bind(millis)
            .bind(sequence)
            .bind(BATCH)
            .bind(personal::NAMES.map(str::to_owned).to_vec())
            .fetch_all(scope.connection())
            .await
            .map_err(about("events in clear"))
    }
}

fn key(entry: &OutboxEntry) -> Key {
    (bigint(entry.epoch), bigint(entry.id.millis), bigint(entry.id.sequence))
}
