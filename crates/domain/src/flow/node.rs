//! The nodes of a flow.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::center::{Language, PromptKey, SkillRequirement};
use crate::ids::{IdError, QueueId, check_id};

use super::branch::Branch;
use super::key::Key;

/// The name of a node, unique in its flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(String);

impl NodeId {
    /// Checks a name against the rules for identifiers.
    pub fn parse(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        check_id(&text)?;
        Ok(Self(text))
    }

    /// Gives the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One place in a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Plays prompts and goes on.
    Play(Play),
    /// Plays prompts and waits for one key.
    Menu(Menu),
    /// Plays prompts and waits for an entry of one or more fields.
    Collect(Collect),
    /// Sets fields or the language and goes on.
    Set {
        /// Values by field name; `{name}` in a value stands for another field.
        values: BTreeMap<String, String>,
        /// The language from here on.
        language: Option<Language>,
        /// Where to go.
        next: NodeId,
    },
    /// Chooses the way by what is known.
    Branch(Branch),
    /// Sends the caller to a queue and ends the flow.
    Queue(QueueNode),
    /// Plays prompts, ends the call and the flow.
    HangUp {
        /// What to play first.
        prompts: Vec<PromptKey>,
    },
}

/// Plays prompts and goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    /// What to play, in order.
    pub prompts: Vec<PromptKey>,
    /// Where to go.
    pub next: NodeId,
}

/// What happens when the caller says nothing, or something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How often in a row silence leads back to the question.
    pub max_no_input: u32,
    /// How often a wrong entry leads back to the question.
    pub max_no_match: u32,
    /// What replaces the question when it is asked again; empty repeats the question itself.
    pub again_prompts: Vec<PromptKey>,
    /// What to play after silence, by count; the last one repeats. The question follows.
    pub no_input_prompts: Vec<PromptKey>,
    /// What to play after a wrong entry, by count; the last one repeats. The question follows.
    pub no_match_prompts: Vec<PromptKey>,
    /// Where to go after too much silence; the human node when not set.
    pub on_no_input: Option<NodeId>,
    /// Where to go after too many wrong entries; the human node when not set.
    pub on_no_match: Option<NodeId>,
}

/// How long the gateway waits for keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timers {
    /// From the end of the prompts to the first key.
    pub first_digit: Duration,
    /// From one key to the next.
    pub inter_digit: Duration,
    /// From the first key to the end of the entry.
    pub overall: Duration,
}

/// Plays prompts and waits for one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// What to play, in order.
    pub prompts: Vec<PromptKey>,
    /// Where each key leads.
    pub options: BTreeMap<Key, NodeId>,
    /// What happens without a fitting key.
    pub attempts: Attempts,
    /// How long to wait.
    pub timers: Timers,
    /// Whether a key stops the prompts.
    pub barge_in: bool,
}

/// Plays prompts and waits for an entry of one or more fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collect {
    /// What to play, in order.
    pub prompts: Vec<PromptKey>,
    /// What the entry is made of, in order; optional fields come last.
    pub fields: Vec<Field>,
    /// The key between two fields; needed for more than one field.
    pub separator: Option<Key>,
    /// The key that ends the entry; never part of a value.
    pub terminator: Option<Key>,
    /// What happens without a fitting entry.
    pub attempts: Attempts,
    /// How long to wait.
    pub timers: Timers,
    /// Whether a key stops the prompts.
    pub barge_in: bool,
    /// Where to go with the fields set.
    pub next: NodeId,
}

/// One part of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name its value is kept under.
    pub name: String,
    /// What fits.
    pub kind: FieldKind,
    /// Whether the caller may leave it out.
    pub optional: bool,
    /// What to play when this field is what does not fit.
    pub invalid_prompt: Option<PromptKey>,
}

/// What fits in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// So many digits.
    Digits {
        /// At least so many.
        min: usize,
        /// At most so many.
        max: usize,
    },
    /// A real day, as `MMDD` or `YYYYMMDD`, today or later; kept as `YYYY-MM-DD`.
    Date {
        /// At most so many days ahead; nothing means any.
        max_days_ahead: Option<u32>,
    },
}

impl FieldKind {
    /// Gives the fewest and the most keys that can fit.
    pub const fn length(&self) -> (usize, usize) {
        match self {
            Self::Digits { min, max } => (*min, *max),
            Self::Date { .. } => (4, 8),
        }
    }
}

impl Collect {
    /// Gives the fewest and the most keys of a whole entry, separators included.
    pub fn length(&self) -> (usize, usize) {
        let mut shortest = 0_usize;
        let mut longest = 0_usize;
        for (index, field) in self.fields.iter().enumerate() {
            let separator = usize::from(index > 0);
            let (min, max) = field.kind.length();
            longest = longest.saturating_add(separator).saturating_add(max);
            if !field.optional {
                shortest = shortest.saturating_add(separator).saturating_add(min);
            }
        }
        (shortest, longest)
    }
}

/// Sends the caller to a queue and ends the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueNode {
    /// What to play first.
    pub prompts: Vec<PromptKey>,
    /// The queue.
    pub queue: QueueId,
    /// Skills needed on top of the queue's own.
    pub skills: Vec<SkillRequirement>,
    /// Points of priority added.
    pub priority_boost: u32,
}

impl Node {
    /// Says whether the flow stops here until the caller does something.
    pub const fn waits(&self) -> bool {
        matches!(self, Self::Menu(_) | Self::Collect(_))
    }

    /// Says whether the flow ends here.
    pub const fn ends(&self) -> bool {
        matches!(self, Self::Queue(_) | Self::HangUp { .. })
    }

    /// Gives every node this one leads to by itself, not counting the human node.
    pub fn targets(&self) -> Vec<&NodeId> {
        match self {
            Self::Play(play) => vec![&play.next],
            Self::Set { next, .. } => vec![next],
            Self::Menu(menu) => {
                menu.options.values().chain(exits(&menu.attempts)).collect::<Vec<_>>()
            }
            Self::Collect(collect) => {
                std::iter::once(&collect.next).chain(exits(&collect.attempts)).collect()
            }
            Self::Branch(branch) => {
                let cases = branch.cases.iter().map(|case| &case.next);
                cases.chain(std::iter::once(&branch.otherwise)).collect()
            }
            Self::Queue(_) | Self::HangUp { .. } => Vec::new(),
        }
    }

    /// Gives every prompt this node plays.
    pub fn prompts(&self) -> Vec<&PromptKey> {
        match self {
            Self::Play(play) => play.prompts.iter().collect(),
            Self::Menu(menu) => menu.prompts.iter().chain(retries(&menu.attempts)).collect(),
            Self::Collect(collect) => {
                let invalid = collect.fields.iter().filter_map(|f| f.invalid_prompt.as_ref());
                collect.prompts.iter().chain(retries(&collect.attempts)).chain(invalid).collect()
            }
            Self::Queue(queue) => queue.prompts.iter().collect(),
            Self::HangUp { prompts } => prompts.iter().collect(),
            Self::Set { .. } | Self::Branch(_) => Vec::new(),
        }
    }
}

fn exits(attempts: &Attempts) -> impl Iterator<Item = &NodeId> {
    attempts.on_no_input.iter().chain(attempts.on_no_match.iter())
}

fn retries(attempts: &Attempts) -> impl Iterator<Item = &PromptKey> {
    let again = attempts.again_prompts.iter();
    again.chain(attempts.no_input_prompts.iter()).chain(attempts.no_match_prompts.iter())
}
