//! The months of the events. Only the owner of the tables may make and drop partitions: the migrations
//! leave functions that do it in its name, and look themselves whether they may.

use sqlx::PgPool;

use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Makes the next month, if it begins by a time.
pub(super) async fn make(pool: &PgPool, upto: Timestamp) -> Result<bool, StoreError> {
    sqlx::query_scalar("SELECT make_event_month($1) IS NOT NULL")
        .bind(At(upto))
        .fetch_one(pool)
        .await
        .map_err(about("a month of events"))
}

/// Drops the first month whose events every tenant lets go.
pub(super) async fn drop_one(pool: &PgPool) -> Result<bool, StoreError> {
    sqlx::query_scalar("SELECT drop_event_month() IS NOT NULL")
        .fetch_one(pool)
        .await
        .map_err(about("a month of events"))
}

/// Keeps up to where a tenant lets all its events go: up to a time, or to the first that is held.
pub(super) async fn let_go(
    scope: &mut TenantScope<'_>,
    before: Option<Timestamp>,
) -> Result<(), StoreError> {
    take_turn(scope).await?;
    let Some(before) = before else { return withdraw(scope).await };
    sqlx::query(
        "INSERT INTO event_consents (tenant_id, before_millis)
         SELECT $1, least(
             (extract(epoch FROM $2::timestamptz) * 1000)::bigint,
             (
                 SELECT min(events.stream_millis)
                 FROM held_contacts($1) AS held
                 JOIN interaction_events AS events
                     ON events.tenant_id = $1 AND events.interaction_id = held.id
             )
         )
         ON CONFLICT (tenant_id) DO UPDATE SET before_millis = EXCLUDED.before_millis
         WHERE event_consents.before_millis <> EXCLUDED.before_millis",
    )
    .bind(scope.tenant)
    .bind(At(before))
    .execute(scope.connection())
    .await
    .map_err(about("the consent to drop events"))?;
    Ok(())
}

/// Takes back that events may go, for somebody's are held from now on; the next run looks anew.
pub(crate) async fn keep_back(scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
    take_turn(scope).await?;
    withdraw(scope).await
}

/// Makes whoever else decides what the tenant lets go wait: between looking at the holds and keeping
/// the consent there is no new hold.
async fn take_turn(scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('event_consents'), hashtext($1))")
        .bind(scope.tenant)
        .execute(scope.connection())
        .await
        .map_err(about("the turn of a consent"))?;
    Ok(())
}

async fn withdraw(scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM event_consents WHERE tenant_id = $1")
        .bind(scope.tenant)
        .execute(scope.connection())
        .await
        .map_err(about("the consent to drop events"))?;
    Ok(())
}
