//! Writes down what customers answer, and makes up for what they are not content with.

use switchboard_api::convert::follow_up as convert;
use switchboard_api::followup::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::follow_up::{FollowUp, FollowUpMove, FollowUpState};
use switchboard_domain::ids::{FollowUpId, TenantId, TicketId};
use switchboard_domain::survey::{Answers, Survey, Verdict};
use switchboard_domain::ticket::Ticket;
use switchboard_domain::time::Timestamp;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{AnswerSet, FollowUpChange};
use switchboard_store::tickets::TicketOrder;

use super::{CareParts, settle};

/// Writes answers down, or says why not.
pub(super) async fn run(
    parts: &CareParts,
    caller: &Caller,
    request: wire::RecordAnswersRequest,
) -> Result<wire::FollowUp, ApiError> {
    let id: FollowUpId = field::id("follow_up_id", &request.follow_up_id)?;
    let given = convert::given(request.answers)?;
    let follow_up = parts.follow_ups.get(&caller.tenant, &id).await?;
    let survey = survey(parts, &caller.tenant, &follow_up).await?.ok_or_else(no_survey)?;
    let answers = survey.take(given)?;
    let verdict = survey.judge(&answers);
    if follow_up.state == FollowUpState::Answered
        && parts.follow_ups.answers(&caller.tenant, &id).await? == answers
    {
        // The first time may have come no further than this.
        settle::release_call(parts, caller, &follow_up).await?;
        return Ok(convert::answered(follow_up, &answers, Some(verdict)));
    }
    let change = change(parts, caller, &follow_up, verdict)?;
    let recovery = recovery(parts, caller, &change, (&survey, verdict)).await?;
    let set = AnswerSet { survey: &survey, answers: &answers, verdict, recovery };
    parts.audit.append(&caller.tenant, &line(caller, &change)).await?;
    parts.follow_ups.answer(&caller.tenant, &change, &set).await?;
    settle::release_call(parts, caller, &follow_up).await?;
    Ok(convert::answered(change.follow_up, &answers, Some(verdict)))
}

/// Gives what a follow-up asks; none when it asks nothing, or the center has no such survey any more.
pub(super) async fn survey(
    parts: &CareParts,
    tenant: &TenantId,
    follow_up: &FollowUp,
) -> Result<Option<Survey>, ApiError> {
    let Some(survey) = &follow_up.survey else { return Ok(None) };
    let center = parts.centers.get(tenant).await.map_err(StoreError::from)?;
    Ok(center.surveys.get(survey).cloned())
}

fn no_survey() -> ApiError {
    ApiError::failed_precondition("NO_SURVEY", "the follow-up asks nothing the center still asks")
}

/// Gives the follow-up with its answers.
fn change(
    parts: &CareParts,
    caller: &Caller,
    follow_up: &FollowUp,
    verdict: Verdict,
) -> Result<FollowUpChange, ApiError> {
    let after = follow_up.apply(FollowUpMove::Answer, parts.clock.now())?;
    Ok(judged(after, verdict, caller.actor()))
}

/// Says what the answers of a follow-up mean; a low score names the ticket that makes up for it.
pub(super) fn judged(after: FollowUp, verdict: Verdict, actor: String) -> FollowUpChange {
    // Named after the follow-up, it is the same however often the answers are sent.
    let recovery = TicketId::parse(format!("{}.recovery", after.id)).ok();
    let more = if verdict.is_low { ": a ticket is to make up for it" } else { "" };
    let meant = match after.state {
        FollowUpState::Answered => format!(", {verdict}{more}"),
        FollowUpState::Due
        | FollowUpState::Calling
        | FollowUpState::Reached
        | FollowUpState::Unreached
        | FollowUpState::Declined
        | FollowUpState::Skipped => String::new(),
    };
    let note = after.told().map(|told| format!("{told}{meant}"));
    let follow_up = FollowUp { recovery: recovery.filter(|_| verdict.is_low), ..after };
    FollowUpChange { follow_up, actor, note }
}

async fn recovery(
    parts: &CareParts,
    caller: &Caller,
    change: &FollowUpChange,
    (survey, verdict): (&Survey, Verdict),
) -> Result<Option<TicketOrder>, ApiError> {
    let about = match change.follow_up.ticket().filter(|_| verdict.is_low) {
        Some(ticket) => Some(parts.tickets.get(&caller.tenant, ticket).await?),
        None => None,
    };
    Ok(make_up(change, (survey, verdict), about.as_ref(), change.follow_up.changed_at))
}

/// Gives the ticket that makes up for a low score, after a ticket or none.
pub(super) fn make_up(
    change: &FollowUpChange,
    (survey, verdict): (&Survey, Verdict),
    about: Option<&Ticket>,
    at: Timestamp,
) -> Option<TicketOrder> {
    let follow_up = &change.follow_up;
    let (id, recovery) = follow_up.recovery.clone().zip(survey.recovery.as_ref())?;
    Some(TicketOrder {
        request_id: id.to_string(),
        id,
        actor: change.actor.clone(),
        at,
        ticket: recovery.ticket(follow_up, about, &verdict.to_string()),
        joins_since: None,
    })
}

fn line(caller: &Caller, change: &FollowUpChange) -> AuditRecord {
    let object = format!("follow-up/{}", change.follow_up.id);
    AuditRecord::of(caller, "follow_up.answer", object, change.follow_up.changed_at)
}

/// Puts a follow-up on the wire with its answers; a look at them is told on the trail.
pub(super) async fn told(
    parts: &CareParts,
    caller: &Caller,
    follow_up: FollowUp,
    survey: Option<&Survey>,
) -> Result<wire::FollowUp, ApiError> {
    if follow_up.state != FollowUpState::Answered {
        return Ok(convert::follow_up(follow_up));
    }
    let answers = parts.follow_ups.answers(&caller.tenant, &follow_up.id).await?;
    let object = format!("follow-up/{}", follow_up.id);
    let read = AuditRecord::of(caller, "follow_up.read", object, parts.clock.now());
    parts.audit.append(&caller.tenant, &read).await?;
    let verdict =
        survey.map(|survey| survey.judge(&answers)).filter(|_| answers != Answers::default());
    Ok(convert::answered(follow_up, &answers, verdict))
}
