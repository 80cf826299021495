//! Evaluations into rows.

use switchboard_domain::ids::TicketKindId;
use switchboard_domain::quality::{Evaluation, Judged, Scorecard, Subject};
use switchboard_store::error::StoreError;
use switchboard_store::evaluations::{Draw, Judgement};

use super::{named, read};
use crate::data_keys;
use crate::error::about;
use crate::row::bigint;
use crate::scope::TenantScope;
use crate::tickets::{self, forms};
use crate::timestamp::At;
use crate::vault::of_contact;

/// What a sealed comment is bound to besides its subject.
pub(super) const PLACE: &str = "evaluations.sealed";

/// Keeps a request to draw, unless it was carried out before.
pub(super) async fn keep_draw(
    scope: &mut TenantScope<'_>,
    draw: &Draw<'_>,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO evaluation_draws (tenant_id, request_id, asked, actor, drawn_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(&draw.wish.request_id)
    .bind(draw.asked)
    .bind(draw.actor)
    .bind(At(draw.at))
    .execute(scope.connection())
    .await
    .map_err(about("a request to draw evaluations"))?;
    Ok(done.rows_affected() == 1)
}

/// Draws, and opens an evaluation for each.
pub(super) async fn draw(
    scope: &mut TenantScope<'_>,
    draw: &Draw<'_>,
) -> Result<Vec<Evaluation>, StoreError> {
    // One after the other, so that no two open the same, or wait for each other.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('evaluations/' || $1, 0))")
        .bind(scope.tenant)
        .execute(scope.connection())
        .await
        .map_err(about("the turn to draw evaluations"))?;
    let wish = draw.wish;
    let ids: Vec<&str> = draw.ids.iter().map(AsRef::as_ref).collect();
    let queues: Vec<&str> = draw.scorecard.queues.iter().map(AsRef::as_ref).collect();
    let statement = match draw.scorecard.subject {
        Subject::Call => include_str!("../../queries/draw_calls.sql"),
        Subject::Ticket => include_str!("../../queries/draw_tickets.sql"),
    };
    let query = sqlx::query(statement)
        .bind(scope.tenant)
        .bind(draw.scorecard.id.as_str())
        .bind(&wish.request_id)
        .bind(ids)
        .bind(At(wish.from))
        .bind(At(wish.until))
        .bind(queues)
        .bind(wish.queue.as_ref().map(AsRef::<str>::as_ref))
        .bind(wish.agent.as_ref().map(AsRef::<str>::as_ref));
    let query = match draw.scorecard.subject {
        Subject::Call => {
            query.bind(wish.disposition.as_ref().map(AsRef::<str>::as_ref)).bind(wish.is_mystery)
        }
        Subject::Ticket => {
            let kinds: Vec<&str> = draw.scorecard.kinds.iter().map(TicketKindId::as_str).collect();
            query.bind(kinds).bind(&wish.department)
        }
    };
    let rows = query
        .bind(wish.most_per_agent.map(i64::from))
        .bind(&wish.sample)
        .bind(draw.actor)
        .bind(At(draw.at))
        .fetch_all(scope.connection())
        .await
        .map_err(about("evaluations by chance"))?;
    let mut drawn = rows.iter().map(read::evaluation).collect::<Result<Vec<_>, _>>()?;
    drawn.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(drawn)
}

