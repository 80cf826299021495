//! Who brings what: by tier, by class, and how much the largest buyers bring.

use sqlx::postgres::PgRow;

use switchboard_domain::customer::Tier;
use switchboard_domain::customer::value::Pyramid;
use switchboard_store::error::StoreError;
use switchboard_store::values::{ValueReport, ValueShare};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;

/// Sums everything up.
pub(super) async fn whole(scope: &mut TenantScope<'_>) -> Result<ValueReport, StoreError> {
    let totals = sqlx::query(include_str!("../../queries/value_totals.sql"))
        .bind(scope.tenant)
        .fetch_one(scope.connection())
        .await
        .map_err(about("what customers bring"))?;
    let tiers = groups(scope, include_str!("../../queries/value_by_tier.sql")).await?;
    let pyramid = groups(scope, include_str!("../../queries/value_by_class.sql")).await?;
    let pareto = groups(scope, include_str!("../../queries/value_of_the_largest.sql")).await?;
    let totals = Reader::new(&totals, "customer_values");
    Ok(ValueReport {
        customers: totals.count("customers")?,
        scored: totals.count("scored")?,
        buyers: totals.count("buyers")?,
        purchases: totals.count("purchases")?,
        tiers: in_order(Tier::ALL.iter().map(|tier| tier.as_str()), tiers),
        pyramid: in_order(Pyramid::ALL.iter().map(|class| class.as_str()), pyramid),
        pareto,
    })
}

async fn groups(
    scope: &mut TenantScope<'_>,
    query: &'static str,
) -> Result<Vec<ValueShare>, StoreError> {
    let rows = sqlx::query(query)
        .bind(scope.tenant)
        .fetch_all(scope.connection())
        .await
        .map_err(about("what customers bring"))?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<ValueShare, StoreError> {
    let row = Reader::new(row, "customer_values");
    Ok(ValueShare {
        group: row.get("group_name")?,
        customers: row.count("customers")?,
        purchases: row.count("purchases")?,
    })
}

fn in_order(
    names: impl Iterator<Item = &'static str>,
    mut groups: Vec<ValueShare>,
) -> Vec<ValueShare> {
    let none = |name: &str| ValueShare { group: name.to_owned(), customers: 0, purchases: 0 };
    let mut take = |name: &'static str| {
        let found = groups.iter().position(|group| group.group == name);
        found.map_or_else(|| none(name), |index| groups.swap_remove(index))
    };
    names.map(&mut take).collect()
}
