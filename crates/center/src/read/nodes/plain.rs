//! Nodes that the flow passes without waiting, and its ends.

use std::collections::BTreeMap;

use switchboard_domain::flow::expression::Subject;
use switchboard_domain::flow::{
    Call, Node, Play, Priority, QueueNode, Record, Say, SelfService, Set, Skills,
};

use super::Scope;
use crate::expression;
use crate::fields::Fields;
use crate::item::Item;

const MAX_BOOST: u32 = 1_000;

pub(super) fn play(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let prompts = scope.prompts(fields, "prompts");
    Some(Node::Play(Play { prompts, next: scope.to(fields, "next")? }))
}

pub(super) fn say(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let texts = fields.required("text").map(|text| {
        if text.is_map() {
            return scope.known.spoken(&text, |text| scope.template(text));
        }
        let language = scope.known.default_language.clone();
        language.into_iter().zip(scope.template(&text)).collect()
    });
    let next = scope.to(fields, "next");
    Some(Node::Say(Say { texts: texts?, next: next? }))
}

pub(super) fn answer(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let topic = fields.required("topic").and_then(|topic| topic.text());
    let prompts = scope.prompts(fields, "prompts");
    let next = scope.to(fields, "next");
    Some(Node::SelfService(SelfService { topic: topic?.into(), prompts, next: next? }))
}

pub(super) fn set(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let values = scope.templates(fields, "values");
    let numbers = fields.or("numbers", BTreeMap::new(), |value| {
        let sums = value.named::<String>().into_iter();
        let names = scope.expressions(Subject::Call);
        Some(
            sums.filter_map(|(name, sum)| Some((name, expression::number(&sum, &names)?)))
                .collect(),
        )
    });
    let language = fields.optional("language").and_then(|value| scope.known.language(&value));
    let next = scope.to(fields, "next")?;
    Some(Node::Set(Set { values, numbers, language, next }))
}

pub(super) fn priority(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let points = fields.required("points").and_then(|points| points.whole(0..=MAX_BOOST));
    let next = scope.to(fields, "next");
    Some(Node::Priority(Priority { points: points?, next: next? }))
}

pub(super) fn skills(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let skills = fields.or("skills", Vec::new(), |value| Some(scope.known.requirement(value)));
    Some(Node::Skills(Skills { skills, next: scope.to(fields, "next")? }))
}

pub(super) fn record(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let on = fields.required("on").and_then(|on| on.flag());
    let next = scope.to(fields, "next");
    Some(Node::Record(Record { on: on?, next: next? }))
}

pub(super) fn call(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let flow = fields.required("flow").and_then(|flow| scope.known.flow(&flow));
    let next = scope.to(fields, "next");
    Some(Node::Call(Call { flow: flow?, next: next? }))
}

pub(super) fn queue(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let prompts = scope.prompts(fields, "prompts");
    let queue = fields.required("queue").and_then(|value| scope.known.queue(&value));
    let skills = fields.or("skills", Vec::new(), |value| Some(scope.known.requirement(value)));
    let priority_boost =
        fields.or("priority_boost", 0, |value: &Item<'_>| value.whole(0..=MAX_BOOST));
    Some(Node::Queue(QueueNode { prompts, queue: queue?, skills, priority_boost }))
}
