//! Settings of the gRPC server.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;

use crate::config::{ConfigError, require};

/// The gRPC server: address, limits, keepalive. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Where to serve; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether clients may ask for the contract.
    pub reflection: bool,
    /// Origins of web pages that may call.
    pub cors_origins: Vec<String>,
    /// Longest time to the answer, or to the first answer of a stream.
    #[serde(with = "duration")]
    pub call_timeout: Duration,
    /// Largest message accepted.
    pub max_message_bytes: u32,
    /// Largest set of headers accepted.
    pub max_header_bytes: u32,
    /// Calls and streams open at once on one connection.
    pub max_streams_per_connection: u32,
    /// Streams opened and reset before we looked at them.
    pub max_pending_resets: usize,
    /// Streams that we had to reset for a client's errors.
    pub max_error_resets: usize,
    /// Silence after which a connection is probed.
    #[serde(with = "duration")]
    pub keepalive_interval: Duration,
    /// How long a probe may stay unanswered.
    #[serde(with = "duration")]
    pub keepalive_timeout: Duration,
    /// How long a connection may last.
    #[serde(with = "duration")]
    pub max_connection_age: Duration,
    /// How long the calls of such a connection may go on.
    #[serde(with = "duration")]
    pub max_connection_age_grace: Duration,
}

impl ServerConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        require(!self.call_timeout.is_zero(), "server.call_timeout", "must be longer than 0s")?;
        require(
            self.max_message_bytes >= 1024,
            "server.max_message_bytes",
            "must be at least 1024",
        )?;
        require(self.max_header_bytes >= 1024, "server.max_header_bytes", "must be at least 1024")?;
        require(
            self.max_streams_per_connection > 0,
            "server.max_streams_per_connection",
            "must be at least 1",
        )?;
        require(
            self.keepalive_interval >= Duration::from_secs(1),
            "server.keepalive_interval",
            "must be at least 1s",
        )?;
        require(
            !self.keepalive_timeout.is_zero(),
            "server.keepalive_timeout",
            "must be longer than 0s",
        )?;
        require(
            self.max_connection_age >= Duration::from_secs(10),
            "server.max_connection_age",
            "must be at least 10s",
        )
    }
}
