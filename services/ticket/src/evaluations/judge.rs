//! Judges, withdraws and acknowledges.

use switchboard_api::convert::quality as convert;
use switchboard_api::quality::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::{AgentId, EvaluationId};
use switchboard_domain::quality::{Evaluation, EvaluationError, EvaluationState, Marks, Scorecard};
use switchboard_store::audit::AuditRecord;
use switchboard_store::evaluations::Judgement;

use super::QualityParts;
use super::draw::{named, scorecard};

/// Writes marks down, or says why not.
pub(super) async fn run(
    parts: &QualityParts,
    caller: &Caller,
    request: wire::JudgeEvaluationRequest,
) -> Result<Judgement, ApiError> {
    let id: EvaluationId = field::id("evaluation_id", &request.evaluation_id)?;
    let etag = field::etag("etag", &request.etag)?;
    let (given, comment) = (convert::marks(request.marks)?, convert::comment(request.comment)?);
    let known = parts.evaluations.evaluation(&caller.tenant, &id).await?;
    let card = scorecard(parts, &caller.tenant, known.evaluation.scorecard.as_str()).await?;
    let marks = card.take(given)?;
    if is_same(&known, caller, (&marks, &comment)) {
        return Ok(known);
    }
    if etag.is_some_and(|read| read != known.evaluation.version) {
        return Err(stale(&known.evaluation));
    }
    let judgement = judged(parts, caller, (&known.evaluation, &card), (marks, comment))?;
    audit(parts, caller, "evaluation.judge", &judgement.evaluation).await?;
    parts.evaluations.judge(&caller.tenant, &judgement, &card).await?;
    Ok(judgement)
}

/// Does without an evaluation.
pub(super) async fn withdraw(
    parts: &QualityParts,
    caller: &Caller,
    request: wire::WithdrawEvaluationRequest,
) -> Result<Evaluation, ApiError> {
    let id: EvaluationId = field::id("evaluation_id", &request.evaluation_id)?;
    let reason = field::required_text("reason", request.reason, 64)?;
    let reason = field::word("reason", reason)?;
    let known = parts.evaluations.evaluation(&caller.tenant, &id).await?.evaluation;
    if known.state == EvaluationState::Withdrawn && known.reason.as_ref() == Some(&reason) {
        return Ok(known);
    }
    let changed = known.withdraw((&caller.subject, &reason), parts.clock.now())?;
    audit(parts, caller, "evaluation.withdraw", &changed).await?;
    parts.evaluations.change(&caller.tenant, &changed).await?;
    Ok(changed)
}

/// Writes down that the agent has read it; who is asked for what is not theirs is told that there is none.
pub(super) async fn acknowledge(
    parts: &QualityParts,
    caller: &Caller,
    request: wire::AcknowledgeEvaluationRequest,
) -> Result<Evaluation, ApiError> {
    let id: EvaluationId = field::id("evaluation_id", &request.evaluation_id)?;
    let etag = field::etag("etag", &request.etag)?;
    let agent = caller.agent().ok_or(EvaluationError::NotYours)?;
    let known = shown(parts, caller, &id, Some(&agent)).await?.evaluation;
    if known.acknowledged_at.is_some() {
        return Ok(known);
    }
    if etag.is_some_and(|read| read != known.version) {
        return Err(stale(&known));
    }
    let changed = known.acknowledge(&agent, parts.clock.now())?;
    audit(parts, caller, "evaluation.acknowledge", &changed).await?;
    parts.evaluations.change(&caller.tenant, &changed).await?;
    Ok(changed)
}

/// Gives an evaluation as far as the asker may see it.
pub(super) async fn shown(
    parts: &QualityParts,
    caller: &Caller,
    id: &EvaluationId,
    agent: Option<&AgentId>,
) -> Result<Judgement, ApiError> {
    let found = parts.evaluations.evaluation(&caller.tenant, id).await?;
    let is_shown = match agent {
        Some(agent) => found.evaluation.is_shown_to(agent),
        None => caller.role != Role::Agent && !found.evaluation.is_kept_from(&caller.subject),
    };
    is_shown.then_some(found).ok_or_else(|| ApiError::not_found("evaluation", id.as_str()))
}

fn judged(
    parts: &QualityParts,
    caller: &Caller,
    (before, card): (&Evaluation, &Scorecard),
    (marks, comment): (Marks, String),
) -> Result<Judgement, EvaluationError> {
    let who = (caller.subject.as_str(), caller.actor());
    let finding = card.judge(&marks);
    let evaluation = before.judge(finding, (who.0, &who.1), parts.clock.now())?;
    Ok(Judgement { evaluation, marks, comment })
}

/// Says whether the same was written down before by the same person.
fn is_same(known: &Judgement, caller: &Caller, (marks, comment): (&Marks, &str)) -> bool {
    let evaluator = known.evaluation.found.as_ref().map(|found| found.evaluator.as_str());
    let is_theirs = evaluator == Some(caller.actor().as_str());
    is_theirs && known.marks == *marks && known.comment == comment
}

fn stale(evaluation: &Evaluation) -> ApiError {
    ApiError::aborted("ETAG_STALE", "the evaluation has changed since it was read")
        .about("evaluation", evaluation.id.as_str())
        .with("etag", evaluation.version.to_string())
}

async fn audit(
    parts: &QualityParts,
    caller: &Caller,
    action: &str,
    changed: &Evaluation,
) -> Result<(), ApiError> {
    let line = AuditRecord::of(caller, action, named(&changed.id), changed.changed_at);
    Ok(parts.audit.append(&caller.tenant, &line).await?)
}
