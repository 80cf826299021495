//! Settings of flows.

use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;

use crate::config::{ConfigError, require};

/// Flows. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IvrConfig {
    /// How long a session is kept without an input.
    #[serde(with = "duration")]
    pub session_idle: Duration,
    /// How many sessions a tenant may have at once.
    pub max_sessions: u64,
}

impl IvrConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        require(
            self.session_idle >= Duration::from_secs(1),
            "ivr.session_idle",
            "must be at least 1s",
        )?;
        require(self.max_sessions >= 1, "ivr.max_sessions", "must be at least 1")
    }
}
