//! What nodes that wait for the caller have in common.

use super::super::node::{Asking, Attempts, Collect, Confirm, Menu, Node, Survey, SurveyQuestion};
use super::CollectDirective;
use crate::center::PromptKey;
use crate::flow::Key;

/// The most keys a gateway reports at once.
const MAX_KEYS: usize = 64;

/// A node that waits for the caller, and what exactly it asks.
#[derive(Clone, Copy)]
pub(super) enum Prompted<'a> {
    Menu(&'a Menu),
    Collect(&'a Collect),
    Confirm(&'a Confirm),
    Survey(&'a Survey, &'a SurveyQuestion),
}

impl<'a> Prompted<'a> {
    /// Gives what a node asks the caller, if it asks something; `part` counts a survey's questions.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    pub(super) fn of(node: &'a Node, part: u32) -> Option<Self> {
        match node {
            Node::Menu(menu) => Some(Self::Menu(menu)),
            Node::Collect(collect) => Some(Self::Collect(collect)),
            Node::Confirm(confirm) => Some(Self::Confirm(confirm)),
            Node::Survey(survey) => {
                let question = survey.questions.get(usize::try_from(part).ok()?)?;
                Some(Self::Survey(survey, question))
            }
            _ => None,
        }
    }

    /// Gives the prompts of the question.
    pub(super) fn prompts(self) -> &'a [PromptKey] {
        match self {
            Self::Survey(_, question) => &question.prompts,
            Self::Menu(_) | Self::Collect(_) | Self::Confirm(_) => &self.asking().prompts,
        }
    }

    pub(super) fn attempts(self) -> &'a Attempts {
        &self.asking().attempts
    }

    fn asking(self) -> &'a Asking {
        match self {
            Self::Menu(menu) => &menu.asking,
            Self::Collect(collect) => &collect.asking,
            Self::Confirm(confirm) => &confirm.asking,
            Self::Survey(survey, _) => &survey.asking,
        }
    }

    /// Gives how the gateway listens, without anything to play.
    pub(super) fn listening(self) -> CollectDirective {
        let ((min_digits, max_digits), terminator, sensitive) = match self {
            Self::Menu(_) | Self::Confirm(_) => ((1, 1), None, false),
            Self::Collect(collect) => {
                let (min, max) = collect.length();
                // Who takes an entry back keys in more than an entry can hold.
                let max = if collect.cancel.is_some() { max.max(MAX_KEYS) } else { max };
                ((min, max), collect.terminator, collect.is_sensitive())
            }
            Self::Survey(_, question) => {
                let length = question.length();
                (length, (length.0 < length.1).then_some(Key::POUND), false)
            }
        };
        let &Asking { barge_in, timers, .. } = self.asking();
        let prompts = Vec::new();
        CollectDirective {
            prompts,
            barge_in,
            min_digits,
            max_digits,
            terminator,
            timers,
            sensitive,
        }
    }
}
