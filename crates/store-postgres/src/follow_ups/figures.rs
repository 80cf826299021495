//! What came of surveys, counted.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;

use switchboard_domain::follow_up::FollowUpState;
use switchboard_domain::survey::{
    ItemPair, Kano, PairFigures, PointFigures, QuestionKind, SATISFIED, Survey,
};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::SurveyFigures;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

type ByDepartment = BTreeMap<Option<String>, SurveyFigures>;

/// Counts by department; those nobody in particular answers for come first.
pub(super) async fn of(
    scope: &mut TenantScope<'_>,
    survey: &Survey,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<SurveyFigures>, StoreError> {
    let mut found = ByDepartment::new();
    let outcomes = sqlx::query(
        "SELECT department, state, count(*) AS number, count(loyal) AS judged,
             count(*) FILTER (WHERE loyal) AS loyal
         FROM follow_ups
         WHERE tenant_id = $1 AND survey = $2 AND changed_at >= $3 AND changed_at < $4
         GROUP BY department, state",
    )
    .bind(scope.tenant)
    .bind(survey.id.as_str())
    .bind(At(from))
    .bind(At(to))
    .fetch_all(scope.connection())
    .await
    .map_err(about("the outcomes of a survey"))?;
    for row in &outcomes {
        add_outcome(row, &mut found)?;
    }
    let points = sqlx::query(include_str!("../../queries/survey_points.sql"))
        .bind(scope.tenant)
        .bind(survey.id.as_str())
        .bind(At(from))
        .bind(At(to))
        .bind(i16::from(SATISFIED))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the points of a survey"))?;
    for row in &points {
        add_points(row, &mut found)?;
    }
    for row in &pairs(scope, survey, (from, to)).await? {
        add_pair(row, &mut found)?;
    }
    Ok(found.into_values().collect())
}

/// Reads what customers gave who answered both questions about an item.
async fn pairs(
    scope: &mut TenantScope<'_>,
    survey: &Survey,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<PgRow>, StoreError> {
    let pairs = survey.pairs();
    let names = |of: fn(&ItemPair) -> &String| pairs.iter().map(of).cloned().collect::<Vec<_>>();
    sqlx::query(include_str!("../../queries/survey_pairs.sql"))
        .bind(scope.tenant)
        .bind(survey.id.as_str())
        .bind(At(from))
        .bind(At(to))
        .bind(names(|pair| &pair.item))
        .bind(names(|pair| &pair.expectation))
        .bind(names(|pair| &pair.performance))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the items of a survey"))
}

fn add_pair(row: &PgRow, found: &mut ByDepartment) -> Result<(), StoreError> {
    let row = Reader::new(row, "survey_answers");
    let figures = of_department(&row, found)?;
    let pair = PairFigures {
        answers: row.count("answers")?,
        expected: row.count("expected")?,
        performed: row.count("performed")?,
    };
    figures.pairs.insert(row.get("item")?, pair);
    Ok(())
}

fn add_outcome(row: &PgRow, found: &mut ByDepartment) -> Result<(), StoreError> {
    let row = Reader::new(row, "follow_ups");
    let figures = of_department(&row, found)?;
    let state = row.word("state", FollowUpState::parse)?;
    figures.states.insert(state, row.count("number")?);
    figures.judged += row.count("judged")?;
    figures.loyal += row.count("loyal")?;
    Ok(())
}

fn add_points(row: &PgRow, found: &mut ByDepartment) -> Result<(), StoreError> {
    let row = Reader::new(row, "survey_answers");
    let figures = of_department(&row, found)?;
    let kind = row.word("kind", QuestionKind::parse)?;
    let kano: Option<&str> = row.get("kano")?;
    let points = PointFigures {
        answers: row.count("answers")?,
        sum: row.count("sum")?,
        satisfied: row.count("satisfied")?,
    };
    figures.questions.entry(row.get("question")?).or_default().add(&points);
    if kind == QuestionKind::Satisfaction {
        figures.satisfaction.add(&points);
    }
    if let Some(kano) = kano.and_then(Kano::parse) {
        figures.kano.entry(kano).or_default().add(&points);
    }
    Ok(())
}

fn of_department<'a>(
    row: &Reader<'_>,
    found: &'a mut ByDepartment,
) -> Result<&'a mut SurveyFigures, StoreError> {
    let department: Option<String> = row.get("department")?;
    let empty = SurveyFigures { department: department.clone(), ..SurveyFigures::default() };
    Ok(found.entry(department).or_insert(empty))
}
