//! The one error of every durable store: its variants say what the caller can do.

use std::error::Error as StdError;

use thiserror::Error;

/// The cause below a [`StoreError`], kept for the log.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// Says why a store did not do what was asked; nothing was half done.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The store cannot be reached or is out of time; trying again may help.
    #[error("the store is unavailable")]
    Unavailable(#[source] Cause),
    /// Someone else was faster, or the key is taken; read again, then decide.
    #[error("{what} was changed or taken by someone else")]
    Conflict {
        /// What is contested: `ticket t-1`.
        what: String,
    },
    /// A name that only one record may bear is borne by another one.
    #[error("the {kind} belongs to another record")]
    Taken {
        /// What sort of name: `external id`.
        kind: &'static str,
        /// The name, which may be personal and is kept out of the message.
        name: String,
    },
    /// There is no such record, or it belongs to another tenant.
    #[error("there is no {what}")]
    NotFound {
        /// What is missing: `ticket t-1`.
        what: String,
    },
    /// The store refused a value that its rules do not allow.
    #[error("{what} is refused")]
    Refused {
        /// What was refused: the name of the rule.
        what: String,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// A record cannot be read back; someone must look at it.
    #[error("{what} cannot be read")]
    Corrupt {
        /// What is broken: `interaction c-1: field state`.
        what: String,
        /// The cause.
        #[source]
        source: Cause,
    },
}

impl StoreError {
    /// Makes a [`StoreError::Conflict`].
    pub fn conflict(what: impl Into<String>) -> Self {
        Self::Conflict { what: what.into() }
    }

    /// Makes a [`StoreError::NotFound`].
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    /// Makes a [`StoreError::Corrupt`].
    pub fn corrupt(what: impl Into<String>, source: impl Into<Cause>) -> Self {
        Self::Corrupt { what: what.into(), source: source.into() }
    }

    /// Tells whether the same request may succeed later without any change.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
