//! Key accounts whom the center may lose.

use std::collections::BTreeSet;

use sqlx::postgres::PgRow;

use switchboard_domain::customer::{Risk, Tier};
use switchboard_store::error::StoreError;
use switchboard_store::values::{AccountAtRisk, RiskQuery};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Finds them, those with the most risks first.
pub(super) async fn find(
    scope: &mut TenantScope<'_>,
    query: &RiskQuery,
) -> Result<Vec<AccountAtRisk>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/accounts_at_risk.sql"))
        .bind(scope.tenant)
        .bind(words(&query.tiers))
        .bind(At(query.now))
        .bind(i64::from(query.limit))
        .bind(words(&query.owner_required))
        .fetch_all(scope.connection())
        .await
        .map_err(about("accounts at risk"))?;
    rows.iter().map(read).collect()
}

fn words(tiers: &BTreeSet<Tier>) -> Vec<&'static str> {
    tiers.iter().map(|tier| tier.as_str()).collect()
}

fn read(row: &PgRow) -> Result<AccountAtRisk, StoreError> {
    let row = Reader::new(row, "customers");
    let words: Vec<String> = row.get("risks")?;
    Ok(AccountAtRisk {
        customer: row.parse("id")?,
        tier: row.parse("tier")?,
        owner: row.parse_optional("owner_agent_id")?,
        purchases: row.get("purchases")?,
        risks: words.iter().filter_map(|word| Risk::parse(word)).collect(),
    })
}
