//! What was found, counted.

use switchboard_store::error::StoreError;
use switchboard_store::evaluations::{
    CriterionFigures, EvaluationFigures, EvaluationGrouping, EvaluationReport,
};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Counts by group.
pub(super) async fn by_group(
    scope: &mut TenantScope<'_>,
    report: &EvaluationReport,
) -> Result<Vec<EvaluationFigures>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/evaluation_figures.sql"))
        .bind(scope.tenant)
        .bind(report.scorecard.as_str())
        .bind(At(report.from))
        .bind(At(report.until))
        .bind(word(report.grouping))
        .fetch_all(scope.connection())
        .await
        .map_err(about("what was found, by group"))?;
    let figures = rows.iter().map(|row| {
        let row = Reader::new(row, "evaluations");
        Ok(EvaluationFigures {
            name: row.get("name")?,
            judged: row.count("judged")?,
            scores: row.count("scores")?,
            passed: row.count("passed")?,
            failed_critical: row.count("failed_critical")?,
            acknowledged: row.count("acknowledged")?,
        })
    });
    figures.collect()
}

/// Counts by criterion.
pub(super) async fn by_criterion(
    scope: &mut TenantScope<'_>,
    report: &EvaluationReport,
) -> Result<Vec<CriterionFigures>, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/criterion_figures.sql"))
        .bind(scope.tenant)
        .bind(report.scorecard.as_str())
        .bind(At(report.from))
        .bind(At(report.until))
        .fetch_all(scope.connection())
        .await
        .map_err(about("what was found, by criterion"))?;
    let figures = rows.iter().map(|row| {
        let row = Reader::new(row, "evaluation_marks");
        Ok(CriterionFigures {
            name: row.get("name")?,
            marked: row.count("marked")?,
            shares: row.count("shares")?,
            failed: row.count("failed")?,
        })
    });
    figures.collect()
}

const fn word(grouping: EvaluationGrouping) -> &'static str {
    match grouping {
        EvaluationGrouping::Agent => "agent",
        EvaluationGrouping::Queue => "queue",
        EvaluationGrouping::Department => "department",
        EvaluationGrouping::Sample => "sample",
        EvaluationGrouping::Evaluator => "evaluator",
    }
}
