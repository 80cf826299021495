//! Conditions and sums in a flow: a small typed language, a part of the Common Expression Language.
//!
//! A [`Term`] can only be made well typed, of known names and of bounded size, so evaluating one
//! always ends and cannot go wrong. What is not known (a field nobody set, the tier of a stranger)
//! makes what depends on it unknown; `false && unknown` is false and `true || unknown` is true.

mod evaluate;
mod fact;
mod term;

use std::fmt;

use thiserror::Error;

pub use evaluate::Facts;
pub use fact::Fact;
pub use term::{Comparison, Scope, Subject, Term, TextTest};

/// The most parts an expression may have.
pub const MAX_PARTS: usize = 200;
/// How deep an expression may be nested.
pub const MAX_DEPTH: usize = 24;

/// What a part of an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Flag,
    /// A whole number.
    Number,
    /// A text.
    Text,
    /// A list of numbers.
    Numbers,
    /// A list of texts.
    Texts,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Flag => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Numbers => "a list of numbers",
            Self::Texts => "a list of texts",
        })
    }
}

/// Says why an expression has no meaning.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExpressionFault {
    /// A name that stands for nothing here.
    #[error("unknown name {0:?}")]
    UnknownName(String),
    /// An operator that does not take such parts.
    #[error("{operator} takes {wanted}, not {got}")]
    WrongKind {
        /// The operator or function.
        operator: &'static str,
        /// What it takes.
        wanted: &'static str,
        /// What it was given.
        got: Kind,
    },
    /// Two parts that cannot be compared or alternate.
    #[error("{operator} takes two of the same kind, not {left} and {right}")]
    Unlike {
        /// The operator.
        operator: &'static str,
        /// What stands on its left.
        left: Kind,
        /// What stands on its right.
        right: Kind,
    },
    /// A list whose parts are not all plain numbers or all plain texts.
    #[error("a list holds plain texts or plain numbers, and at least one")]
    BadList,
    /// More parts or deeper nesting than is allowed.
    #[error("is too large: at most {MAX_PARTS} parts, nested {MAX_DEPTH} deep")]
    TooLarge,
    /// The whole expression is something else than asked for.
    #[error("gives {got}, and {wanted} is needed here")]
    WrongResult {
        /// What is needed.
        wanted: Kind,
        /// What it gives.
        got: Kind,
    },
}

/// A checked expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    source: Box<str>,
    term: Term,
}

impl Expression {
    /// Takes a term that gives true or false, and how it was written.
    pub fn condition(source: impl Into<Box<str>>, term: Term) -> Result<Self, ExpressionFault> {
        Self::of_kind(source, term, Kind::Flag)
    }

    /// Takes a term that gives a number, and how it was written.
    pub fn number(source: impl Into<Box<str>>, term: Term) -> Result<Self, ExpressionFault> {
        Self::of_kind(source, term, Kind::Number)
    }

    fn of_kind(
        source: impl Into<Box<str>>,
        term: Term,
        wanted: Kind,
    ) -> Result<Self, ExpressionFault> {
        let got = term.kind();
        if got != wanted {
            return Err(ExpressionFault::WrongResult { wanted, got });
        }
        Ok(Self { source: source.into(), term })
    }

    /// Gives the expression as it was written.
    pub const fn source(&self) -> &str {
        &self.source
    }

    /// Gives the names of the fields it looks at.
    pub fn fields(&self) -> Vec<&str> {
        self.term.fields()
    }

    /// Gives what it looks at besides fields, each once, in the order in which it is written.
    pub fn facts(&self) -> Vec<Fact> {
        self.term.facts()
    }

    /// Says whether it holds; what is unknown does not.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        self.outcome(facts) == Some(true)
    }

    /// Says whether it holds; nothing when that depends on something unknown.
    pub fn outcome(&self, facts: &Facts<'_>) -> Option<bool> {
        self.term.flag_in(facts)
    }

    /// Computes the number; nothing when something it needs is unknown.
    pub fn compute(&self, facts: &Facts<'_>) -> Option<i64> {
        self.term.number_in(facts)
    }
}

#[cfg(test)]
mod tests;
