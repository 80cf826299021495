//! Evaluations out of rows.

use sqlx::QueryBuilder;
use sqlx::postgres::{PgRow, Postgres};

use switchboard_domain::ids::{ContactId, EvaluationId, ScorecardId, TicketId};
use switchboard_domain::quality::{
    Evaluation, EvaluationState, Finding, Found, Judged, Marks, Score,
};
use switchboard_store::error::StoreError;
use switchboard_store::evaluations::{EvaluationFilter, Judgement};
use switchboard_store::page::PageRequest;

use super::named;
use super::write::{PLACE, about_ids, subject};
use crate::data_keys;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

const TABLE: &str = "evaluations";

/// Gives one evaluation with its marks, and its comment as far as it can still be read.
pub(super) async fn by_id(
    scope: &mut TenantScope<'_>,
    id: &EvaluationId,
) -> Result<Option<Judgement>, StoreError> {
    let row = sqlx::query("SELECT * FROM evaluations WHERE tenant_id = $1 AND id = $2")
        .bind(scope.tenant)
        .bind(id.as_str())
        .fetch_optional(scope.connection())
        .await
        .map_err(about(named(id)))?;
    let Some(row) = &row else { return Ok(None) };
    let evaluation = evaluation(row)?;
    let sealed: Option<Vec<u8>> = Reader::new(row, TABLE).get("sealed")?;
    let comment = comment(scope, &evaluation, sealed).await?;
    let marks = marks(scope, id).await?;
    Ok(Some(Judgement { evaluation, marks, comment }))
}

/// Gives the evaluations that a request drew; none when it asked for something else.
pub(super) async fn of_draw(
    scope: &mut TenantScope<'_>,
    (request_id, asked): (&str, &[u8]),
) -> Result<Option<Vec<Evaluation>>, StoreError> {
    let known: Option<bool> = sqlx::query_scalar(
        "SELECT asked = $3 FROM evaluation_draws WHERE tenant_id = $1 AND request_id = $2",
    )
    .bind(scope.tenant)
    .bind(request_id)
    .bind(asked)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("a request to draw evaluations"))?;
    if known != Some(true) {
        return Ok(None);
    }
    let rows =
        sqlx::query("SELECT * FROM evaluations WHERE tenant_id = $1 AND draw = $2 ORDER BY id")
            .bind(scope.tenant)
            .bind(request_id)
            .fetch_all(scope.connection())
            .await
            .map_err(about("what a request drew"))?;
    rows.iter().map(evaluation).collect::<Result<_, _>>().map(Some)
}

/// Gives the evaluation that stands for the same call or ticket by the same scorecard.
pub(super) async fn standing(
    scope: &mut TenantScope<'_>,
    scorecard: &ScorecardId,
    judged: &Judged,
) -> Result<Option<Evaluation>, StoreError> {
    let (call, ticket) = about_ids(judged);
    let row = sqlx::query(
        "SELECT *
         FROM evaluations
         WHERE tenant_id = $1 AND scorecard = $2 AND (interaction_id = $3 OR ticket_id = $4)
             AND state <> 'withdrawn'",
    )
    .bind(scope.tenant)
    .bind(scorecard.as_str())
    .bind(call)
    .bind(ticket)
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the evaluation of a call or a ticket"))?;
    row.as_ref().map(evaluation).transpose()
}

/// Gives evaluations, the newest first.
pub(super) async fn list(
    scope: &mut TenantScope<'_>,
    filter: &EvaluationFilter,
    page: &PageRequest,
) -> Result<Vec<Evaluation>, StoreError> {
    let rows = statement(scope.tenant, filter, page)
        .build()
        .fetch_all(scope.connection())
        .await
        .map_err(about("the evaluations"))?;
    rows.iter().map(evaluation).collect()
}

