//! Customers who had nothing to do with the center for long: erased, as they may ask for themselves.

use switchboard_domain::ids::CustomerId;
use switchboard_domain::retention::Kept;
use switchboard_domain::time::Timestamp;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::retention::RETENTION;
use switchboard_store::subjects::Erasure;

use super::walk::{Place, RECORDS, Taken};
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::{audit, subjects};

/// The most customers erased in one step: each takes a statement for every place, and the recorder
/// waits meanwhile.
const ERASED: usize = 5;

/// Erases some customers from a place on.
pub(super) async fn take(
    scope: &mut TenantScope<'_>,
    (before, place): (Timestamp, &Place),
    now: Timestamp,
) -> Result<Taken, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/idle_customers.sql"))
        .bind(scope.tenant)
        .bind(At(before))
        .bind(&place.id)
        .bind(RECORDS)
        .fetch_all(scope.connection())
        .await
        .map_err(about("customers past their time"))?;
    let (mut taken, mut erased) = (Taken::default(), 0);
    let mut is_over = (rows.len() as u64) < RECORDS.unsigned_abs();
    for row in &rows {
        let row = Reader::new(row, Kept::Customers.as_str());
        let id: CustomerId = row.parse("id")?;
        taken.place = Some(Place { at: None, id: id.to_string() });
        if !row.get::<bool>("is_idle")? {
            continue;
        }
        if is_erased(scope, &id, now).await? {
            taken.gone += 1;
            erased += 1;
        } else {
            taken.held += 1;
        }
        if erased == ERASED {
            is_over = false;
            break;
        }
    }
    taken.place = taken.place.filter(|_| !is_over);
    Ok(taken)
}

/// Erases a customer, and says whether nothing forbids it.
async fn is_erased(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match subjects::end(scope, customer, RETENTION, now).await? {
        Erasure::Held(_) | Erasure::Merged(_) => Ok(false),
        Erasure::Done(_) => {
            let line = AuditRecord {
                actor: RETENTION.to_owned(),
                role: "system".to_owned(),
                action: "customer.erase".to_owned(),
                object: format!("customer/{customer}"),
                detail: None,
                at: now,
            };
            audit::add(scope, &[line]).await?;
            Ok(true)
        }
    }
}
