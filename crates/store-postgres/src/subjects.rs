//! Erasing customers: keys destroyed, records deleted or emptied, all in one transaction.

mod places;

use std::collections::BTreeMap;

use async_trait::async_trait;

use switchboard_domain::ids::{ContactId, CustomerId, IdError, TenantId, TicketId};
use switchboard_domain::time::Timestamp;
use switchboard_store::customers::CustomerEvent;
use switchboard_store::error::StoreError;
use switchboard_store::subjects::{ErasedPlace, Erasure, Fate, LegalHold, Subjects, Traces};

use crate::error::about;
use crate::projection::turn;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::vault::{self, of_contact, of_customer, of_number_rule};
use crate::{customer_events, data_keys, retention};

/// What the reason of a hold is bound to besides its customer.
const PLACE: &str = "legal_holds.sealed";
const REASON: &str = "reason";
/// What the life of a record calls its end.
const ERASED: &str = "erased";

#[async_trait]
impl Subjects for PostgresStore {
    async fn erase(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        actor: &str,
        at: Timestamp,
    ) -> Result<Erasure, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let erasure = end(&mut scope, customer, actor, at).await?;
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(erasure)
        })
        .await
    }

    async fn traces(&self, tenant: &TenantId, customer: &CustomerId) -> Result<Traces, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = places::traces(&mut scope, customer).await?;
            let tickets = places::tickets(&mut scope, &found).await?;
            scope.commit().await?;
            let contacts = found.contacts.into_iter().map(ContactId::parse);
            let contacts =
                contacts.collect::<Result<_, _>>().map_err(corrupt("interactions.id"))?;
            let tickets = tickets.into_iter().map(TicketId::parse);
            let tickets = tickets.collect::<Result<_, _>>().map_err(corrupt("tickets.id"))?;
            Ok(Traces { contacts, tickets })
        })
        .await
    }

    async fn hold(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
    ) -> Result<Option<LegalHold>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let hold = find_hold(&mut scope, customer).await?;
            scope.commit().await?;
            Ok(hold)
        })
        .await
    }

    async fn set_hold(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        hold: Option<&LegalHold>,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            lock(&mut scope, customer).await?;
            match hold {
                Some(hold) => keep_hold(&mut scope, customer, hold).await?,
                None => lift_hold(&mut scope, customer).await?,
            }
            scope.commit().await
        })
        .await
    }
}

fn corrupt(column: &'static str) -> impl FnOnce(IdError) -> StoreError {
    move |error| StoreError::corrupt(column, error)
}

/// Erases what is kept of a customer in a transaction, unless something forbids it.
pub(crate) async fn end(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    actor: &str,
    at: Timestamp,
) -> Result<Erasure, StoreError> {
    // A recorder that has read the keys would keep the caller's index after they are gone.
    turn::take(scope).await?;
    let locked = lock(scope, customer).await?;
    if let Some(winner) = locked.merged_into {
        return Ok(Erasure::Merged(winner));
    }
    lock_merged(scope, customer).await?;
    if let Some(hold) = find_hold(scope, customer).await? {
        return Ok(Erasure::Held(hold));
    }
    let places = erase(scope, customer, at).await?;
    let event = CustomerEvent {
        version: locked.version + 1,
        fields: vec![ERASED.to_owned()],
        actor: actor.to_owned(),
        at,
    };
    customer_events::insert(scope, &[(customer, &event)]).await?;
    Ok(Erasure::Done(places))
}

/// A record that nobody else erases, holds or changes meanwhile.
struct Locked {
    version: u64,
    merged_into: Option<CustomerId>,
}

/// Makes everybody else who erases, holds or changes the customer wait.
async fn lock(scope: &mut TenantScope<'_>, customer: &CustomerId) -> Result<Locked, StoreError> {
    let row = sqlx::query(
        "SELECT version, merged_into FROM customers
         WHERE tenant_id = $1 AND id = $2 AND erased_at IS NULL
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("customer {customer}")))?;
    let row = row.ok_or_else(|| StoreError::not_found(format!("customer {customer}")))?;
    let row = Reader::new(&row, "customers");
    Ok(Locked { version: row.count("version")?, merged_into: row.parse_optional("merged_into")? })
}

