//! Settings of the recognition of callers.

use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;

use crate::config::{ConfigError, require};

const LONGEST: Duration = Duration::from_mins(1);

/// The recognition of callers. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookupConfig {
    /// How long a lookup takes at most.
    #[serde(with = "duration")]
    pub budget: Duration,
}

impl LookupConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        require(
            !self.budget.is_zero() && self.budget <= LONGEST,
            "lookup.budget",
            "must be longer than 0s and at most 1m",
        )
    }
}
