//! Follow-ups, surveys and what customers answered.

use switchboard_domain::follow_up::{Cause, FollowUp, FollowUpState};
use switchboard_domain::survey::{
    Answer, Answers, DriverFigures, Given, Kano, LoyaltyPart, MAX_TEXT, MOST_QUESTIONS,
    PairFigures, PointFigures, Question, QuestionKind, Side, Survey, Verdict,
};
use switchboard_store::follow_ups::{FollowUpFilter, SurveyFigures};

use super::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::followup::v1 as wire;

/// Puts a follow-up on the wire, without what was answered.
pub fn follow_up(follow_up: FollowUp) -> wire::FollowUp {
    let ticket_id = follow_up.ticket().map(ToString::to_string).unwrap_or_default();
    let (touchpoint_id, call_id) = match follow_up.cause {
        Cause::Closing { .. } | Cause::CallBack { .. } => (String::new(), String::new()),
        Cause::Touchpoint(touchpoint) => (touchpoint.to_string(), String::new()),
        Cause::Call { call, .. } => (String::new(), call.to_string()),
    };
    wire::FollowUp {
        follow_up_id: follow_up.id.to_string(),
        state: state(follow_up.state).into(),
        ticket_id,
        touchpoint_id,
        policy: follow_up.policy,
        customer_id: or_empty(follow_up.customer),
        department: follow_up.department.unwrap_or_default(),
        queue_id: or_empty(follow_up.queue),
        survey_id: or_empty(follow_up.survey),
        spared_agent_ids: follow_up.spared.iter().map(ToString::to_string).collect(),
        due_time: Some(timestamp(follow_up.due_at)),
        calls: follow_up.calls,
        contact_id: or_empty(follow_up.contact),
        reason: follow_up.reason.unwrap_or_default(),
        recovery_ticket_id: or_empty(follow_up.recovery),
        answers: vec![],
        verdict: None,
        create_time: Some(timestamp(follow_up.made_at)),
        update_time: Some(timestamp(follow_up.changed_at)),
        etag: follow_up.version.to_string(),
        call_id,
    }
}

/// Puts a follow-up on the wire with what was answered.
pub fn answered(about: FollowUp, answers: &Answers, judged: Option<Verdict>) -> wire::FollowUp {
    let answers = answers.iter().map(|(question, given)| answer(question, given)).collect();
    wire::FollowUp { answers, verdict: judged.map(verdict), ..follow_up(about) }
}

/// Puts a survey on the wire.
pub fn survey(survey: &Survey) -> wire::Survey {
    wire::Survey {
        survey_id: survey.id.to_string(),
        questions: survey.questions.iter().map(question).collect(),
    }
}

/// Reads answers, before it is known what was asked.
pub fn given(answers: Vec<wire::Answer>) -> Result<Vec<(String, Given)>, ApiError> {
    let answers = field::list("answers", answers, MOST_QUESTIONS)?;
    let read = |answer: wire::Answer| {
        let question = field::required_text("answers.question", answer.question, 64)?;
        let given = match field::required("answers.value", answer.value)? {
            wire::answer::Value::Points(points) => Given::Points(points),
            wire::answer::Value::Option(option) => Given::Option(option),
            wire::answer::Value::Text(text) => {
                Given::Text(field::text("answers.text", text, MAX_TEXT)?)
            }
        };
        Ok((question, given))
    };
    answers.into_iter().map(read).collect()
}

/// Reads the filters of a list.
pub fn filter(request: &wire::ListFollowUpsRequest) -> Result<FollowUpFilter, ApiError> {
    let asked = field::known::<wire::FollowUpState>("state", request.state)?;
    let department = field::word("department", request.department.clone())?;
    Ok(FollowUpFilter {
        state: FollowUpState::ALL.iter().copied().find(|known| state(*known) == asked),
        ticket: field::optional_id("ticket_id", &request.ticket_id)?,
        customer: field::optional_id("customer_id", &request.customer_id)?,
        department: Some(department).filter(|name| !name.is_empty()),
        survey: field::optional_id("survey_id", &request.survey_id)?,
    })
}

/// Puts figures on the wire.
pub fn figures(survey: &Survey, figures: SurveyFigures) -> wire::SurveyFigures {
    let indices = survey.indices(&figures.pairs, &figures.questions);
    let counted = figures.states.into_iter();
    wire::SurveyFigures {
        department: figures.department.unwrap_or_default(),
        states: counted
            .map(|(at, count)| wire::StateCount { state: state(at).into(), count })
            .collect(),
        satisfaction: Some(points(figures.satisfaction)),
        judged: figures.judged,
        loyal: figures.loyal,
        kano: figures
            .kano
            .into_iter()
            .map(|(class, given)| wire::KanoFigures {
                kano: kano(class).into(),
                points: Some(points(given)),
            })
            .collect(),
        loyalty_score: indices.loyalty_score(),
        driver_index: indices.driver_index(),
        driver_weight_answered: indices.weight_answered(),
        items: indices.items.into_iter().map(item).collect(),
        loyalty_parts: indices.parts.into_iter().map(part_figures).collect(),
        drivers: indices.drivers.into_iter().map(driver).collect(),
    }
}

