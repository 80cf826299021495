//! Nodes that wait for the caller.

use std::collections::BTreeMap;
use std::time::Duration;

use super::NodeId;
use crate::center::PromptKey;
use crate::flow::Key;

/// How a node asks the caller for keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// What to play, in order.
    pub prompts: Vec<PromptKey>,
    /// What happens without a fitting entry.
    pub attempts: Attempts,
    /// How long to wait.
    pub timers: Timers,
    /// Whether a key stops the prompts.
    pub barge_in: bool,
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
    /// How it asks.
    pub asking: Asking,
    /// Where each key leads.
    pub options: BTreeMap<Key, NodeId>,
}

/// Plays prompts and waits for an entry of one or more fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collect {
    /// How it asks.
    pub asking: Asking,
    /// What the entry is made of, in order; optional fields come last.
    pub fields: Vec<Field>,
    /// The key between two fields; needed for more than one field.
    pub separator: Option<Key>,
    /// The key that ends the entry; never part of a value.
    pub terminator: Option<Key>,
    /// The key that takes back everything keyed in before it.
    pub cancel: Option<Key>,
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
    /// Whether the value is a [`Secret`](crate::flow::Secret) that only the next node may see.
    pub sensitive: bool,
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
    /// A whole number.
    Number {
        /// The least.
        least: u32,
        /// The greatest.
        most: u32,
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
            Self::Number { least, most } => (digits_in(*least), digits_in(*most)),
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

    /// Says whether any part of the entry may not be seen.
    pub fn is_sensitive(&self) -> bool {
        self.fields.iter().any(|field| field.sensitive)
    }
}

/// Reads an entry back and waits for yes or no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// How it asks; the prompts read the entry back.
    pub asking: Asking,
    /// The key for yes.
    pub yes: Key,
    /// The key for no.
    pub no: Key,
    /// Where yes leads.
    pub next: NodeId,
    /// Where no leads, to ask for the entry again.
    pub again: NodeId,
    /// How often no leads there.
    pub tries: u32,
    /// Where no leads after that; the human node when not set.
    pub otherwise: Option<NodeId>,
}

/// Asks for scores, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// How it asks; the prompts are played before the first question.
    pub asking: Asking,
    /// The name the result is kept under.
    pub name: String,
    /// The questions, in order.
    pub questions: Vec<SurveyQuestion>,
    /// Where to go when all is answered, and when the caller gives up.
    pub next: NodeId,
}

/// One question of a survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyQuestion {
    /// The name the score is kept under.
    pub name: String,
    /// What to play.
    pub prompts: Vec<PromptKey>,
    /// The lowest score.
    pub least: u32,
    /// The highest score.
    pub most: u32,
}

impl SurveyQuestion {
    /// Gives the fewest and the most keys of a score.
    pub const fn length(&self) -> (usize, usize) {
        (digits_in(self.least), digits_in(self.most))
    }
}

const fn digits_in(number: u32) -> usize {
    match number.checked_ilog10() {
        Some(power) => power as usize + 1,
        None => 1,
    }
}
