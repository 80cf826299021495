//! Settings: documented defaults compiled in, then one file, then the environment.
//!
//! Each section is a type in a file of its own and checks itself. A key that `config/default.toml`
//! does not have stops the start, with the nearest name that it has.

mod auth;
mod fetch;
mod ivr;
mod layers;
mod lookup;
mod nearest;
mod postgres;
mod privacy;
mod queue;
mod redis;
mod secret;
mod server;
mod shutdown;
mod telemetry;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

pub use auth::{AlgorithmName, AuthConfig};
pub use fetch::FetchConfig;
pub use ivr::IvrConfig;
pub use lookup::LookupConfig;
pub use postgres::PostgresConfig;
pub use privacy::PrivacyConfig;
pub use queue::QueueConfig;
pub use redis::RedisConfig;
pub use server::ServerConfig;
pub use shutdown::ShutdownConfig;
pub use telemetry::{LogFormat, TelemetryConfig};

/// The commented defaults, as text.
pub const DEFAULTS: &str = include_str!("../../../config/default.toml");

/// Every setting.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The gRPC server.
    pub server: ServerConfig,
    /// Tokens and keys.
    pub auth: AuthConfig,
    /// Live state.
    pub redis: RedisConfig,
    /// Durable state.
    pub postgres: PostgresConfig,
    /// Personal data at rest.
    pub privacy: PrivacyConfig,
    /// Agents' desktops.
    pub queue: QueueConfig,
    /// Flows.
    pub ivr: IvrConfig,
    /// Systems outside that flows ask.
    pub fetch: FetchConfig,
    /// The recognition of callers.
    pub lookup: LookupConfig,
    /// Logs, traces and metrics.
    pub telemetry: TelemetryConfig,
    /// How the process ends.
    pub shutdown: ShutdownConfig,
}

/// Says what is wrong with the settings, and where.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the settings in `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A text is not TOML, or a value has the wrong type.
    #[error("bad settings in {place}")]
    Malformed {
        /// The file, or "the environment".
        place: String,
        /// Why.
        source: Box<config::ConfigError>,
    },
    /// A key is not known.
    #[error("{place} sets `{key}`, which does not exist; did you mean `{nearest}`?")]
    UnknownKey {
        /// The file, or "the environment".
        place: String,
        /// The key, with its section.
        key: String,
        /// The known key most like it.
        nearest: String,
    },
    /// A value is not allowed.
    #[error("`{key}` {rule}")]
    NotAllowed {
        /// The key, with its section.
        key: &'static str,
        /// The rule that it breaks, as the rest of a sentence.
        rule: &'static str,
    },
}

impl Config {
    /// Gives the settings for whoever sets things up: no caller waits meanwhile, and to give up early
    /// would only fail a start on a busy machine.
    #[must_use]
    pub fn patient(&self) -> Self {
        Self { postgres: self.postgres.patient(), ..self.clone() }
    }

    /// Reads the defaults, then the file, then the process's environment.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::from_layers(file, environment)
    }

    /// Gives the defaults alone.
    ///
    /// # Panics
    ///
    /// Never: a test reads the compiled-in defaults.
    pub fn defaults() -> Self {
        Self::from_layers(None, []).expect("a test reads the compiled-in defaults")
    }

    /// Reads the defaults, then the file, then environment variables given as pairs.
    pub fn from_layers(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut config: Self = layers::merge(file, environment)?;
        config.read_secrets()?;
        config.validate()?;
        Ok(config)
    }

    fn read_secrets(&mut self) -> Result<(), ConfigError> {
        secret::read_file(&mut self.redis.url, &self.redis.url_file)?;
        secret::read_file(&mut self.postgres.url, &self.postgres.url_file)?;
        secret::read_file(&mut self.privacy.key_ring, &self.privacy.key_ring_file)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        self.server.validate()?;
        self.auth.validate()?;
        self.redis.validate()?;
        self.postgres.validate()?;
        self.queue.validate()?;
        self.ivr.validate()?;
        self.fetch.validate()?;
        self.lookup.validate()?;
        self.telemetry.validate()?;
        self.shutdown.validate()
    }
}

/// Checks one rule about one key.
fn require(holds: bool, key: &'static str, rule: &'static str) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(ConfigError::NotAllowed { key, rule }) }
}

#[cfg(test)]
mod tests;
