//! Settings of the store of durable state.

use std::path::PathBuf;
use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::config::{ConfigError, require};

const SCHEMES: &[&str] = &["postgres://", "postgresql://"];
/// How long a connection may take while nobody is on the line: a busy server makes one slowly.
const PATIENT_ACQUIRE: Duration = Duration::from_secs(10);
/// How long a call may take then: a center may have thousands of flows.
const PATIENT_CALL: Duration = Duration::from_mins(1);

/// The store of durable state. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresConfig {
    /// Where it is; empty when it is not set.
    pub url: SecretString,
    /// The file that holds the URL; empty when `url` does.
    pub url_file: PathBuf,
    /// Most connections of this process.
    pub max_connections: u32,
    /// Longest wait for one of them.
    #[serde(with = "duration")]
    pub acquire_timeout: Duration,
    /// Longest time of one call of a store.
    #[serde(with = "duration")]
    pub call_timeout: Duration,
}

impl PostgresConfig {
    /// Lengthens the limits that are short for callers' sake.
    pub(crate) fn patient(&self) -> Self {
        Self {
            acquire_timeout: self.acquire_timeout.max(PATIENT_ACQUIRE),
            call_timeout: self.call_timeout.max(PATIENT_CALL),
            ..self.clone()
        }
    }

    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        let url = self.url.expose_secret();
        let known = SCHEMES.iter().any(|scheme| url.starts_with(scheme));
        require(url.is_empty() || known, "postgres.url", "must start with postgres://")?;
        require(self.max_connections >= 2, "postgres.max_connections", "must be at least 2")?;
        require(
            !self.acquire_timeout.is_zero(),
            "postgres.acquire_timeout",
            "must be longer than 0s",
        )?;
        require(
            self.call_timeout >= self.acquire_timeout,
            "postgres.call_timeout",
            "must not be shorter than postgres.acquire_timeout",
        )
    }
}
