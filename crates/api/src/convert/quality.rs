//! Scorecards, and what was found by them.

use std::time::Duration;

use switchboard_domain::ids::{ContactId, QueueId, ScorecardId, TicketId, TicketKindId};
use switchboard_domain::quality::{
    Criterion, Evaluation, EvaluationState, Found, Judged, MAX_COMMENT, MOST_CRITERIA, Scorecard,
    Subject,
};
use switchboard_domain::ratio::ratio;
use switchboard_domain::time::Timestamp;
use switchboard_store::evaluations::{
    CriterionFigures, DrawWish, EvaluationFigures, EvaluationFilter, EvaluationGrouping,
    EvaluationReport, Judgement,
};

use super::time::{recent_period, timestamp};
use crate::error::ApiError;
use crate::field;
use crate::generated::quality::v1 as wire;

/// The longest time that is drawn from: every call in it is looked at.
const LONGEST_DRAW: Duration = Duration::from_hours(92 * 24);
/// The most that one request draws.
pub const MOST_DRAWN: u32 = 200;
/// A hundredth of a percent, of a percent.
const HUNDREDTHS: f64 = 100.0;

/// Puts a scorecard on the wire.
pub fn scorecard(card: &Scorecard) -> wire::Scorecard {
    wire::Scorecard {
        scorecard_id: card.id.to_string(),
        subject: subject(card.subject).into(),
        queue_ids: card.queues.iter().map(QueueId::to_string).collect(),
        kinds: card.kinds.iter().map(TicketKindId::to_string).collect(),
        pass: u32::from(card.pass),
        criteria: card.criteria.iter().map(criterion).collect(),
    }
}

/// Puts an evaluation on the wire, without its marks and comment.
pub fn evaluation(evaluation: Evaluation) -> wire::Evaluation {
    let about = match evaluation.about {
        Judged::Call(call) => wire::evaluation::About::InteractionId(call.to_string()),
        Judged::Ticket(ticket) => wire::evaluation::About::TicketId(ticket.to_string()),
    };
    let evaluator = evaluation.found.as_ref().map(|found| found.evaluator.clone());
    wire::Evaluation {
        evaluation_id: evaluation.id.to_string(),
        scorecard_id: evaluation.scorecard.to_string(),
        state: state(evaluation.state).into(),
        about: Some(about),
        agent_id: evaluation.agent.to_string(),
        queue_id: evaluation.queue.map(|queue| queue.to_string()).unwrap_or_default(),
        department: evaluation.department.unwrap_or_default(),
        sample: evaluation.sample.unwrap_or_default(),
        opened_by: evaluation.opened_by,
        evaluator: evaluator.unwrap_or_default(),
        finding: evaluation.found.map(finding),
        marks: vec![],
        comment: String::new(),
        reason: evaluation.reason.unwrap_or_default(),
        acknowledge_time: evaluation.acknowledged_at.map(timestamp),
        create_time: Some(timestamp(evaluation.opened_at)),
        update_time: Some(timestamp(evaluation.changed_at)),
        etag: evaluation.version.to_string(),
    }
}

/// Puts an evaluation on the wire with everything that was found.
pub fn judgement(judgement: Judgement) -> wire::Evaluation {
    let Judgement { evaluation: about, marks, comment } = judgement;
    let marks = marks.iter().map(|(criterion, points)| wire::Mark {
        criterion: criterion.to_owned(),
        points: points.map(u32::from),
    });
    wire::Evaluation { marks: marks.collect(), comment, ..evaluation(about) }
}

