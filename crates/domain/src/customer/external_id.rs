//! What other systems call a customer: the CRM, the shop, the membership register.

use std::fmt;

use smol_str::SmolStr;
use thiserror::Error;

use crate::ids::{IdError, check_id};

/// The most characters of an id in another system.
pub const MAX_EXTERNAL_ID: usize = 128;

/// The most external ids of one customer.
pub const MAX_EXTERNAL_IDS: usize = 20;

/// A customer's id in another system; no two customers of a tenant share one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId {
    system: SmolStr,
    id: SmolStr,
}

/// Says why a system and an id are no external id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExternalIdError {
    /// The system has no proper name.
    #[error("a system is named like an id: {0}")]
    System(#[from] IdError),
    /// The id is empty, or has blanks around it.
    #[error("an external id has at least one character, and no blank at either end")]
    Blank,
    /// The id is longer than [`MAX_EXTERNAL_ID`].
    #[error("an external id has at most {MAX_EXTERNAL_ID} characters, this one has {0}")]
    TooLong(usize),
    /// The id holds a control character.
    #[error("an external id has no control character")]
    ControlCharacter,
}

impl ExternalId {
    /// Checks the name of a system and an id in it; both are told apart by case.
    pub fn new(system: &str, id: &str) -> Result<Self, ExternalIdError> {
        check_id(system)?;
        if id.is_empty() || id.trim() != id {
            return Err(ExternalIdError::Blank);
        }
        let length = id.chars().count();
        if length > MAX_EXTERNAL_ID {
            return Err(ExternalIdError::TooLong(length));
        }
        if id.chars().any(char::is_control) {
            return Err(ExternalIdError::ControlCharacter);
        }
        Ok(Self { system: system.into(), id: id.into() })
    }

    /// Gives the name of the system, such as `crm`.
    pub fn system(&self) -> &str {
        &self.system
    }

    /// Gives what the system calls the customer.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for ExternalId {
    /// Shows the system only: the id may be the number of a passport.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ExternalId({})", self.system)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_id_is_a_system_and_whatever_it_calls_the_customer() {
        let id = ExternalId::new("crm", "会员 0815/4711").expect("an external id");

        assert_eq!((id.system(), id.id()), ("crm", "会员 0815/4711"));
        assert_ne!(id, ExternalId::new("shop", "会员 0815/4711").expect("an external id"));
    }

    #[test]
    fn what_no_system_would_give_out_is_refused() {
        let refused = |system, id| ExternalId::new(system, id).expect_err("a refusal");
        let long = "九".repeat(129);

        assert_eq!(refused("", "1"), ExternalIdError::System(IdError::Empty));
        assert_eq!(refused("my crm", "1"), ExternalIdError::System(IdError::BadCharacter(' ')));
        assert_eq!(refused("crm", ""), ExternalIdError::Blank);
        assert_eq!(refused("crm", " 1"), ExternalIdError::Blank);
        assert_eq!(refused("crm", &long), ExternalIdError::TooLong(129));
        assert_eq!(refused("crm", "1\u{7}2"), ExternalIdError::ControlCharacter);
    }

    #[test]
    fn the_id_is_not_shown_where_it_could_reach_a_log() {
        let id = ExternalId::new("passport", "E1234").expect("an external id");

        assert_eq!(format!("{id:?}"), "ExternalId(passport)");
    }
}
