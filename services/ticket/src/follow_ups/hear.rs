//! Hears what callers keyed in the surveys of flows: the same answers as those that agents write down.

use std::time::Duration;

use switchboard_domain::center::Center;
use switchboard_domain::follow_up::CallSurvey;
use switchboard_domain::ids::{FollowUpId, TenantId};
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{AnswerSet, Heard};

use super::answer::{judged, make_up};
use super::{BATCH, CareParts, PROGRAM};

/// How long the end of a call is waited for, because its tickets are made then.
const PATIENCE: Duration = Duration::from_hours(24);

/// Turns everything that callers of a tenant keyed into answers, by the surveys of the center in force.
/// What the center does not ask by that name stays in the history only.
pub async fn hear(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    loop {
        let given_up = parts.clock.now() - PATIENCE;
        let keyed = parts.follow_ups.call_surveys(tenant, given_up, BATCH).await?;
        if keyed.is_empty() {
            return Ok(());
        }
        let Some(center) = parts.center(tenant).await else { return Ok(()) };
        for one in &keyed {
            hear_one(parts, tenant, &center, one).await?;
        }
        if keyed.len() < BATCH as usize {
            return Ok(());
        }
    }
}

async fn hear_one(
    parts: &CareParts,
    tenant: &TenantId,
    center: &Center,
    keyed: &CallSurvey,
) -> Result<(), StoreError> {
    let id = FollowUpId::parse(parts.ids.uuid().to_string()).ok();
    let asked = center.surveys.get(&keyed.survey).filter(|_| !keyed.is_uncounted);
    let Some((survey, id)) = asked.zip(id) else {
        return parts.follow_ups.hear(tenant, keyed, None).await;
    };
    let about = match &keyed.ticket {
        Some(ticket) => Some(parts.tickets.get(tenant, ticket).await?),
        None => None,
    };
    let answers = survey.take_keyed(&keyed.scores);
    let (verdict, at) = (survey.judge(&answers), parts.clock.now());
    let follow_up = keyed.follow_up(id, about.as_ref(), &answers);
    let change = judged(follow_up, verdict, PROGRAM.to_owned());
    let recovery = make_up(&change, (survey, verdict), about.as_ref(), at);
    let set = AnswerSet { survey, answers: &answers, verdict, recovery };
    let heard = Heard { change, set, at };
    parts.follow_ups.hear(tenant, keyed, Some(&heard)).await
}