/// Reads what is to be drawn by a scorecard.
pub fn wish(
    request: wire::DrawEvaluationsRequest,
    of: Subject,
    now: Timestamp,
) -> Result<DrawWish, ApiError> {
    let (from, until) = recent_period((request.from_time, request.to_time), now)?;
    if until - LONGEST_DRAW > from {
        return Err(ApiError::invalid_unseen("from_time", "at most 92 days before `to_time`"));
    }
    let count = request.count;
    if !(1..=MOST_DRAWN).contains(&count) {
        let expected = format!("1 to {MOST_DRAWN}");
        return Err(ApiError::invalid("count", &count.to_string(), expected));
    }
    let department = some(field::word("department", request.department)?);
    let disposition = field::optional_id("disposition", &request.disposition)?;
    let only = |field: &str, is_set: bool, subject: Subject| {
        let expected = format!("nothing: the scorecard is about a {of}, not a {subject}");
        let fits = !is_set || of == subject;
        fits.then_some(()).ok_or_else(|| ApiError::invalid_unseen(field, expected))
    };
    only("department", department.is_some(), Subject::Ticket)?;
    only("disposition", disposition.is_some(), Subject::Call)?;
    only("mystery", request.mystery, Subject::Call)?;
    let request_id = field::required_text("request_id", request.request_id, 64)?;
    Ok(DrawWish {
        request_id: field::word("request_id", request_id)?,
        count,
        most_per_agent: Some(request.most_per_agent).filter(|most| *most > 0),
        sample: some(field::word("sample", request.sample)?),
        from,
        until,
        queue: field::optional_id("queue_id", &request.queue_id)?,
        agent: field::optional_id("agent_id", &request.agent_id)?,
        department,
        disposition,
        is_mystery: request.mystery,
    })
}

/// Reads what is to be judged.
pub fn about(about: Option<wire::open_evaluation_request::About>) -> Result<Judged, ApiError> {
    use wire::open_evaluation_request::About;
    let expected = "one of `interaction_id` and `ticket_id`";
    match about.ok_or_else(|| ApiError::missing_one_of("about", expected))? {
        About::InteractionId(call) => {
            field::id::<ContactId>("interaction_id", &call).map(Judged::Call)
        }
        About::TicketId(ticket) => field::id::<TicketId>("ticket_id", &ticket).map(Judged::Ticket),
    }
}

/// Reads a word that may be empty.
pub fn sample(sample: String) -> Result<Option<String>, ApiError> {
    field::word("sample", sample).map(some)
}

/// Reads marks, before it is known what they are of.
pub fn marks(marks: Vec<wire::Mark>) -> Result<Vec<(String, Option<u32>)>, ApiError> {
    let marks = field::list("marks", marks, MOST_CRITERIA)?;
    let read = |mark: wire::Mark| {
        let criterion = field::required_text("marks.criterion", mark.criterion, 64)?;
        Ok((criterion, mark.points))
    };
    marks.into_iter().map(read).collect()
}

/// Reads a comment.
pub fn comment(comment: String) -> Result<String, ApiError> {
    field::text("comment", comment, MAX_COMMENT)
}

/// Reads the filters of a list.
pub fn filter(request: &wire::ListEvaluationsRequest) -> Result<EvaluationFilter, ApiError> {
    let asked = field::known::<wire::EvaluationState>("state", request.state)?;
    Ok(EvaluationFilter {
        state: EvaluationState::ALL.iter().copied().find(|known| state(*known) == asked),
        scorecard: field::optional_id("scorecard_id", &request.scorecard_id)?,
        agent: field::optional_id("agent_id", &request.agent_id)?,
        sample: sample(request.sample.clone())?,
    })
}

/// Reads what is to be counted.
pub fn report(
    request: &wire::ReportEvaluationsRequest,
    now: Timestamp,
) -> Result<EvaluationReport, ApiError> {
    use wire::EvaluationGrouping as Asked;
    let (from, until) = recent_period((request.from_time, request.to_time), now)?;
    let scorecard: ScorecardId = field::id("scorecard_id", &request.scorecard_id)?;
    let grouping = match field::known::<Asked>("grouping", request.grouping)? {
        Asked::Unspecified | Asked::Agent => EvaluationGrouping::Agent,
        Asked::Queue => EvaluationGrouping::Queue,
        Asked::Department => EvaluationGrouping::Department,
        Asked::Sample => EvaluationGrouping::Sample,
        Asked::Evaluator => EvaluationGrouping::Evaluator,
    };
    Ok(EvaluationReport { scorecard, from, until, grouping })
}

