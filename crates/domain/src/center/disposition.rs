//! The results of talks that agents note: codes that each center names for itself, in groups.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::center::Center;
use crate::center::locale::Localized;
use crate::ids::{DispositionId, QueueId};

/// How many groups may be in each other.
pub const MAX_DISPOSITION_DEPTH: usize = 6;

/// A result, or a group of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposition {
    /// Its name, for people.
    pub display_name: Localized,
    /// The group it is in.
    pub under: Option<DispositionId>,
}

/// The results of a center; without any, agents note what words they like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dispositions(BTreeMap<DispositionId, Disposition>);

/// What the agents of a queue note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueDispositions {
    /// The results they choose from, or groups of them; none means all of the center.
    pub codes: Vec<DispositionId>,
    /// Whether after-call work may be finished only with a result.
    pub required: bool,
    /// What counts as noted when after-call work ends by itself.
    pub default: Option<DispositionId>,
}

/// Says why a result cannot be noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DispositionFault {
    /// The queue wants one, and none was given.
    #[error("the queue asks for a disposition")]
    Missing,
    /// It is none of those the queue, or the center, has.
    #[error("it is no disposition of the queue")]
    Unknown,
}

impl Dispositions {
    /// Takes the results and groups of a center.
    pub fn new(all: BTreeMap<DispositionId, Disposition>) -> Self {
        Self(all)
    }

    /// Gives every result and group, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&DispositionId, &Disposition)> {
        self.0.iter()
    }

    /// Says whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Says whether others are in it, so that it cannot be noted itself.
    pub fn is_group(&self, code: &DispositionId) -> bool {
        self.0.values().any(|other| other.under.as_ref() == Some(code))
    }

    /// Gives a code and the groups it is in, the nearest first; it ends where they are too many.
    pub fn way_up<'a>(
        &'a self,
        code: &'a DispositionId,
    ) -> impl Iterator<Item = &'a DispositionId> {
        let above = |below: &&'a DispositionId| self.0.get(*below)?.under.as_ref();
        std::iter::successors(Some(code), above).take(MAX_DISPOSITION_DEPTH + 1)
    }

    /// Says whether a queue's agents may see a code: all where it names none, else what it names and
    /// what is in that.
    pub fn has(&self, queue: &QueueDispositions, code: &DispositionId) -> bool {
        self.0.contains_key(code)
            && (queue.codes.is_empty() || self.way_up(code).any(|it| queue.codes.contains(it)))
    }
}

impl Center {
    /// Gives what the agents of a queue note; any result of the center where the queue is unknown.
    pub fn dispositions_of(&self, queue: Option<&QueueId>) -> QueueDispositions {
        let queue = queue.and_then(|queue| self.queue(queue));
        queue.map(|queue| queue.dispositions.clone()).unwrap_or_default()
    }

    /// Gives the codes that may be noted under these rules.
    pub fn choices(&self, queue: &QueueDispositions) -> Vec<&DispositionId> {
        let all = &self.dispositions;
        let codes = all.iter().map(|(code, _)| code);
        codes.filter(|code| all.has(queue, code) && !all.is_group(code)).collect()
    }

    /// Checks what an agent notes; empty means nothing.
    pub fn check_disposition(
        &self,
        queue: &QueueDispositions,
        noted: &str,
    ) -> Result<(), DispositionFault> {
        if noted.is_empty() {
            return if queue.required { Err(DispositionFault::Missing) } else { Ok(()) };
        }
        let is_free = self.dispositions.is_empty();
        let is_one = || self.choices(queue).iter().any(|code| code.as_str() == noted);
        if is_free || is_one() { Ok(()) } else { Err(DispositionFault::Unknown) }
    }
}