/// Keeps an open evaluation, unless one stands for the same.
pub(super) async fn open(
    scope: &mut TenantScope<'_>,
    open: &Evaluation,
) -> Result<bool, StoreError> {
    let (call, ticket) = about_ids(&open.about);
    let done = sqlx::query(include_str!("../../queries/open_evaluation.sql"))
        .bind(scope.tenant)
        .bind(open.id.as_str())
        .bind(open.scorecard.as_str())
        .bind(call)
        .bind(ticket)
        .bind(open.agent.as_str())
        .bind(open.queue.as_ref().map(AsRef::<str>::as_ref))
        .bind(&open.department)
        .bind(&open.sample)
        .bind(&open.opened_by)
        .bind(At(open.opened_at))
        .execute(scope.connection())
        .await
        .map_err(about(named(&open.id)))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps what was found; refused with a comment on the call or ticket of an erased customer.
pub(super) async fn judge(
    scope: &mut TenantScope<'_>,
    judgement: &Judgement,
    scorecard: &Scorecard,
) -> Result<(), StoreError> {
    let evaluation = &judgement.evaluation;
    let missing = || StoreError::conflict(named(&evaluation.id));
    let found = evaluation.found.as_ref().ok_or_else(missing)?;
    let sealed = seal(scope, judgement).await?;
    let done = sqlx::query(include_str!("../../queries/judge_evaluation.sql"))
        .bind(scope.tenant)
        .bind(evaluation.id.as_str())
        .bind(bigint(evaluation.version.saturating_sub(1)))
        .bind(&found.evaluator)
        .bind(At(found.at))
        .bind(i16::try_from(found.finding.score.hundredths()).unwrap_or(i16::MAX))
        .bind(found.finding.is_passed)
        .bind(&found.finding.failed)
        .bind(sealed)
        .bind(At(evaluation.changed_at))
        .execute(scope.connection())
        .await
        .map_err(about(named(&evaluation.id)))?;
    if done.rows_affected() == 0 {
        return Err(missing());
    }
    mark(scope, judgement, scorecard).await
}

/// Keeps a change that leaves what was found as it is.
pub(super) async fn change(
    scope: &mut TenantScope<'_>,
    changed: &Evaluation,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE evaluations
         SET state = $4, reason = $5, acknowledged_at = $6, changed_at = $7, version = $3 + 1
         WHERE tenant_id = $1 AND id = $2 AND version = $3",
    )
    .bind(scope.tenant)
    .bind(changed.id.as_str())
    .bind(bigint(changed.version.saturating_sub(1)))
    .bind(changed.state.as_str())
    .bind(&changed.reason)
    .bind(changed.acknowledged_at.map(At))
    .bind(At(changed.changed_at))
    .execute(scope.connection())
    .await
    .map_err(about(named(&changed.id)))?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::conflict(named(&changed.id))) }
}

/// Gives the names of the call and the ticket that an evaluation is about; one of them is there.
pub(super) fn about_ids(judged: &Judged) -> (Option<&str>, Option<&str>) {
    match judged {
        Judged::Call(call) => (Some(call.as_str()), None),
        Judged::Ticket(ticket) => (None, Some(ticket.as_str())),
    }
}

/// Names whose key seals what is said of a call or a ticket; none for a ticket that is gone.
pub(super) async fn subject(
    scope: &mut TenantScope<'_>,
    about: &Judged,
) -> Result<Option<String>, StoreError> {
    Ok(match about {
        Judged::Call(call) => Some(of_contact(call.as_str())),
        Judged::Ticket(ticket) => {
            let ticket = tickets::read::by_id(scope, ticket).await?;
            ticket.as_ref().map(forms::subject)
        }
    })
}

async fn seal(
    scope: &mut TenantScope<'_>,
    judgement: &Judgement,
) -> Result<Option<Vec<u8>>, StoreError> {
    if judgement.comment.is_empty() {
        return Ok(None);
    }
    let Some(subject) = subject(scope, &judgement.evaluation.about).await? else {
        return Ok(None);
    };
    let keys = data_keys::ensure(scope, &[subject.clone()].into()).await?;
    let erased = || StoreError::Refused {
        what: named(&judgement.evaluation.id),
        source: "whom it is about was erased".into(),
    };
    let key = keys.of(&subject).ok_or_else(erased)?;
    Ok(Some(key.seal(PLACE, judgement.comment.as_bytes())))
}

/// Keeps the marks in the place of those before.
async fn mark(
    scope: &mut TenantScope<'_>,
    judgement: &Judgement,
    scorecard: &Scorecard,
) -> Result<(), StoreError> {
    let id = &judgement.evaluation.id;
    sqlx::query("DELETE FROM evaluation_marks WHERE tenant_id = $1 AND evaluation_id = $2")
        .bind(scope.tenant)
        .bind(id.as_str())
        .execute(scope.connection())
        .await
        .map_err(about(named(id)))?;
    let (mut names, mut points, mut most) = (vec![], vec![], vec![]);
    for (criterion, given) in judgement.marks.iter() {
        let known = scorecard.criteria.iter().find(|known| known.name == criterion);
        if let Some(known) = known {
            names.push(criterion);
            points.push(given.map(i16::from));
            most.push(i16::from(known.points));
        }
    }
    sqlx::query(
        "INSERT INTO evaluation_marks (tenant_id, evaluation_id, criterion, points, most)
         SELECT $1, $2, * FROM unnest($3::text[], $4::smallint[], $5::smallint[])",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .bind(names)
    .bind(points)
    .bind(most)
    .execute(scope.connection())
    .await
    .map_err(about(named(id)))?;
    Ok(())
}
