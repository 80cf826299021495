//! Settings of agents' desktops.

use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;

use crate::config::{ConfigError, require};

/// Agents' desktops. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueConfig {
    /// How long an agent stays signed in without a sign of life of the desktop.
    #[serde(with = "duration")]
    pub agent_lease: Duration,
    /// How often desktops are asked for a sign of life.
    #[serde(with = "duration")]
    pub heartbeat: Duration,
}

impl QueueConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        require(
            self.heartbeat >= Duration::from_millis(100),
            "queue.heartbeat",
            "must be at least 100ms",
        )?;
        require(
            self.agent_lease >= self.heartbeat * 2,
            "queue.agent_lease",
            "must be at least twice queue.heartbeat",
        )
    }
}
