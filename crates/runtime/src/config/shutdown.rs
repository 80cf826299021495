//! Settings of the end of the process.

use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;

use crate::config::{ConfigError, require};

/// How the process ends. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShutdownConfig {
    /// Between saying "not serving" and refusing connections.
    #[serde(with = "duration")]
    pub lame_duck: Duration,
    /// How long open streams may go on after that.
    #[serde(with = "duration")]
    pub stream_grace: Duration,
    /// How long calls and background work may take in all.
    #[serde(with = "duration")]
    pub drain: Duration,
}

impl ShutdownConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        require(!self.drain.is_zero(), "shutdown.drain", "must be longer than 0s")?;
        require(
            self.stream_grace <= self.drain,
            "shutdown.stream_grace",
            "must not be longer than shutdown.drain",
        )
    }
}
