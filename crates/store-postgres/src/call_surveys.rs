//! What callers keyed in surveys of flows: kept with the events of their calls, taken once.

use std::collections::{BTreeMap, HashSet};

use sqlx::types::Json;

use switchboard_domain::follow_up::CallSurvey;
use switchboard_domain::ids::SurveyId;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// The field of an event that names the survey.
const SURVEY: &str = "survey";
/// What the fields with the scores begin with.
const SCORE: &str = "score.";

/// Keeps what callers keyed in those of the events that are new; the first answers of a call stand.
pub(crate) async fn keep(
    scope: &mut TenantScope<'_>,
    entries: &[OutboxEntry],
    new: &[OutboxId],
) -> Result<(), StoreError> {
    let new: HashSet<OutboxId> = new.iter().copied().collect();
    // A survey that the center cannot have by its name is in the history only.
    let keyed: Vec<(&OutboxEntry, &str)> = entries
        .iter()
        .filter(|entry| entry.entity == EntityKind::Contact && new.contains(&entry.id))
        .filter_map(|entry| Some((entry, entry.field(SURVEY)?)))
        .filter(|(_, survey)| SurveyId::parse(*survey).is_ok())
        .collect();
    for (entry, survey) in keyed {
        insert(scope, entry, survey).await?;
    }
    Ok(())
}

async fn insert(
    scope: &mut TenantScope<'_>,
    entry: &OutboxEntry,
    survey: &str,
) -> Result<(), StoreError> {
    let scores: BTreeMap<&str, u32> = entry
        .fields
        .iter()
        .filter_map(|(name, keyed)| Some((name.strip_prefix(SCORE)?, keyed.parse().ok()?)))
        .collect();
    sqlx::query(
        "INSERT INTO call_surveys (tenant_id, interaction_id, survey, scores, keyed_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(&entry.entity_id)
    .bind(survey)
    .bind(Json(scores))
    .bind(At(entry.wall))
    .execute(scope.connection())
    .await
    .map_err(about(format!("the survey of {}", entry.entity_id)))?;
    Ok(())
}

/// Gives what callers keyed in calls that are over, or that began before a time, the oldest first.
pub(crate) async fn read(
    scope: &mut TenantScope<'_>,
    given_up: Timestamp,
    most: u32,
) -> Result<Vec<CallSurvey>, StoreError> {
    let rows = sqlx::query(include_str!("../queries/call_surveys.sql"))
        .bind(scope.tenant)
        .bind(At(given_up))
        .bind(i64::from(most))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the surveys of calls"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "call_surveys");
            let Json(scores): Json<BTreeMap<String, u32>> = row.get("scores")?;
            Ok(CallSurvey {
                call: row.parse("interaction_id")?,
                survey: row.parse("survey")?,
                scores,
                at: row.at("keyed_at")?,
                customer: row.parse_optional("customer_id")?,
                ticket: row.parse_optional("ticket_id")?,
                is_uncounted: row.get("is_uncounted")?,
            })
        })
        .collect()
}

/// Takes one away, because it is known what it means; says whether it was still there.
pub(crate) async fn take(
    scope: &mut TenantScope<'_>,
    keyed: &CallSurvey,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "DELETE FROM call_surveys
         WHERE tenant_id = $1 AND interaction_id = $2 AND survey = $3",
    )
    .bind(scope.tenant)
    .bind(keyed.call.as_str())
    .bind(keyed.survey.as_str())
    .execute(scope.connection())
    .await
    .map_err(about(format!("the survey of {}", keyed.call)))?;
    Ok(done.rows_affected() == 1)
}
