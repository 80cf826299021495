//! What a kind of ticket asks besides words: a form of typed fields, and steps to be ticked.
//!
//! Values are checked against the form in force when they are written. One whose field has left the
//! form stays, for its return, and is asked for no more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use smol_str::SmolStr;
use thiserror::Error;

use crate::center::Localized;
use crate::customer::profile::{FieldShape, ProfileValue, is_name};

use super::{TicketMove, TicketState};

/// The name of a field of a form, or of a step of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName(SmolStr);

/// Says that a text names no field and no step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("fields and steps are named by 1 to 32 characters of a-z 0-9 _")]
pub struct EntryNameError;

/// What a kind asks of its tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketForm {
    /// The fields, in the order in which people see them.
    pub fields: Vec<FormField>,
    /// The steps that are ticked before a ticket is resolved, in their order.
    pub steps: Vec<FormStep>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// Its name.
    pub name: EntryName,
    /// Its name for people.
    pub display_name: Localized,
    /// Which values it takes.
    pub shape: FieldShape,
    /// From where on it must have a value; none where it need never have one.
    pub required_at: Option<Checkpoint>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormStep {
    /// Its name.
    pub name: EntryName,
    /// What is to be done, for people.
    pub display_name: Localized,
}

/// A place in a ticket's life at which fields must have values; later ones ask for what earlier ones
/// ask for, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checkpoint {
    /// Before somebody takes responsibility.
    Accept,
    /// Before it is resolved.
    Resolve,
    /// Before it is closed.
    Close,
}

/// What was filled in for one ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The values, by field.
    pub values: BTreeMap<EntryName, ProfileValue>,
    /// The steps that were ticked.
    pub ticked: BTreeSet<EntryName>,
}

/// What is to be changed in what was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// New values by field; none takes the value away.
    pub values: BTreeMap<EntryName, Option<ProfileValue>>,
    /// Steps to tick, and steps whose tick is taken back.
    pub ticks: BTreeMap<EntryName, bool>,
}

/// Says why something is not filled in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FillError {
    /// The form has no such field.
    #[error("the form has no field `{name}`")]
    UnknownField {
        /// What was named.
        name: EntryName,
        /// The fields there are.
        known: Vec<EntryName>,
    },
    /// The value is none of those the field takes.
    #[error("the field `{name}` takes {expected}")]
    BadValue {
        /// The field.
        name: EntryName,
        /// What was given; none where it may be personal.
        value: Option<String>,
        /// What would be accepted.
        expected: String,
    },
    /// The checklist has no such step.
    #[error("the checklist has no step `{name}`")]
    UnknownStep {
        /// What was named.
        name: EntryName,
        /// The steps there are.
        known: Vec<EntryName>,
    },
}

/// What is still to be filled in before a ticket goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A field has no value, or one that the form takes no more.
    Field {
        /// The field.
        name: EntryName,
        /// What it takes.
        expected: String,
    },
    /// A step is not ticked.
    Step {
        /// The step.
        name: EntryName,
    },
}

impl EntryName {
    /// Gives the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EntryName {
    type Err = EntryNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_name(text) { Ok(Self(text.into())) } else { Err(EntryNameError) }
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Checkpoint {
    /// Gives the place at which a move stops.
    pub const fn of(attempted: TicketMove) -> Option<Self> {
        match attempted {
            TicketMove::Accept => Some(Self::Accept),
            TicketMove::Resolve => Some(Self::Resolve),
            TicketMove::Close => Some(Self::Close),
            TicketMove::Dispatch
            | TicketMove::Escalate
            | TicketMove::Start
            | TicketMove::WaitOnCustomer
            | TicketMove::Hold
            | TicketMove::Resume
            | TicketMove::Reply
            | TicketMove::Inform
            | TicketMove::Reopen
            | TicketMove::Merge
            | TicketMove::Cancel
            | TicketMove::Note
            | TicketMove::Revise
            | TicketMove::Alarm => None,
        }
    }

    /// Gives the last place that a ticket has passed by where it stands now; none while nobody has taken
    /// responsibility.
    pub fn passed_by(state: TicketState) -> Option<Self> {
        match state {
            TicketState::New => None,
            TicketState::Accepted
            | TicketState::Dispatched
            | TicketState::InProgress
            | TicketState::WaitingOnCustomer
            | TicketState::OnHold
            | TicketState::Reopened => Some(Self::Accept),
            TicketState::Resolved => Some(Self::Resolve),
            TicketState::Closed | TicketState::Merged | TicketState::Cancelled => Some(Self::Close),
        }
    }
}

impl TicketForm {
    /// Gives the first thing that is missing where a ticket wants to pass.
    pub fn gap(&self, at: Checkpoint, filled: &Filled) -> Option<Gap> {
        let is_due = |field: &&FormField| field.required_at.is_some_and(|due| due <= at);
        let has_value = |field: &FormField| {
            filled.values.get(&field.name).is_some_and(|value| field.shape.accepts(value))
        };
        let field = self.fields.iter().filter(is_due).find(|field| !has_value(field));
        if let Some(field) = field {
            let (name, expected) = (field.name.clone(), field.shape.expected());
            return Some(Gap::Field { name, expected });
        }
        if at == Checkpoint::Accept {
            return None;
        }
        let open = self.steps.iter().find(|step| !filled.ticked.contains(&step.name));
        open.map(|step| Gap::Step { name: step.name.clone() })
    }

