//! What the records say of a calling number.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::customer::{Evidence, Found, LastTalk, NumberMatch};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::phone::{E164, PhoneAddress, PhoneNumber};
use switchboard_domain::time::Timestamp;
use switchboard_sealing::BlindIndex;
use switchboard_store::callers::{Background, Callers};
use switchboard_store::error::StoreError;

use crate::customers::read::by_ids;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::{backgrounds, number_rules};

/// The most customers one number leads to.
const MAX_HOLDERS: i64 = 20;

#[async_trait]
impl Callers for PostgresStore {
    async fn lookup(&self, tenant: &TenantId, address: &PhoneAddress) -> Result<Found, StoreError> {
        if matches!(address, PhoneAddress::Withheld(_)) {
            return Ok(Found::default());
        }
        self.bounded(async {
            let mut asked = self.scope_of_functions(tenant).await?;
            let found = ByNumber::read(&mut asked, address).await?;
            let mut evidence = evidence(&mut asked, &found.holders).await?;
            drop(asked);
            if found.is_plain() {
                return Ok(Found { evidence, rules: Vec::new() });
            }
            let mut scope = self.scope_of_kept_plans(tenant).await?;
            let rules = number_rules::read_all(&mut scope, &found.rules).await?;
            tell_apart(&mut scope, address, &found.sharers(), &mut evidence).await?;
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
            let mut scope = self.scope_of_functions(tenant).await?;
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

/// What a number leads to.
struct ByNumber {
    /// The lists it stands on, still sealed.
    rules: Vec<PgRow>,
    /// Who has it, or one that ends alike.
    holders: HashMap<String, NumberMatch>,
}

impl ByNumber {
    async fn read(scope: &mut TenantScope<'_>, address: &PhoneAddress) -> Result<Self, StoreError> {
        let number = address.number().map(PhoneNumber::e164);
        let number_index = scope.vault.number_index(&address.key());
        let suffix_index = number.map(|number| scope.vault.suffix_index(number));
        let rows = sqlx::query("SELECT * FROM callers_of_number($1, $2, $3, $4, $5, $6)")
            .bind(scope.tenant)
            .bind(number_index.as_bytes())
            .bind(suffix_index.as_ref().map(BlindIndex::as_bytes))
            .bind(number.map(E164::as_str))
            .bind(number.map(E164::suffix))
            .bind(MAX_HOLDERS)
            .fetch_all(scope.connection())
            .await
            .map_err(about("what a number leads to"))?;
        let mut found = Self { rules: Vec::new(), holders: HashMap::new() };
        for row in rows {
            let read = Reader::new(&row, "callers_of_number");
            match read.get::<Option<String>>("customer_id")? {
                Some(customer) => {
                    let is_exact: bool = read.get("is_exact")?;
                    let agreement = if is_exact { NumberMatch::Exact } else { NumberMatch::Suffix };
                    found.holders.insert(customer, agreement);
                }
                None => found.rules.push(row),
            }
        }
        Ok(found)
    }

    /// Gives who has the very number, where several have: they are told apart by who called last.
    fn sharers(&self) -> Vec<String> {
        let exact = self.holders.iter().filter(|(_, agreement)| **agreement == NumberMatch::Exact);
        let exact: Vec<String> = exact.map(|(id, _)| id.clone()).collect();
        if exact.len() > 1 { exact } else { Vec::new() }
    }

    /// Tells whether nothing more is to be read.
    fn is_plain(&self) -> bool {
        self.rules.is_empty() && self.sharers().is_empty()
    }
}

/// Gives what is known of the holders of a number.
async fn evidence(
    scope: &mut TenantScope<'_>,
    holders: &HashMap<String, NumberMatch>,
) -> Result<Vec<Evidence>, StoreError> {
    if holders.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = holders.keys().cloned().collect();
    let mut evidence = by_ids(scope, &ids).await?;
    for one in &mut evidence {
        if let Some(agreement) = holders.get(one.customer.id.as_str()) {
            one.number = *agreement;
        }
    }
    Ok(evidence)
}

/// Says when those who share a number last called from it.
async fn tell_apart(
    scope: &mut TenantScope<'_>,
    address: &PhoneAddress,
    sharers: &[String],
    evidence: &mut [Evidence],
) -> Result<(), StoreError> {
    let Some(number) = address.number().filter(|_| !sharers.is_empty()) else { return Ok(()) };
    let calls = last_calls(scope, number.e164(), sharers).await?;
    for one in evidence {
        one.called_at = calls.get(one.customer.id.as_str()).copied();
    }
    Ok(())
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