fn item((item, figures): (String, PairFigures)) -> wire::ItemFigures {
    let (ratio, gap) = (figures.ratio(), figures.gap());
    wire::ItemFigures { item, answers: figures.answers, ratio, gap }
}

fn part_figures((about, given): (LoyaltyPart, PointFigures)) -> wire::LoyaltyPartFigures {
    wire::LoyaltyPartFigures { part: part(about).into(), points: Some(points(given)) }
}

fn driver(figures: DriverFigures) -> wire::DriverFigures {
    wire::DriverFigures {
        loss: figures.loss(),
        driver: figures.name,
        weight: figures.weight,
        points: Some(points(figures.points)),
    }
}

const fn part(part: LoyaltyPart) -> wire::LoyaltyPart {
    match part {
        LoyaltyPart::Product => wire::LoyaltyPart::Product,
        LoyaltyPart::Enterprise => wire::LoyaltyPart::Enterprise,
        LoyaltyPart::Culture => wire::LoyaltyPart::Culture,
        LoyaltyPart::Added => wire::LoyaltyPart::Added,
        LoyaltyPart::Strategic => wire::LoyaltyPart::Strategic,
    }
}

const fn side(side: Side) -> wire::ItemSide {
    match side {
        Side::Expectation => wire::ItemSide::Expectation,
        Side::Performance => wire::ItemSide::Performance,
    }
}

fn points(figures: PointFigures) -> wire::PointFigures {
    let PointFigures { answers, satisfied, .. } = figures;
    wire::PointFigures { answers, mean: figures.mean().unwrap_or_default(), satisfied }
}

fn answer(question: &str, given: &Answer) -> wire::Answer {
    let value = match given {
        Answer::Points(points) => wire::answer::Value::Points(u32::from(*points)),
        Answer::Option(option) => wire::answer::Value::Option(option.clone()),
        Answer::Text(text) => wire::answer::Value::Text(text.clone()),
    };
    wire::Answer { question: question.to_owned(), value: Some(value) }
}

fn verdict(verdict: Verdict) -> wire::Verdict {
    let loyalty = match verdict.is_loyal {
        Some(true) => wire::Loyalty::Loyal,
        Some(false) => wire::Loyalty::NotLoyal,
        None => wire::Loyalty::Unspecified,
    };
    let lowest_satisfaction = verdict.lowest.map_or(0, u32::from);
    wire::Verdict { lowest_satisfaction, loyalty: loyalty.into() }
}

fn question(question: &Question) -> wire::Question {
    let (texts, measured) = (question.text.iter(), &question.measured);
    let kind = match question.kind {
        QuestionKind::Satisfaction => wire::QuestionType::Satisfaction,
        QuestionKind::Loyalty => wire::QuestionType::Loyalty,
        QuestionKind::Rating => wire::QuestionType::Rating,
        QuestionKind::Choice => wire::QuestionType::Choice,
        QuestionKind::Text => wire::QuestionType::Text,
    };
    wire::Question {
        name: question.name.clone(),
        texts: texts.map(|(language, text)| (language.to_string(), text.to_owned())).collect(),
        r#type: kind.into(),
        options: question.options.clone(),
        kano: question.kano.map_or(wire::Kano::Unspecified, kano).into(),
        optional: question.is_optional,
        item: measured.item.as_ref().map(|(item, _)| item.clone()).unwrap_or_default(),
        side: measured.item.as_ref().map_or(wire::ItemSide::Unspecified, |it| side(it.1)).into(),
        loyalty_part: measured.part.map_or(wire::LoyaltyPart::Unspecified, part).into(),
        driver: measured.driver.clone().unwrap_or_default(),
    }
}

const fn kano(class: Kano) -> wire::Kano {
    match class {
        Kano::MustBe => wire::Kano::MustBe,
        Kano::OneDimensional => wire::Kano::OneDimensional,
        Kano::Attractive => wire::Kano::Attractive,
        Kano::Indifferent => wire::Kano::Indifferent,
        Kano::Reverse => wire::Kano::Reverse,
    }
}

const fn state(state: FollowUpState) -> wire::FollowUpState {
    match state {
        FollowUpState::Due => wire::FollowUpState::Due,
        FollowUpState::Calling => wire::FollowUpState::Calling,
        FollowUpState::Reached => wire::FollowUpState::Reached,
        FollowUpState::Answered => wire::FollowUpState::Answered,
        FollowUpState::Unreached => wire::FollowUpState::Unreached,
        FollowUpState::Declined => wire::FollowUpState::Declined,
        FollowUpState::Skipped => wire::FollowUpState::Skipped,
    }
}

fn or_empty(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_word_of_its_own_on_the_wire() {
        for known in FollowUpState::ALL {
            let request = wire::ListFollowUpsRequest {
                state: state(*known).into(),
                ..wire::ListFollowUpsRequest::default()
            };

            assert_eq!(filter(&request).expect("a filter").state, Some(*known));
        }
        let all = filter(&wire::ListFollowUpsRequest::default()).expect("a filter");
        assert_eq!(all, FollowUpFilter::default());
    }
}
