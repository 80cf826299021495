//! Walks along records that are past their time, some in each step, and deletes those not held.

use switchboard_domain::retention::Kept;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// The most records of one step: some ten milliseconds of the store's time, and of locks.
pub(super) const RECORDS: i64 = 500;

/// Up to where a walk has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: Option<Timestamp>,
    pub(super) id: String,
}

/// What a step did.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) gone: u64,
    pub(super) held: u64,
    /// Where the next step begins; nothing when there is no more.
    pub(super) place: Option<Place>,
}

/// Deletes some records of a kind from a place on; the statement does all of it.
pub(super) async fn take(
    scope: &mut TenantScope<'_>,
    kept: Kept,
    statement: &'static str,
    (before, place): (Timestamp, &Place),
) -> Result<Taken, StoreError> {
    let row = sqlx::query(statement)
        .bind(scope.tenant)
        .bind(At(before))
        .bind(place.at.map(At))
        .bind(&place.id)
        .bind(RECORDS)
        .fetch_optional(scope.connection())
        .await
        .map_err(about(format!("{kept} past their time")))?;
    let Some(row) = row else { return Ok(Taken::default()) };
    let row = Reader::new(&row, kept.as_str());
    let is_over = row.count("seen")? < RECORDS.unsigned_abs();
    let last = Place { at: row.at_optional("last_at")?, id: row.get("last_id")? };
    Ok(Taken {
        gone: row.count("gone")?,
        held: row.count("held")?,
        place: (!is_over).then_some(last),
    })
}
