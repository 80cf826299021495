//! From the keys a caller pressed to named values.

use std::collections::BTreeMap;

use thiserror::Error;

use super::date::{CivilDate, DateError};
use super::node::{Collect, Field, FieldKind};

/// Says why an entry does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryError {
    /// More fields than the node asks for.
    #[error("the entry has more than {0} fields")]
    TooManyFields(usize),
    /// A field that must be there is not.
    #[error("the entry lacks `{0}`")]
    Missing(String),
    /// A field is not so many digits as it must be.
    #[error("`{0}` is not {1} to {2} digits")]
    Length(String, usize, usize),
    /// A field holds something other than digits.
    #[error("`{0}` is not all digits")]
    NotDigits(String),
    /// A field is not a number within its bounds.
    #[error("`{0}` is not a number from {1} to {2}")]
    Number(String, u32, u32),
    /// A field is not an acceptable day.
    #[error("`{0}`: {1}")]
    Date(String, DateError),
}

impl EntryError {
    /// Gives the field that does not fit.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::TooManyFields(_) => None,
            Self::Missing(name)
            | Self::Length(name, ..)
            | Self::NotDigits(name)
            | Self::Number(name, ..)
            | Self::Date(name, _) => Some(name),
        }
    }
}

/// Takes an entry apart at the separator and checks every field.
///
/// The keys come without the terminator; an optional field left empty gets no value.
pub fn parse_fields(
    collect: &Collect,
    keys: &str,
    today: CivilDate,
) -> Result<BTreeMap<String, String>, EntryError> {
    let parts: Vec<&str> = match collect.separator {
        Some(separator) => keys.split(separator.as_char()).collect(),
        None => vec![keys],
    };
    if parts.len() > collect.fields.len() {
        return Err(EntryError::TooManyFields(collect.fields.len()));
    }
    let mut values = BTreeMap::new();
    for (index, field) in collect.fields.iter().enumerate() {
        let part = parts.get(index).copied().unwrap_or_default();
        if !part.is_empty() {
            values.insert(field.name.clone(), parse_field(field, part, today)?);
        } else if !field.optional {
            return Err(EntryError::Missing(field.name.clone()));
        }
    }
    Ok(values)
}

fn parse_field(field: &Field, part: &str, today: CivilDate) -> Result<String, EntryError> {
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(EntryError::NotDigits(field.name.clone()));
    }
    match field.kind {
        FieldKind::Digits { min, max } if (min..=max).contains(&part.len()) => Ok(part.into()),
        FieldKind::Digits { min, max } => Err(EntryError::Length(field.name.clone(), min, max)),
        FieldKind::Number { least, most } => part
            .parse()
            .ok()
            .filter(|number: &u32| (least..=most).contains(number))
            .map(|number| number.to_string())
            .ok_or_else(|| EntryError::Number(field.name.clone(), least, most)),
        FieldKind::Date { max_days_ahead } => CivilDate::from_keys(part, today, max_days_ahead)
            .map(|date| date.to_string())
            .map_err(|error| EntryError::Date(field.name.clone(), error)),
    }
}
