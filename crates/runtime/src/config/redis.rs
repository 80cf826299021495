//! Settings of the store of live state.

use std::path::PathBuf;
use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::config::{ConfigError, require};

const SCHEMES: &[&str] = &["redis://", "rediss://", "unix://", "redis+unix://"];

/// The store of live state. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisConfig {
    /// Where it is; empty when it is not set.
    pub url: SecretString,
    /// The file that holds the URL; empty when `url` does.
    pub url_file: PathBuf,
    /// Longest wait for a connection, and for each answer.
    #[serde(with = "duration")]
    pub timeout: Duration,
}

impl RedisConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        let url = self.url.expose_secret();
        let known = SCHEMES.iter().any(|scheme| url.starts_with(scheme));
        require(
            url.is_empty() || known,
            "redis.url",
            "must start with redis://, rediss:// or unix://",
        )?;
        require(!self.timeout.is_zero(), "redis.timeout", "must be longer than 0s")
    }
}
