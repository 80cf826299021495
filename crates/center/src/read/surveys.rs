//! What customers are asked: `surveys.yaml`.

mod measured;

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::ids::{SurveyId, check_id};
use switchboard_domain::survey::{
    Driver, Kano, LOYALTY_QUESTIONS, MOST_QUESTIONS, Question, QuestionKind, Recovery, Survey,
};
use switchboard_domain::ticket::TicketPriority;

use crate::item::Item;
use crate::keys::care::{QUESTION, RECOVERY, SURVEY};
use crate::known::Known;

const LEAST_OPTIONS: usize = 2;
const MOST_OPTIONS: usize = 20;
const USUAL_LOW: u8 = 2;

/// Reads every survey.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<SurveyId, Survey> {
    let named = root.into_iter().flat_map(Item::named::<SurveyId>);
    let surveys = named.filter_map(|(id, item)| {
        let survey = survey(id.clone(), &item.called(format!("survey {id}")), known)?;
        Some((id, survey))
    });
    surveys.collect()
}

fn survey(id: SurveyId, item: &Item<'_>, known: &Known) -> Option<Survey> {
    let fields = item.fields(&SURVEY)?;
    let drivers = fields.or("drivers", Vec::new(), |drivers| Some(measured::drivers(drivers)));
    let questions = fields.required("questions");
    let questions = questions.map(|list| questions_of(&list, known, &drivers)).unwrap_or_default();
    let recovery = fields.optional("recovery").and_then(|it| recovery(&it, known));
    fields.finish();
    let asks = |kind| questions.iter().filter(move |question| question.kind == kind).count();
    let loyalty = asks(QuestionKind::Loyalty);
    if loyalty != 0 && loyalty != LOYALTY_QUESTIONS {
        item.report(format!("asks {loyalty} questions of the type loyalty: ask all three or none"));
    }
    if recovery.is_some() && asks(QuestionKind::Satisfaction) == 0 {
        item.report("has a recovery and asks nothing of the type satisfaction");
    }
    measured::check(item, &questions, &drivers);
    Some(Survey { id, questions, recovery, drivers })
}

fn questions_of(list: &Item<'_>, known: &Known, drivers: &[Driver]) -> Vec<Question> {
    let entries = list.entries();
    if entries.is_empty() || entries.len() > MOST_QUESTIONS {
        list.report(format!("must have 1 to {MOST_QUESTIONS} questions"));
    }
    let mut questions = Vec::new();
    for (entry, item) in entries {
        if let Err(error) = check_id(&entry.name) {
            item.report_at(entry.place, error);
        }
        questions.extend(question(entry.name.as_str().into(), &item, (known, drivers)));
    }
    questions
}

fn question(
    name: String,
    item: &Item<'_>,
    (known, drivers): (&Known, &[Driver]),
) -> Option<Question> {
    let fields = item.fields(&QUESTION)?;
    let text = fields.required("text").and_then(|text| known.localized(&text));
    let kinds = QuestionKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect::<Vec<_>>();
    let kind = fields.required("type").and_then(|kind| kind.word(&kinds));
    let options = fields.optional("options").map(|list| options_of(&list));
    let classes = Kano::ALL.iter().map(|class| (class.as_str(), *class)).collect::<Vec<_>>();
    let kano = fields.optional("kano").and_then(|class| class.word(&classes));
    let is_text = kind == Some(QuestionKind::Text);
    let is_optional = fields.or("optional", is_text, Item::flag);
    let measured = measured::of_question(&fields, kind, drivers);
    fields.finish();
    let is_choice = kind == Some(QuestionKind::Choice);
    if kind.is_some() && is_choice != options.is_some() {
        item.report("needs \"options\" if its type is choice, and else has none");
    }
    let options = options.unwrap_or_default();
    Some(Question { name, text: text?, kind: kind?, options, kano, is_optional, measured })
}

fn options_of(list: &Item<'_>) -> Vec<String> {
    let options: Vec<String> = list.list(|option| {
        let name = option.text()?;
        option.parse_with(|_| check_id(name).map(|()| name.into()))
    });
    let different: BTreeSet<&String> = options.iter().collect();
    if !(LEAST_OPTIONS..=MOST_OPTIONS).contains(&different.len()) || different.len() < options.len()
    {
        list.report(format!("must have {LEAST_OPTIONS} to {MOST_OPTIONS} different names"));
    }
    options
}

fn recovery(item: &Item<'_>, known: &Known) -> Option<Recovery> {
    let fields = item.fields(&RECOVERY)?;
    let at_most = fields.or("at_most", USUAL_LOW, |points| points.whole(1..=4));
    let kind = fields.or("kind", known.kinds.usual(), |kind| known.kind(kind));
    let subject = fields.required("subject").and_then(|subject| subject.text());
    let priority = fields.or("priority", TicketPriority::High, Item::parse);
    let department = fields.optional("department").and_then(|name| known.department(&name));
    fields.finish();
    Some(Recovery { at_most, kind, subject: subject?.into(), priority, department })
}
