//! Settings of the store of durable state.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::config::{ConfigError, require};

const SCHEMES: &[&str] = &["postgres://", "postgresql://"];

/// The store of durable state. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresConfig {
    /// Where it is; empty when it is not set.
    pub url: SecretString,
    /// The file that holds the URL; empty when `url` does.
    pub url_file: PathBuf,
}

impl PostgresConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        let url = self.url.expose_secret();
        let known = SCHEMES.iter().any(|scheme| url.starts_with(scheme));
        require(url.is_empty() || known, "postgres.url", "must start with postgres://")
    }
}