/// Writes the statement of a page with exactly what its filter says, so that an index answers it.
fn statement(
    tenant: &str,
    filter: &EvaluationFilter,
    page: &PageRequest,
) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT * FROM evaluations WHERE tenant_id = ");
    sql.push_bind(tenant.to_owned());
    if let Some(state) = filter.state {
        sql.push(format!(" AND state = '{state}'"));
    }
    if let Some(scorecard) = &filter.scorecard {
        sql.push(" AND scorecard = ").push_bind(scorecard.to_string());
    }
    if let Some(agent) = &filter.agent {
        sql.push(" AND agent_id = ").push_bind(agent.to_string());
    }
    if let Some(sample) = &filter.sample {
        sql.push(" AND sample = ").push_bind(sample.clone());
    }
    if let Some(cursor) = page.after() {
        sql.push(" AND (opened_at, id) < (").push_bind(At(cursor.at));
        sql.push(", ").push_bind(cursor.id.clone()).push(")");
    }
    sql.push(" ORDER BY opened_at DESC, id DESC LIMIT ").push_bind(i64::from(page.size()) + 1);
    sql
}

/// Reads one row.
pub(super) fn evaluation(row: &PgRow) -> Result<Evaluation, StoreError> {
    let row = Reader::new(row, TABLE);
    Ok(Evaluation {
        id: row.parse("id")?,
        scorecard: row.parse("scorecard")?,
        state: row.word("state", EvaluationState::parse)?,
        about: about_of(&row)?,
        agent: row.parse("agent_id")?,
        queue: row.parse_optional("queue_id")?,
        department: row.get("department")?,
        sample: row.get("sample")?,
        opened_by: row.get("opened_by")?,
        found: found(&row)?,
        reason: row.get("reason")?,
        acknowledged_at: row.at_optional("acknowledged_at")?,
        opened_at: row.at("opened_at")?,
        changed_at: row.at("changed_at")?,
        version: row.count("version")?,
    })
}

fn about_of(row: &Reader<'_>) -> Result<Judged, StoreError> {
    let call: Option<ContactId> = row.parse_optional("interaction_id")?;
    let ticket: Option<TicketId> = row.parse_optional("ticket_id")?;
    let judged = call.map(Judged::Call).or(ticket.map(Judged::Ticket));
    judged.ok_or_else(|| StoreError::corrupt("evaluations.interaction_id", "about nothing"))
}

fn found(row: &Reader<'_>) -> Result<Option<Found>, StoreError> {
    let hundredths: Option<i16> = row.get("score")?;
    let Some(hundredths) = hundredths else { return Ok(None) };
    let score = u16::try_from(hundredths).ok().and_then(Score::from_hundredths);
    let score = score.ok_or_else(|| StoreError::corrupt("evaluations.score", "no share"))?;
    let finding = Finding { score, is_passed: row.get("passed")?, failed: row.get("failed")? };
    Ok(Some(Found { finding, evaluator: row.get("evaluator")?, at: row.at("judged_at")? }))
}

async fn comment(
    scope: &mut TenantScope<'_>,
    evaluation: &Evaluation,
    sealed: Option<Vec<u8>>,
) -> Result<String, StoreError> {
    let Some(sealed) = sealed else { return Ok(String::new()) };
    let Some(whose) = subject(scope, &evaluation.about).await? else { return Ok(String::new()) };
    let keys = data_keys::find(scope, [whose.clone()]).await?;
    let Some(key) = keys.of(&whose) else { return Ok(String::new()) };
    let text = key.open(PLACE, &sealed).map_err(|error| StoreError::corrupt(PLACE, error))?;
    String::from_utf8(text.to_vec()).map_err(|error| StoreError::corrupt(PLACE, error))
}

async fn marks(scope: &mut TenantScope<'_>, id: &EvaluationId) -> Result<Marks, StoreError> {
    let rows = sqlx::query(
        "SELECT criterion, points FROM evaluation_marks WHERE tenant_id = $1 AND evaluation_id = $2",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(named(id)))?;
    let marks = rows.iter().map(|row| {
        let row = Reader::new(row, "evaluation_marks");
        let points: Option<i16> = row.get("points")?;
        let points = points.map(u8::try_from).transpose();
        let points =
            points.map_err(|error| StoreError::corrupt("evaluation_marks.points", error))?;
        Ok((row.get("criterion")?, points))
    });
    marks.collect()
}
