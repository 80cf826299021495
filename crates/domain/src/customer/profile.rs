//! What a center keeps about its customers besides the record: fields in sections, as configured.
//!
//! Values are kept as they were given and checked against the configuration when they are written. A
//! field that leaves the configuration is not shown any more; its values stay, for its return.

mod field;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use smol_str::SmolStr;
use thiserror::Error;

use crate::caller::Role;
use crate::center::Localized;

use super::{Customer, PartyKind};

pub use field::{FieldShape, Pattern, PatternError};
pub use value::{Finite, ProfileValue};

/// The most characters of the name of a section or a field.
const MAX_NAME: usize = 32;

/// The values of one customer, by field.
pub type Profile = BTreeMap<FieldPath, ProfileValue>;

/// The name of a field behind the name of its section, such as `family.children`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(SmolStr);

/// Says why a text names no field.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a field is named by its section and its name, such as `family.children`")]
pub struct FieldPathError;

/// The sections that a center keeps about persons and companies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProfileSchema {
    /// The sections, in the order in which people see them.
    pub sections: Vec<ProfileSection>,
}

/// Fields that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileSection {
    /// Whether persons or companies have it.
    pub kind: PartyKind,
    /// Its name, which no other section of the kind has.
    pub name: SmolStr,
    /// Its name for people.
    pub display_name: Localized,
    /// Whether it is kept; the fields of a section that is off are as good as gone.
    pub is_on: bool,
    /// Its fields, in the order in which people see them.
    pub fields: Vec<ProfileField>,
}

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileField {
    /// Its name.
    pub path: FieldPath,
    /// Its name for people.
    pub display_name: Localized,
    /// Which values it takes.
    pub shape: FieldShape,
    /// Whether its values stay out of messages, and reading them is told on the audit trail.
    pub is_sensitive: bool,
    /// Who sees its values.
    pub readers: BTreeSet<Role>,
    /// Who changes its values.
    pub writers: BTreeSet<Role>,
    /// Whether whoever a call of the customer rings is told its value.
    pub is_at_ring: bool,
}

/// Says why a value is not written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProfileFault {
    /// The center keeps no such field about this kind of customer.
    #[error("the center keeps no such field about this kind of customer")]
    UnknownField {
        /// The fields there are.
        known: Vec<FieldPath>,
    },
    /// The role may not change the field.
    #[error("the role may not change this field")]
    NotAllowed,
    /// The value is none of those the field takes.
    #[error("expected {expected}")]
    BadValue {
        /// What would be accepted.
        expected: String,
        /// Whether the value must not be repeated.
        is_sensitive: bool,
    },
}

impl FieldPath {
    /// Names a field of a section.
    pub fn new(section: &str, field: &str) -> Result<Self, FieldPathError> {
        if is_name(section) && is_name(field) {
            Ok(Self(smol_str::format_smolstr!("{section}.{field}")))
        } else {
            Err(FieldPathError)
        }
    }

    /// Gives the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Tells whether a text names a section or a field: 1 to 32 characters of `a-z 0-9 _`.
pub fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(fits)
}

impl FromStr for FieldPath {
    type Err = FieldPathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (section, field) = text.split_once('.').ok_or(FieldPathError)?;
        Self::new(section, field)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl ProfileField {
    /// Says whether a role is told it when a call rings.
    pub fn is_told_to(&self, role: Role) -> bool {
        self.is_at_ring && self.readers.contains(&role)
    }
}

impl ProfileSchema {
    /// Gives the sections that are kept about a kind of customer.
    pub fn of(&self, kind: PartyKind) -> impl Iterator<Item = &ProfileSection> {
        self.sections.iter().filter(move |section| section.kind == kind && section.is_on)
    }

    /// Gives a field that is kept about a kind of customer.
    pub fn field(&self, kind: PartyKind, path: &FieldPath) -> Option<&ProfileField> {
        self.of(kind).flat_map(|section| &section.fields).find(|field| field.path == *path)
    }

    /// Checks a value that a role writes, or takes away.
    pub fn check(
        &self,
        kind: PartyKind,
        role: Role,
        path: &FieldPath,
        value: Option<&ProfileValue>,
    ) -> Result<(), ProfileFault> {
        let Some(field) = self.field(kind, path) else {
            let fields = self.of(kind).flat_map(|section| &section.fields);
            let known = fields.map(|field| field.path.clone()).collect();
            return Err(ProfileFault::UnknownField { known });
        };
        if !field.writers.contains(&role) {
            return Err(ProfileFault::NotAllowed);
        }
        match value {
            Some(value) if !field.shape.accepts(value) => Err(ProfileFault::BadValue {
                expected: field.shape.expected(),
                is_sensitive: field.is_sensitive,
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// Leaves of a customer's profile what a role may see.
    pub fn shown(&self, customer: &Customer, role: Role) -> Profile {
        let may_see = |path: &FieldPath| {
            let field = self.field(customer.kind, path);
            field.is_some_and(|field| field.readers.contains(&role))
        };
        let values = customer.profile.iter().filter(|(path, _)| may_see(path));
        values.map(|(path, value)| (path.clone(), value.clone())).collect()
    }

    /// Gives what a role is told of a customer when a call rings.
    pub fn at_ring<'profile>(
        &'profile self,
        customer: &'profile Customer,
        role: Role,
    ) -> impl Iterator<Item = (&'profile ProfileField, &'profile ProfileValue)> {
        let fields = self.of(customer.kind).flat_map(|section| &section.fields);
        let told = fields.filter(move |field| field.is_told_to(role));
        told.filter_map(|field| Some((field, customer.profile.get(&field.path)?)))
    }

    /// Gives the sensitive fields that a role may see, of persons and of companies.
    pub fn sensitive_for(&self, role: Role) -> BTreeSet<FieldPath> {
        let sections = PartyKind::ALL.iter().flat_map(|kind| self.of(*kind));
        let fields = sections.flat_map(|section| &section.fields);
        let seen = fields.filter(|field| field.is_sensitive && field.readers.contains(&role));
        seen.map(|field| field.path.clone()).collect()
    }

    /// Gives the sensitive ones among the fields of a customer's profile.
    pub fn sensitive(&self, kind: PartyKind, profile: &Profile) -> Vec<FieldPath> {
        let is_sensitive =
            |path: &FieldPath| self.field(kind, path).is_some_and(|field| field.is_sensitive);
        profile.keys().filter(|path| is_sensitive(path)).cloned().collect()
    }
}

#[cfg(test)]
mod tests;
