//! Surveys.

use switchboard_domain::flow::{Node, Survey, SurveyQuestion};

use super::Scope;
use super::question::asking;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::flows::asking as keys;

const MAX_SCORE: u32 = 99;

pub(super) fn survey(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let survey = fields.required("survey").and_then(|name| name.text());
    let questions =
        fields.required("questions").map(|value| value.list(|item| question(item, scope)));
    let next = scope.to(fields, "next");
    Some(Node::Survey(Survey {
        asking: asking(fields, scope),
        name: survey?.into(),
        questions: questions?,
        next: next?,
    }))
}

fn question(item: &Item<'_>, scope: &Scope<'_>) -> Option<SurveyQuestion> {
    let fields = item.fields(&keys::QUESTION)?;
    let name = fields.required("name").and_then(|name| name.text());
    let prompts = scope.prompts(&fields, "prompts");
    let bound = |key, default| fields.or(key, default, |value| value.whole(0..=MAX_SCORE));
    let (least, most) = (bound("least", 1), bound("most", 5));
    fields.finish();
    Some(SurveyQuestion { name: name?.into(), prompts, least, most })
}
