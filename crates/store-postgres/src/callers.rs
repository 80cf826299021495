//! What the records say of a calling number.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::customer::{Evidence, Found, LastTalk, NumberMatch};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::phone::{E164, PhoneAddress};
use switchboard_domain::time::Timestamp;
use switchboard_store::callers::{Background, Callers};
use switchboard_store::error::StoreError;

use crate::customers::read::by_ids;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::{backgrounds, customer_numbers, number_rules};

#[async_trait]
impl Callers for PostgresStore {
    async fn lookup(&self, tenant: &TenantId, address: &PhoneAddress) -> Result<Found, StoreError> {
        if matches!(address, PhoneAddress::Withheld(_)) {
            return Ok(Found::default());
        }
        self.bounded(async {
            let mut scope = self.scope_of_kept_plans(tenant).await?;
            let rules = number_rules::of_number(&mut scope, &address.key()).await?;
            let evidence = match address.number() {
                Some(number) => evidence(&mut scope, number.e164()).await?,
                None => Vec::new(),
            };
            scope.commit().await?;
            Ok(Found { evidence, rules })
        })
        .await
    }

    async fn last_talk(
        &self,
        tenant: &TenantId,
        number: &E164,
        customer: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope_of_kept_plans(tenant).await?;
            let caller_index = scope.vault.number_index(number.as_str());
            let found = sqlx::query(include_str!("../queries/last_talk.sql"))
                .bind(scope.tenant)
                .bind(number.as_str())
                .bind(customer.map(CustomerId::as_str))
                .bind(caller_index.as_bytes())
                .fetch_optional(scope.connection())
                .await
                .map_err(about("the last talk"))?;
            scope.commit().await?;
            let read = |row: &PgRow| {
                let row = Reader::new(row, "interactions");
                Ok(LastTalk { agent: row.parse("agent_id")?, at: row.at("talked_at")? })
            };
            found.as_ref().map(read).transpose()
        })
        .await
    }

    async fn backgrounds(
        &self,
        tenant: &TenantId,
        customers: &[CustomerId],
    ) -> Result<BTreeMap<CustomerId, Background>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope_of_kept_plans(tenant).await?;
            let all = backgrounds::of(&mut scope, customers).await?;
            scope.commit().await?;
            Ok(all)
        })
        .await
    }

    fn changes(&self, tenant: &TenantId) -> u64 {
        self.signals.caller_changes(tenant.as_str())
    }
}

/// Gives what is known of everyone who has a number, or one that ends alike.
async fn evidence(scope: &mut TenantScope<'_>, number: &E164) -> Result<Vec<Evidence>, StoreError> {
    let holders: HashMap<String, NumberMatch> =
        customer_numbers::holders(scope, number).await?.into_iter().collect();
    let ids: Vec<String> = holders.keys().cloned().collect();
    let mut evidence = by_ids(scope, &ids).await?;
    for one in &mut evidence {
        if let Some(agreement) = holders.get(one.customer.id.as_str()) {
            one.number = *agreement;
        }
    }
    let exact = || holders.iter().filter(|(_, agreement)| **agreement == NumberMatch::Exact);
    // A number of one customer says who calls; only sharers are told apart by who called last.
    if exact().count() > 1 {
        let sharers: Vec<String> = exact().map(|(id, _)| id.clone()).collect();
        let calls = last_calls(scope, number, &sharers).await?;
        for one in &mut evidence {
            one.called_at = calls.get(one.customer.id.as_str()).copied();
        }
    }
    Ok(evidence)
}

/// Gives when each of several customers last called from a number.
async fn last_calls(
    scope: &mut TenantScope<'_>,
    number: &E164,
    customers: &[String],
) -> Result<HashMap<String, Timestamp>, StoreError> {
    let caller_index = scope.vault.number_index(number.as_str());
    let rows = sqlx::query(include_str!("../queries/last_calls.sql"))
        .bind(scope.tenant)
        .bind(caller_index.as_bytes())
        .bind(customers)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the last calls from a number"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "interactions");
            Ok((row.get("customer_id")?, row.at("called_at")?))
        })
        .collect()
}
