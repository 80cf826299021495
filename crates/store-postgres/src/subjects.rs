//! Erasing customers: keys destroyed, records deleted or emptied, all in one transaction.

mod places;

use std::collections::BTreeMap;

use async_trait::async_trait;

use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::customers::CustomerEvent;
use switchboard_store::error::StoreError;
use switchboard_store::subjects::{ErasedPlace, Erasure, Fate, LegalHold, Subjects};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::vault::{self, of_contact, of_customer, of_number_rule};
use crate::{customer_events, data_keys};

use places::Traces;

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
            let mut people = vec![(customer.clone(), lock(&mut scope, customer).await?)];
            for merged in merged_into(&mut scope, customer).await? {
                let version = lock(&mut scope, &merged).await?;
                people.push((merged, version));
            }
            for (one, _) in &people {
                if let Some(hold) = find_hold(&mut scope, one).await? {
                    return Ok(Erasure::Held(hold));
                }
            }
            let mut places = Vec::new();
            for (one, version) in people {
                for place in erase(&mut scope, &one, at).await? {
                    add(&mut places, place);
                }
                let fields = vec![ERASED.to_owned()];
                let actor = actor.to_owned();
                let event = CustomerEvent { version: version + 1, fields, actor, at };
                customer_events::insert(&mut scope, &one, &event).await?;
            }
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(Erasure::Done(places))
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

/// Makes everybody else who erases or holds the customer wait, and gives the record's version.
async fn lock(scope: &mut TenantScope<'_>, customer: &CustomerId) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "SELECT version FROM customers
         WHERE tenant_id = $1 AND id = $2 AND erased_at IS NULL
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("customer {customer}")))?;
    let row = row.ok_or_else(|| StoreError::not_found(format!("customer {customer}")))?;
    Reader::new(&row, "customers").count("version")
}

/// Gives the records that lead to a customer: they are about the same one, and go with it.
async fn merged_into(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
) -> Result<Vec<CustomerId>, StoreError> {
    let rows = sqlx::query(
        "SELECT id
         FROM customers
         WHERE tenant_id = $1 AND merged_into = $2 AND erased_at IS NULL
         ORDER BY id",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("the records merged into customer {customer}")))?;
    rows.iter().map(|row| Reader::new(row, "customers").parse("id")).collect()
}

/// Adds what was done in a place to what was done there for another record.
fn add(places: &mut Vec<ErasedPlace>, done: ErasedPlace) {
    let is_same = |known: &&mut ErasedPlace| known.place == done.place && known.fate == done.fate;
    match places.iter_mut().find(is_same) {
        Some(known) => known.records += done.records,
        None => places.push(done),
    }
}

async fn erase(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    at: Timestamp,
) -> Result<Vec<ErasedPlace>, StoreError> {
    let traces = places::traces(scope, customer).await?;
    let keys = destroy_keys(scope, customer, &traces).await?;
    let mut report =
        vec![ErasedPlace { place: "data_keys", fate: Fate::KeysDestroyed, records: keys }];
    for step in places::STEPS {
        report.push(places::take(scope, step, customer, &traces).await?);
    }
    report.push(places::empty_record(scope, customer, at).await?);
    report.extend(places::outside(&traces));
    Ok(report)
}

async fn destroy_keys(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    traces: &Traces,
) -> Result<u64, StoreError> {
    let contacts = traces.contacts.iter().map(|id| of_contact(id));
    let rules = traces.rules.iter().map(|id| of_number_rule(id));
    let subjects: Vec<String> =
        std::iter::once(of_customer(customer.as_str())).chain(contacts).chain(rules).collect();
    data_keys::destroy(scope, &subjects).await
}

async fn find_hold(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
) -> Result<Option<LegalHold>, StoreError> {
    let row = sqlx::query(
        "SELECT sealed, made_by, made_at
         FROM legal_holds
         WHERE tenant_id = $1 AND customer_id = $2",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("the hold on customer {customer}")))?;
    let Some(row) = row else { return Ok(None) };
    let row = Reader::new(&row, "legal_holds");
    let subject = of_customer(customer.as_str());
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
    Ok(())
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
