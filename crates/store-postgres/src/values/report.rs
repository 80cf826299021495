//! Who brings what: by tier, by class, and how much the largest buyers bring.

use sqlx::postgres::PgRow;

use switchboard_domain::customer::Tier;
use switchboard_domain::customer::value::Pyramid;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::values::{Bonds, ValueReport, ValueShare};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Sums everything up.
pub(super) async fn whole(
    scope: &mut TenantScope<'_>,
    since: Timestamp,
) -> Result<ValueReport, StoreError> {
    let totals = sqlx::query(include_str!("../../queries/value_totals.sql"))
        .bind(scope.tenant)
        .fetch_one(scope.connection())
        .await
        .map_err(about("what customers bring"))?;
    let tiers = groups(scope, "tier", since).await?;
    let pyramid = groups(scope, "class", since).await?;
    let pareto = sqlx::query(include_str!("../../queries/value_of_the_largest.sql"))
        .bind(scope.tenant)
        .fetch_all(scope.connection())
        .await
        .map_err(about("what customers bring"))?;
    let totals = Reader::new(&totals, "customer_values");
    Ok(ValueReport {
        customers: totals.count("customers")?,
        scored: totals.count("scored")?,
        buyers: totals.count("buyers")?,
        purchases: totals.count("purchases")?,
        tiers: in_order(Tier::ALL.iter().map(|tier| tier.as_str()), tiers),
        pyramid: in_order(Pyramid::ALL.iter().map(|class| class.as_str()), pyramid),
        pareto: pareto.iter().map(share).collect::<Result<_, _>>()?,
    })
}

async fn groups(
    scope: &mut TenantScope<'_>,
    by: &'static str,
    since: Timestamp,
) -> Result<Vec<ValueShare>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/value_by_group.sql"))
        .bind(scope.tenant)
        .bind(by)
        .bind(At(since))
        .fetch_all(scope.connection())
        .await
        .map_err(about("what customers bring"))?;
    let read = |row| Ok(ValueShare { bonds: Some(bonds(row)?), ..share(row)? });
    rows.iter().map(read).collect()
}

fn share(row: &PgRow) -> Result<ValueShare, StoreError> {
    let row = Reader::new(row, "customer_values");
    Ok(ValueShare {
        group: row.get("group_name")?,
        customers: row.count("customers")?,
        purchases: row.count("purchases")?,
        bonds: None,
    })
}

fn bonds(row: &PgRow) -> Result<Bonds, StoreError> {
    let row = Reader::new(row, "customer_values");
    Ok(Bonds {
        complaints: row.count("complaints")?,
        complainants: row.count("complainants")?,
        leaving: row.count("leaving")?,
        gone: row.count("gone")?,
    })
}

fn in_order(
    names: impl Iterator<Item = &'static str>,
    mut groups: Vec<ValueShare>,
) -> Vec<ValueShare> {
    let none = |name: &str| ValueShare {
        group: name.to_owned(),
        customers: 0,
        purchases: 0,
        bonds: Some(Bonds::default()),
    };
    let mut take = |name: &'static str| {
        let found = groups.iter().position(|group| group.group == name);
        found.map_or_else(|| none(name), |index| groups.swap_remove(index))
    };
    names.map(&mut take).collect()
}
