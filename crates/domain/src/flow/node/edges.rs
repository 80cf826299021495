//! Where nodes lead, what they play and what they set.

use std::borrow::Cow;

use super::{Asking, Node, NodeId, StaffingFigure};
use crate::center::PromptKey;
use crate::flow::branch::Case;
use crate::flow::node::FieldKind;
use crate::flow::question::ValueKind;

/// A way from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge<'a> {
    /// What must happen to take it: a key, a condition, or a word such as `done` or `fallback`.
    pub name: Cow<'a, str>,
    /// Where it leads.
    pub to: &'a NodeId,
}

impl Node {
    /// Gives every way from here, not counting those to the human node that nobody wrote down.
    pub fn edges(&self) -> Vec<Edge<'_>> {
        let mut edges = Vec::new();
        let mut add = |name: &'static str, to| edges.push(Edge { name: Cow::Borrowed(name), to });
        match self {
            Self::Play(node) => add("done", &node.next),
            Self::Say(node) => add("done", &node.next),
            Self::SelfService(node) => add("done", &node.next),
            Self::Set(node) => add("done", &node.next),
            Self::Priority(node) => add("done", &node.next),
            Self::Skills(node) => add("done", &node.next),
            Self::Record(node) => add("done", &node.next),
            Self::Call(node) => add("returned", &node.next),
            Self::Collect(node) => add("done", &node.next),
            Self::Survey(node) => add("done", &node.next),
            Self::Menu(menu) => edges.extend(
                menu.options.iter().map(|(key, to)| Edge { name: Cow::Owned(key.to_string()), to }),
            ),
            Self::Confirm(node) => {
                add("yes", &node.next);
                add("no", &node.again);
                node.otherwise.iter().for_each(|to| add("no_more_tries", to));
            }
            Self::Branch(node) => {
                edges.extend(cases(&node.cases));
                edges.push(otherwise(&node.otherwise));
            }
            Self::Hours(node) => {
                add("open", &node.open);
                add("closed", &node.closed);
                node.holiday.iter().for_each(|to| add("holiday", to));
            }
            Self::Split(node) => {
                edges.extend(node.ways.iter().map(|way| Edge {
                    name: Cow::Owned(format!("{} %", way.percent)),
                    to: &way.next,
                }));
                edges.push(otherwise(&node.otherwise));
            }
            Self::Loop(node) => {
                add("again", &node.next);
                add("done", &node.done);
            }
            Self::Staffing(node) => {
                edges.extend(cases(&node.cases));
                edges.push(otherwise(&node.otherwise));
                edges.push(fallback(&node.fallback));
            }
            Self::Lookup(node) => {
                add("found", &node.next);
                add("not_found", &node.not_found);
                add("fallback", &node.fallback);
            }
            Self::Fetch(node) => {
                add("done", &node.next);
                node.refused.iter().for_each(|to| add("refused", to));
                add("fallback", &node.fallback);
            }
            Self::Callback(node) => edges.extend(done_or(&node.next, &node.fallback)),
            Self::Ticket(node) => edges.extend(done_or(&node.next, &node.fallback)),
            Self::Voicemail(node) => edges.extend(done_or(&node.next, &node.fallback)),
            Self::Transfer(node) => add("fallback", &node.fallback),
            Self::Return | Self::Queue(_) | Self::HangUp { .. } => {}
        }
        edges.extend(self.asking().into_iter().flat_map(exits));
        edges
    }

    /// Gives every node this one leads to by itself, not counting the human node.
    pub fn targets(&self) -> Vec<&NodeId> {
        self.edges().into_iter().map(|edge| edge.to).collect()
    }

    /// Gives every prompt this node plays.
    pub fn prompts(&self) -> Vec<&PromptKey> {
        let own: &[PromptKey] = match self {
            Self::Play(node) => &node.prompts,
            Self::SelfService(node) => &node.prompts,
            Self::Lookup(node) => &node.prompts,
            Self::Fetch(node) => &node.prompts,
            Self::Transfer(node) => &node.prompts,
            Self::Voicemail(node) => &node.prompts,
            Self::Queue(node) => &node.prompts,
            Self::HangUp { prompts } => prompts,
            _ => &[],
        };
        let asked = self.asking().into_iter().flat_map(Asking::all_prompts);
        let parts: Vec<&PromptKey> = match self {
            Self::Collect(node) => {
                node.fields.iter().filter_map(|field| field.invalid_prompt.as_ref()).collect()
            }
            Self::Survey(node) => {
                node.questions.iter().flat_map(|question| &question.prompts).collect()
            }
            _ => Vec::new(),
        };
        own.iter().chain(asked).chain(parts).collect()
    }

    /// Gives the fields this node sets, with what their texts mean; sensitive ones are not set.
    pub fn sets(&self) -> Vec<(&str, ValueKind)> {
        match self {
            Self::Collect(node) => {
                let seen = node.fields.iter().filter(|field| !field.sensitive);
                seen.map(|field| (field.name.as_str(), kind_of(&field.kind))).collect()
            }
            Self::Set(node) => {
                let texts = node.values.keys().map(|name| (name.as_str(), ValueKind::Text));
                let numbers = node.numbers.keys().map(|name| (name.as_str(), ValueKind::Number));
                texts.chain(numbers).collect()
            }
            Self::Survey(node) => {
                let names = node.questions.iter().map(|question| question.name.as_str());
                names.map(|name| (name, ValueKind::Number)).collect()
            }
            Self::Staffing(node) => {
                let keep: Vec<(&String, &StaffingFigure)> = node.keep.iter().collect();
                keep.into_iter().map(|(name, _)| (name.as_str(), ValueKind::Number)).collect()
            }
            Self::Fetch(node) => {
                node.fields.iter().map(|field| (field.name.as_str(), field.kind)).collect()
            }
            Self::Ticket(node) => {
                node.keep.iter().map(|name| (name.as_str(), ValueKind::Number)).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Asking {
    /// Gives every prompt, those of further attempts included.
    fn all_prompts(&self) -> impl Iterator<Item = &PromptKey> {
        let attempts = &self.attempts;
        let again = attempts.again_prompts.iter().chain(&attempts.no_input_prompts);
        self.prompts.iter().chain(again).chain(&attempts.no_match_prompts)
    }
}

const fn kind_of(kind: &FieldKind) -> ValueKind {
    match kind {
        FieldKind::Number { .. } => ValueKind::Number,
        FieldKind::Digits { .. } | FieldKind::Date { .. } => ValueKind::Text,
    }
}

fn exits(asking: &Asking) -> impl Iterator<Item = Edge<'_>> {
    let no_input = asking.attempts.on_no_input.iter().map(|to| ("no_input", to));
    let no_match = asking.attempts.on_no_match.iter().map(|to| ("no_match", to));
    no_input.chain(no_match).map(|(name, to)| Edge { name: Cow::Borrowed(name), to })
}

fn cases(cases: &[Case]) -> impl Iterator<Item = Edge<'_>> {
    cases.iter().map(|case| Edge { name: Cow::Borrowed(case.when.source()), to: &case.next })
}

const fn otherwise(to: &NodeId) -> Edge<'_> {
    Edge { name: Cow::Borrowed("otherwise"), to }
}

const fn fallback(to: &NodeId) -> Edge<'_> {
    Edge { name: Cow::Borrowed("fallback"), to }
}

fn done_or<'a>(next: &'a NodeId, other: &'a NodeId) -> [Edge<'a>; 2] {
    [Edge { name: Cow::Borrowed("done"), to: next }, fallback(other)]
}
