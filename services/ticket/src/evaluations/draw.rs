//! Opens evaluations: by chance, or of one call or ticket.

use prost::Message;
use sha2::{Digest, Sha256};
use switchboard_api::convert::quality as convert;
use switchboard_api::quality::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{AgentId, EvaluationId, QueueId, ScorecardId, TenantId};
use switchboard_domain::quality::{
    Evaluation, EvaluationError, EvaluationState, Judged, Scorecard,
};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::evaluations::Draw;

use super::QualityParts;

/// What is judged, as far as the record of the call or the ticket tells.
struct Work {
    agent: Option<AgentId>,
    queue: Option<QueueId>,
    department: Option<String>,
}

/// Draws, or says why not.
pub(super) async fn run(
    parts: &QualityParts,
    caller: &Caller,
    request: wire::DrawEvaluationsRequest,
) -> Result<Vec<Evaluation>, ApiError> {
    let (card, now) =
        (scorecard(parts, &caller.tenant, &request.scorecard_id).await?, parts.clock.now());
    let asked = Sha256::digest(request.encode_to_vec());
    let wish = convert::wish(request, card.subject, now)?;
    let ids = (0..wish.count).map(|_| id(parts)).collect::<Result<Vec<_>, _>>()?;
    let actor = caller.actor();
    let draw =
        Draw { wish: &wish, asked: &asked, scorecard: &card, ids: &ids, actor: &actor, at: now };
    let object = format!("evaluations/{}", wish.request_id);
    let line = AuditRecord::of(caller, "evaluation.draw", object, now);
    let line = line.with_detail(format!("up to {} by {}", wish.count, card.id));
    parts.audit.append(&caller.tenant, &line).await?;
    let drawn = parts.evaluations.draw(&caller.tenant, &draw).await?;
    drawn.ok_or_else(|| {
        let message = "the request_id was used for something else; choose another one";
        ApiError::failed_precondition("REQUEST_ID_REUSED", message)
            .with("request_id", wish.request_id)
    })
}

/// Opens one evaluation, or gives the one there is.
pub(super) async fn open(
    parts: &QualityParts,
    caller: &Caller,
    request: wire::OpenEvaluationRequest,
) -> Result<Evaluation, ApiError> {
    let card = scorecard(parts, &caller.tenant, &request.scorecard_id).await?;
    let about = convert::about(request.about)?;
    let sample = convert::sample(request.sample)?;
    if let Some(known) = parts.evaluations.standing(&caller.tenant, &card.id, &about).await? {
        if known.is_kept_from(&caller.subject) {
            return Err(EvaluationError::OwnWork.into());
        }
        return Ok(known);
    }
    let work = work(parts, &caller.tenant, (&card, &about)).await?;
    let now = parts.clock.now();
    let opened = Evaluation {
        id: id(parts)?,
        scorecard: card.id.clone(),
        state: EvaluationState::Open,
        about,
        agent: work.agent.ok_or_else(|| nothing_to_judge(&card))?,
        queue: work.queue,
        department: work.department,
        sample,
        opened_by: caller.actor(),
        found: None,
        reason: None,
        acknowledged_at: None,
        opened_at: now,
        changed_at: now,
        version: 1,
    };
    if opened.agent.as_str() == caller.subject {
        return Err(EvaluationError::OwnWork.into());
    }
    let line = AuditRecord::of(caller, "evaluation.open", named(&opened.id), now);
    parts.audit.append(&caller.tenant, &line).await?;
    Ok(parts.evaluations.open(&caller.tenant, &opened).await?)
}

/// Gives a scorecard of the center in force.
pub(super) async fn scorecard(
    parts: &QualityParts,
    tenant: &TenantId,
    id: &str,
) -> Result<Scorecard, ApiError> {
    let id: ScorecardId = field::id("scorecard_id", id)?;
    let center = parts.centers.get(tenant).await.map_err(StoreError::from)?;
    let card = center.scorecards.get(&id).cloned();
    card.ok_or_else(|| ApiError::not_found("scorecard", id.as_str()))
}

/// Names an evaluation on the trail.
pub(super) fn named(id: &EvaluationId) -> String {
    format!("evaluation/{id}")
}

async fn work(
    parts: &QualityParts,
    tenant: &TenantId,
    (card, about): (&Scorecard, &Judged),
) -> Result<Work, ApiError> {
    Ok(match about {
        Judged::Call(call) => {
            let call = parts.history.interaction(tenant, call).await?.interaction;
            let agent = card.judges_call(&call).cloned();
            Work { agent, queue: call.queue, department: None }
        }
        Judged::Ticket(ticket) => {
            let ticket = parts.tickets.get(tenant, ticket).await?;
            let agent = card.judges_ticket(&ticket);
            Work { agent, queue: ticket.queue, department: ticket.department }
        }
    })
}

fn nothing_to_judge(card: &Scorecard) -> ApiError {
    let message = format!(
        "scorecard {} judges a {} of its queues and kinds that is over and that an agent handled; \
         this is none",
        card.id, card.subject
    );
    ApiError::failed_precondition("NOTHING_TO_JUDGE", message)
}

fn id(parts: &QualityParts) -> Result<EvaluationId, StoreError> {
    EvaluationId::parse(parts.ids.uuid().to_string())
        .map_err(|error| StoreError::corrupt("a new evaluation", error))
}
