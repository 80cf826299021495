//! Finding customers: by words of the name, last digits of a number, external id, owner and tier.

mod by_number;

use std::iter;

use async_trait::async_trait;

use switchboard_domain::center::CustomerRules;
use switchboard_domain::customer::{Customer, Evidence, Tier};
use switchboard_domain::ids::TenantId;
use switchboard_store::customer_search::{CustomerFinder, CustomerSearch, SearchBy, Wanted};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Cursor, Page};

use crate::customers::read::leading_evidence;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::{customer_external_ids, customer_words};

/// How many customers are looked at together for those of a segment, however few are asked for.
const LOOKED_AT: u32 = 200;

/// Ids of customers in their order, each with the cursor behind it, and the cursor behind the last one if
/// there may be more.
pub(crate) struct Ids {
    found: Vec<(String, String)>,
    next: String,
}

#[async_trait]
impl CustomerFinder for PostgresStore {
    async fn search(
        &self,
        tenant: &TenantId,
        search: &CustomerSearch,
        size: u32,
        after: Option<&str>,
    ) -> Result<Page<Customer>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let most = if search.segment.is_some() { size.max(LOOKED_AT) } else { size };
            let found = find(&mut scope, search, most, after).await?;
            let records = in_order(&mut scope, search, &found.ids()).await?;
            scope.commit().await?;
            Ok(found.page(records, size))
        })
        .await
    }
}

async fn find(
    scope: &mut TenantScope<'_>,
    search: &CustomerSearch,
    size: u32,
    after: Option<&str>,
) -> Result<Ids, StoreError> {
    match &search.by {
        SearchBy::Name(query) => {
            let limit = i64::from(size) + 1;
            let found = customer_words::find(scope, query, search, (limit, after)).await?;
            Ok(Ids::cut(found, size))
        }
        SearchBy::Number(ending) => by_number::find(scope, ending, size, after).await,
        SearchBy::ExternalId(external_id) => {
            let holder = customer_external_ids::holder(scope, external_id).await?;
            Ok(Ids::all(holder))
        }
        SearchBy::Nothing => by_filter(scope, search, size, after).await,
    }
}

async fn by_filter(
    scope: &mut TenantScope<'_>,
    search: &CustomerSearch,
    size: u32,
    after: Option<&str>,
) -> Result<Ids, StoreError> {
    let after: Option<Cursor> = after.map(str::parse).transpose().map_err(not_ours)?;
    let wanted = search.finding.as_ref();
    let rows = sqlx::query(include_str!("../queries/customers_by_filter.sql"))
        .bind(scope.tenant)
        .bind(search.owner.as_ref().map(AsRef::<str>::as_ref))
        .bind(search.tier.map(Tier::as_str))
        .bind(wanted.map(|wanted| wanted.finding.as_str()))
        .bind(wanted.map(|wanted| tiers(&wanted.rules)))
        .bind(wanted.and_then(Wanted::reviewed_before).map(At))
        .bind(after.as_ref().map(|cursor| At(cursor.at)))
        .bind(after.as_ref().map(|cursor| cursor.id.as_str()))
        .bind(i64::from(size) + 1)
        .fetch_all(scope.connection())
        .await
        .map_err(about("customers by owner and tier"))?;
    let read = |row| {
        let row = Reader::new(row, "customers");
        let id: String = row.get("id")?;
        let cursor = Cursor { at: row.at("created_at")?, id: id.clone() };
        Ok((id, cursor.to_string()))
    };
    Ok(Ids::cut(rows.iter().map(read).collect::<Result<_, StoreError>>()?, size))
}

/// Reads customers in the order in which they were found, and leaves out those that do not fit.
async fn in_order(
    scope: &mut TenantScope<'_>,
    search: &CustomerSearch,
    ids: &[String],
) -> Result<Vec<Customer>, StoreError> {
    let fits = |found: &Evidence| {
        let customer = &found.customer;
        (search.owner.is_none() || customer.owner == search.owner)
            && search.tier.is_none_or(|tier| customer.tier == tier)
            && search.finding.as_ref().is_none_or(|wanted| wanted.holds_of(customer))
            && search.segment.as_ref().is_none_or(|segment| segment.holds_of(found))
    };
    let found = leading_evidence(scope, ids).await?.into_iter().filter(fits);
    Ok(found.map(|found| found.customer).collect())
}

impl Ids {
    /// Makes a page of up to `size` + 1 customers, each with the cursor behind it.
    fn cut(mut found: Vec<(String, String)>, size: u32) -> Self {
        let has_more = found.len() > size as usize;
        found.truncate(size as usize);
        let next = found.last().filter(|_| has_more).map(|(_, cursor)| cursor.clone());
        Self { found, next: next.unwrap_or_default() }
    }

    /// Makes the last page of customers whose cursors are their ids.
    fn all(ids: impl IntoIterator<Item = String>) -> Self {
        Self::leading_on(ids, String::new())
    }

    /// Makes a page of customers whose cursors are their ids; `next` is where the next one begins.
    fn leading_on(ids: impl IntoIterator<Item = String>, next: String) -> Self {
        Self { found: ids.into_iter().map(|id| (id.clone(), id)).collect(), next }
    }

    fn ids(&self) -> Vec<String> {
        self.found.iter().map(|(id, _)| id.clone()).collect()
    }

    /// Gives at most `size` of the customers that were read, and the cursor behind the last one given.
    fn page(&self, mut records: Vec<Customer>, size: u32) -> Page<Customer> {
        let has_more = records.len() > size as usize;
        records.truncate(size as usize);
        let last = records.last().filter(|_| has_more);
        let is_of = |customer: &Customer, id: &str| {
            let mut all = iter::once(&customer.id).chain(&customer.merged);
            all.any(|known| known.as_str() == id)
        };
        let behind = |customer: &Customer| {
            let place = self.found.iter().find(|(id, _)| is_of(customer, id));
            place.map(|(_, cursor)| cursor.clone())
        };
        let next = last.and_then(behind).unwrap_or_else(|| self.next.clone());
        Page { records, next }
    }
}

fn tiers(rules: &CustomerRules) -> Vec<&'static str> {
    rules.owner_required.iter().map(|tier| tier.as_str()).collect()
}

fn not_ours(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Refused { what: "the page token".to_owned(), source: error.into() }
}