/// Makes everybody wait who holds or changes a record that was merged into this one. Nobody merges
/// another one into it meanwhile, for it is locked itself.
async fn lock_merged(scope: &mut TenantScope<'_>, customer: &CustomerId) -> Result<(), StoreError> {
    sqlx::query(
        "SELECT FROM customers
         WHERE tenant_id = $1 AND merged_into = $2
         ORDER BY id
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .execute(scope.connection())
    .await
    .map_err(about(format!("the records of customer {customer}")))?;
    Ok(())
}

async fn erase(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    at: Timestamp,
) -> Result<Vec<ErasedPlace>, StoreError> {
    let traces = places::traces(scope, customer).await?;
    let keys = destroy_keys(scope, &traces).await?;
    let mut report =
        vec![ErasedPlace { place: "data_keys", fate: Fate::KeysDestroyed, records: keys }];
    for step in places::STEPS {
        report.push(places::take(scope, step, customer, &traces).await?);
    }
    report.push(places::empty_records(scope, &traces, at).await?);
    report.extend(places::outside(&traces));
    Ok(report)
}

async fn destroy_keys(
    scope: &mut TenantScope<'_>,
    traces: &places::Found,
) -> Result<u64, StoreError> {
    let records = traces.records.iter().map(|id| of_customer(id));
    let contacts = traces.contacts.iter().map(|id| of_contact(id));
    let rules = traces.rules.iter().map(|id| of_number_rule(id));
    let subjects: Vec<String> = records.chain(contacts).chain(rules).collect();
    data_keys::destroy(scope, &subjects).await
}

/// Gives the hold on a record or on one that was merged into it.
async fn find_hold(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
) -> Result<Option<LegalHold>, StoreError> {
    let row = sqlx::query(
        "SELECT customer_id, sealed, made_by, made_at
         FROM legal_holds
         WHERE tenant_id = $1 AND customer_id IN (
             SELECT id FROM customers WHERE tenant_id = $1 AND (id = $2 OR merged_into = $2)
         )
         LIMIT 1",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("the hold on customer {customer}")))?;
    let Some(row) = row else { return Ok(None) };
    let row = Reader::new(&row, "legal_holds");
    let subject = of_customer(row.get("customer_id")?);
    let keys = data_keys::find(scope, [subject.clone()]).await?;
    let mut texts = vault::open(keys.of(&subject), PLACE, row.get("sealed")?)?;
    Ok(Some(LegalHold {
        reason: texts.remove(REASON).unwrap_or_default(),
        made_by: row.get("made_by")?,
        made_at: row.at("made_at")?,
    }))
}

async fn keep_hold(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    hold: &LegalHold,
) -> Result<(), StoreError> {
    let subject = of_customer(customer.as_str());
    let keys = data_keys::ensure(scope, &[subject.clone()].into()).await?;
    let erased = || StoreError::not_found(format!("customer {customer}"));
    let key = keys.of(&subject).ok_or_else(erased)?;
    let texts = BTreeMap::from([(REASON.to_owned(), hold.reason.clone())]);
    sqlx::query(
        "INSERT INTO legal_holds (tenant_id, customer_id, sealed, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, customer_id) DO UPDATE SET
             sealed = EXCLUDED.sealed,
             made_by = EXCLUDED.made_by,
             made_at = EXCLUDED.made_at",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .bind(vault::seal(key, PLACE, &texts)?)
    .bind(&hold.made_by)
    .bind(At(hold.made_at))
    .execute(scope.connection())
    .await
    .map_err(about(format!("the hold on customer {customer}")))?;
    retention::keep_back(scope).await
}

async fn lift_hold(scope: &mut TenantScope<'_>, customer: &CustomerId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM legal_holds WHERE tenant_id = $1 AND customer_id = $2")
        .bind(scope.tenant)
        .bind(customer.as_str())
        .execute(scope.connection())
        .await
        .map_err(about(format!("the hold on customer {customer}")))?;
    Ok(())
}
