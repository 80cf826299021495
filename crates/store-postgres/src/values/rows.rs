//! One row of `customer_values`, written and read.

use sqlx::types::Json;

use switchboard_domain::customer::Tier;
use switchboard_domain::customer::value::{
    Axes, Churn, ChurnReason, ChurnState, Level, LifeCycle, Pyramid, Score, TierSource,
    ValueStanding,
};
use switchboard_domain::ids::CustomerId;
use switchboard_store::error::StoreError;
use switchboard_store::values::{ComputedValue, CustomerValue, GivenValue, ValueChange};

use super::inputs;
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Gives what is kept about one customer, if there is one.
pub(super) async fn one(
    scope: &mut TenantScope<'_>,
    id: &CustomerId,
) -> Result<Option<CustomerValue>, StoreError> {
    let row = sqlx::query(include_str!("../../queries/customer_value.sql"))
        .bind(scope.tenant)
        .bind(id.as_str())
        .fetch_optional(scope.connection())
        .await
        .map_err(about(format!("the worth of customer {id}")))?;
    row.as_ref().map(|row| read(&Reader::new(row, "customer_values"))).transpose()
}

/// Keeps what was given and what follows, if the row is at the version before.
pub(super) async fn save(
    scope: &mut TenantScope<'_>,
    change: &ValueChange,
) -> Result<(), StoreError> {
    let ValueChange { customer, before, given, computed, at, .. } = change;
    let what = format!("the worth of customer {customer}");
    let done = sqlx::query(include_str!("../../queries/save_customer_value.sql"))
        .bind(scope.tenant)
        .bind(customer.as_str())
        .bind(bigint(*before))
        .bind(Json(inputs::to_json(&given.inputs)))
        .bind(given.churn.state().as_str())
        .bind(given.churn.reason().map(ChurnReason::as_str))
        .bind(given.life_cycle.map(LifeCycle::as_str))
        .bind(given.tier_source.as_str())
        .bind(computed.score.map(points))
        .bind(computed.tier.map(Tier::as_str))
        .bind(computed.pyramid.map(Pyramid::as_str))
        .bind(computed.axes.value.map(Level::as_str))
        .bind(computed.axes.potential.map(Level::as_str))
        .bind(computed.axes.loyalty.map(Level::as_str))
        .bind(At(*at))
        .execute(scope.connection())
        .await
        .map_err(about(what.clone()))?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::conflict(what)) }
}

/// Reads what segments ask of a customer; none where nobody keeps what the customer is worth.
pub(crate) fn standing(row: &Reader<'_>) -> Result<Option<ValueStanding>, StoreError> {
    if row.get::<Option<&str>>("churn")?.is_none() {
        return Ok(None);
    }
    Ok(Some(ValueStanding {
        score: score(row)?,
        pyramid: optional_word(row, "pyramid", Pyramid::parse)?,
        axes: axes(row)?,
        churn: churn(row)?,
    }))
}

/// Gives a score as its column takes it.
pub(super) fn points(score: Score) -> i16 {
    i16::try_from(score.points()).unwrap_or(i16::MAX)
}

/// Reads a score.
pub(super) fn read_points(points: i16) -> Result<Score, StoreError> {
    let score = u16::try_from(points).ok().and_then(Score::new);
    score.ok_or_else(|| StoreError::corrupt("customer_values.score", "no score"))
}

fn read(row: &Reader<'_>) -> Result<CustomerValue, StoreError> {
    let (customer, tier) = (row.parse("customer_id")?, row.parse("tier")?);
    let Some(version) = row.get::<Option<i64>>("version")? else {
        return Ok(CustomerValue {
            customer,
            tier,
            given: GivenValue { tier_source: TierSource::Manual, ..GivenValue::default() },
            computed: ComputedValue::default(),
            computed_at: None,
            version: 0,
        });
    };
    let inputs: Json<serde_json::Value> = row.get("inputs")?;
    Ok(CustomerValue {
        customer,
        tier,
        given: GivenValue {
            inputs: inputs::from_json(&inputs.0),
            churn: churn(row)?,
            life_cycle: optional_word(row, "life_cycle", LifeCycle::parse)?,
            tier_source: row.word("tier_source", TierSource::parse)?,
        },
        computed: ComputedValue {
            score: score(row)?,
            tier: row.parse_optional("computed_tier")?,
            pyramid: optional_word(row, "pyramid", Pyramid::parse)?,
            axes: axes(row)?,
        },
        computed_at: row.at_optional("computed_at")?,
        version: u64::try_from(version).unwrap_or_default(),
    })
}

fn score(row: &Reader<'_>) -> Result<Option<Score>, StoreError> {
    row.get::<Option<i16>>("score")?.map(read_points).transpose()
}

fn axes(row: &Reader<'_>) -> Result<Axes, StoreError> {
    Ok(Axes {
        value: optional_word(row, "value_level", Level::parse)?,
        potential: optional_word(row, "potential_level", Level::parse)?,
        loyalty: optional_word(row, "loyalty_level", Level::parse)?,
    })
}

fn churn(row: &Reader<'_>) -> Result<Churn, StoreError> {
    let state = row.word("churn", ChurnState::parse)?;
    let reason = optional_word(row, "churn_reason", ChurnReason::parse)?;
    let churn = Churn::new(state, reason);
    churn.ok_or_else(|| StoreError::corrupt("customer_values.churn", "a reason without leaving"))
}

fn optional_word<Value>(
    row: &Reader<'_>,
    column: &str,
    parse: impl FnOnce(&str) -> Option<Value>,
) -> Result<Option<Value>, StoreError> {
    match row.get::<Option<&str>>(column)? {
        Some(_) => row.word(column, parse).map(Some),
        None => Ok(None),
    }
}