    /// Gives what is filled in after a change, or says what of it the form does not take.
    ///
    /// What the form does not know any more can still be taken away.
    pub fn fill(&self, mut filled: Filled, filling: Filling) -> Result<Filled, FillError> {
        for (name, value) in filling.values {
            match value {
                Some(value) => {
                    self.check(&name, &value)?;
                    filled.values.insert(name, value);
                }
                None if filled.values.remove(&name).is_some() => {}
                None => self.field(&name).map(drop)?,
            }
        }
        for (name, is_done) in filling.ticks {
            if !is_done && filled.ticked.remove(&name) {
                continue;
            }
            self.check_step(&name)?;
            if is_done {
                filled.ticked.insert(name);
            }
        }
        Ok(filled)
    }

    fn check(&self, name: &EntryName, value: &ProfileValue) -> Result<(), FillError> {
        let field = self.field(name)?;
        if field.shape.accepts(value) {
            return Ok(());
        }
        let value = shown(&field.shape, value);
        Err(FillError::BadValue { name: name.clone(), value, expected: field.shape.expected() })
    }

    fn field(&self, name: &EntryName) -> Result<&FormField, FillError> {
        let unknown = || FillError::UnknownField {
            name: name.clone(),
            known: self.fields.iter().map(|field| field.name.clone()).collect(),
        };
        self.fields.iter().find(|field| field.name == *name).ok_or_else(unknown)
    }

    fn check_step(&self, name: &EntryName) -> Result<(), FillError> {
        if self.steps.iter().any(|step| step.name == *name) {
            return Ok(());
        }
        let known = self.steps.iter().map(|step| step.name.clone()).collect();
        Err(FillError::UnknownStep { name: name.clone(), known })
    }
}

impl Filled {
    /// Says whether nothing was filled in.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.ticked.is_empty()
    }

    /// Takes over what others filled in where nothing is filled in yet.
    pub fn complete(&mut self, others: &Self) {
        for (name, value) in &others.values {
            self.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self.ticked.extend(others.ticked.iter().cloned());
    }
}

impl Filling {
    /// Says whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.ticks.is_empty()
    }

    /// Tells what is changed by the names alone: the values may be personal.
    pub fn told(&self) -> Vec<String> {
        let values = self.values.iter().map(|(name, value)| {
            let what = if value.is_some() { "set" } else { "cleared" };
            format!("{what} {name}")
        });
        let ticks = self.ticks.iter().map(|(name, is_done)| {
            let what = if *is_done { "ticked" } else { "unticked" };
            format!("{what} {name}")
        });
        values.chain(ticks).collect()
    }
}

/// Gives a value as a refusal may repeat it: words that people choose themselves may name somebody.
fn shown(shape: &FieldShape, value: &ProfileValue) -> Option<String> {
    match shape {
        FieldShape::Text { .. } | FieldShape::Texts { .. } | FieldShape::Phone => None,
        FieldShape::Number { .. }
        | FieldShape::Integer { .. }
        | FieldShape::Boolean
        | FieldShape::Date
        | FieldShape::Choice(_) => Some(value.to_string()),
    }
}

#[cfg(test)]
mod tests;