/// Puts what was found on the wire: all together, by group and by criterion.
pub fn figures(
    groups: Vec<EvaluationFigures>,
    criteria: Vec<CriterionFigures>,
) -> wire::ReportEvaluationsResponse {
    let mut all = EvaluationFigures::default();
    for group in &groups {
        all.add(group);
    }
    wire::ReportEvaluationsResponse {
        all: Some(of_group(all)),
        groups: groups.into_iter().map(of_group).collect(),
        criteria: criteria.into_iter().map(of_criterion).collect(),
    }
}

fn of_group(figures: EvaluationFigures) -> wire::EvaluationFigures {
    wire::EvaluationFigures {
        name: figures.name.unwrap_or_default(),
        judged: figures.judged,
        mean_score: mean(figures.scores, figures.judged),
        passed: figures.passed,
        failed_critical: figures.failed_critical,
        acknowledged: figures.acknowledged,
    }
}

fn of_criterion(figures: CriterionFigures) -> wire::CriterionFigures {
    wire::CriterionFigures {
        name: figures.name,
        marked: figures.marked,
        mean_score: mean(figures.shares, figures.marked),
        failed: figures.failed,
    }
}

/// Gives the mean of hundredths of a percent, in percent; 0 of nothing.
fn mean(sum: u64, count: u64) -> f64 {
    ratio(sum, count).unwrap_or(0.0) / HUNDREDTHS
}

fn finding(found: Found) -> wire::Finding {
    wire::Finding {
        score: found.finding.score.percent(),
        passed: found.finding.is_passed,
        failed_criteria: found.finding.failed,
        judge_time: Some(timestamp(found.at)),
    }
}

fn criterion(criterion: &Criterion) -> wire::Criterion {
    let texts = criterion.text.iter();
    wire::Criterion {
        name: criterion.name.clone(),
        texts: texts.map(|(language, text)| (language.to_string(), text.to_owned())).collect(),
        points: u32::from(criterion.points),
        weight: u32::from(criterion.weight),
        critical: criterion.is_critical,
        optional: criterion.is_optional,
    }
}

const fn subject(subject: Subject) -> wire::EvaluationSubject {
    match subject {
        Subject::Call => wire::EvaluationSubject::Call,
        Subject::Ticket => wire::EvaluationSubject::Ticket,
    }
}

const fn state(state: EvaluationState) -> wire::EvaluationState {
    match state {
        EvaluationState::Open => wire::EvaluationState::Open,
        EvaluationState::Done => wire::EvaluationState::Done,
        EvaluationState::Withdrawn => wire::EvaluationState::Withdrawn,
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::time::USUAL_PERIOD;
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn request() -> wire::DrawEvaluationsRequest {
        wire::DrawEvaluationsRequest {
            request_id: "r-1".to_owned(),
            count: 5,
            ..wire::DrawEvaluationsRequest::default()
        }
    }

    #[test]
    fn what_is_not_said_lets_everything_of_the_last_thirty_days_through() {
        let wish = wish(request(), Subject::Call, NOON).expect("a wish");

        assert_eq!((wish.from, wish.until), (NOON - USUAL_PERIOD, NOON));
        assert_eq!((wish.most_per_agent, wish.sample), (None, None));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_by_field() {
        let of = |request, subject| wish(request, subject, NOON).expect_err("a refusal");
        let odd = [
            (wire::DrawEvaluationsRequest { count: 0, ..request() }, Subject::Call, "count"),
            (wire::DrawEvaluationsRequest { count: 201, ..request() }, Subject::Call, "count"),
            (
                wire::DrawEvaluationsRequest { department: "care".to_owned(), ..request() },
                Subject::Call,
                "department",
            ),
            (
                wire::DrawEvaluationsRequest { mystery: true, ..request() },
                Subject::Ticket,
                "mystery",
            ),
            (
                wire::DrawEvaluationsRequest {
                    from_time: Some(timestamp(NOON - LONGEST_DRAW - USUAL_PERIOD)),
                    ..request()
                },
                Subject::Ticket,
                "from_time",
            ),
        ];
        for (request, subject, field) in odd {
            assert_eq!(of(request, subject).metadata()["field"], field);
        }
    }

    #[test]
    fn a_mean_is_told_in_percent() {
        assert!((mean(25_000, 3) - 83.33).abs() < 0.01);
        assert!(mean(0, 0).abs() < f64::EPSILON);
    }
}
