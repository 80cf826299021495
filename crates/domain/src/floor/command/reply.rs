//! What the floor answers.

use crate::floor::state::Token;

/// What the floor answers to an accepted command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Done; with the version of the entity the command was about.
    Done {
        /// The version after the step.
        version: u64,
    },
    /// It had been done before; nothing changed.
    Duplicate,
    /// A session began.
    Joined {
        /// Its token.
        token: Token,
    },
    /// A bounded part is done; send the command again for the rest.
    More,
}
