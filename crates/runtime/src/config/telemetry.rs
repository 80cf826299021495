//! Settings of logs, traces and metrics.

use std::net::SocketAddr;

use serde::Deserialize;

use crate::config::{ConfigError, require};

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One line of text for people.
    Text,
    /// One JSON object per line for machines.
    Json,
}

/// Logs, traces and metrics. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetryConfig {
    /// What the telemetry calls this process.
    pub service_name: String,
    /// Which log lines are written.
    pub log_filter: String,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Where metrics are served; empty for nowhere.
    pub metrics_listen: String,
    /// Where traces go; empty for nowhere.
    pub otlp_endpoint: String,
    /// Share of traces kept.
    pub trace_share: f64,
}

impl TelemetryConfig {
    /// Gives the address that metrics are served on, if any.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_listen.parse().ok()
    }

    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        require(!self.service_name.is_empty(), "telemetry.service_name", "must not be empty")?;
        require(
            self.metrics_listen.is_empty() || self.metrics_address().is_some(),
            "telemetry.metrics_listen",
            "must be empty or an address such as 127.0.0.1:9400",
        )?;
        require(
            self.otlp_endpoint.is_empty() || self.otlp_endpoint.starts_with("http"),
            "telemetry.otlp_endpoint",
            "must be empty or start with http:// or https://",
        )?;
        let share = 0.0..=1.0;
        require(share.contains(&self.trace_share), "telemetry.trace_share", "must be from 0 to 1")
    }
}
