//! Where nodes lead, what they play and what they set.

use std::borrow::Cow;

use super::{
    Asking, CallbackNode, Collect, Menu, Node, NodeId, Play, Priority, Record, Say, SelfService,
    Set, Skills, StaffingFigure, Survey, TicketNode, Voicemail, Way,
};
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
        let mut edges = self.ways();
        edges.extend(self.asking().into_iter().flat_map(exits));
        edges
    }

    fn ways(&self) -> Vec<Edge<'_>> {
        match self {
            Self::Play(Play { next, .. })
            | Self::Say(Say { next, .. })
            | Self::SelfService(SelfService { next, .. })
            | Self::Set(Set { next, .. })
            | Self::Priority(Priority { next, .. })
            | Self::Skills(Skills { next, .. })
            | Self::Record(Record { next, .. })
            | Self::Collect(Collect { next, .. })
            | Self::Survey(Survey { next, .. }) => vec![edge("done", next)],
            Self::Call(node) => vec![edge("returned", &node.next)],
            Self::Menu(menu) => options(menu).collect(),
            Self::Confirm(node) => {
                let otherwise = node.otherwise.iter().map(|to| edge("no_more_tries", to));
                [edge("yes", &node.next), edge("no", &node.again)]
                    .into_iter()
                    .chain(otherwise)
                    .collect()
            }
            Self::Branch(node) => {
                cases(&node.cases).chain([edge("otherwise", &node.otherwise)]).collect()
            }
            Self::Hours(node) => {
                let holiday = node.holiday.iter().map(|to| edge("holiday", to));
                [edge("open", &node.open), edge("closed", &node.closed)]
                    .into_iter()
                    .chain(holiday)
                    .collect()
            }
            Self::Split(node) => {
                shares(&node.ways).chain([edge("otherwise", &node.otherwise)]).collect()
            }
            Self::Loop(node) => vec![edge("again", &node.next), edge("done", &node.done)],
            Self::Staffing(node) => {
                let others = [edge("otherwise", &node.otherwise), edge("fallback", &node.fallback)];
                cases(&node.cases).chain(others).collect()
            }
            Self::Lookup(node) => vec![
                edge("found", &node.next),
                edge("not_found", &node.not_found),
                edge("fallback", &node.fallback),
            ],
            Self::Fetch(node) => {
                let refused = node.refused.iter().map(|to| edge("refused", to));
                [edge("done", &node.next)]
                    .into_iter()
                    .chain(refused)
                    .chain([edge("fallback", &node.fallback)])
                    .collect()
            }
            Self::Callback(CallbackNode { next, fallback, .. })
            | Self::Ticket(TicketNode { next, fallback, .. })
            | Self::Voicemail(Voicemail { next, fallback, .. }) => {
                vec![edge("done", next), edge("fallback", fallback)]
            }
            Self::Transfer(node) => vec![edge("fallback", &node.fallback)],
            Self::Return | Self::Queue(_) | Self::HangUp { .. } => Vec::new(),
        }
    }

    /// Gives every node this one leads to by itself, not counting the human node.
    pub fn targets(&self) -> Vec<&NodeId> {
        self.edges().into_iter().map(|edge| edge.to).collect()
    }

    /// Gives every prompt this node plays.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
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
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
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
    let no_input = asking.attempts.on_no_input.iter().map(|to| edge("no_input", to));
    no_input.chain(asking.attempts.on_no_match.iter().map(|to| edge("no_match", to)))
}

fn options(menu: &Menu) -> impl Iterator<Item = Edge<'_>> {
    menu.options.iter().map(|(key, to)| Edge { name: Cow::Owned(key.to_string()), to })
}

fn shares(ways: &[Way]) -> impl Iterator<Item = Edge<'_>> {
    let name = |way: &Way| Cow::Owned(format!("{} %", way.percent));
    ways.iter().map(move |way| Edge { name: name(way), to: &way.next })
}

fn cases(cases: &[Case]) -> impl Iterator<Item = Edge<'_>> {
    cases.iter().map(|case| edge(case.when.source(), &case.next))
}

const fn edge<'a>(name: &'a str, to: &'a NodeId) -> Edge<'a> {
    Edge { name: Cow::Borrowed(name), to }
}
