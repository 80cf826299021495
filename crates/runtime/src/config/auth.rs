//! Settings of tokens and keys.

use std::path::PathBuf;
use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;

use crate::config::{ConfigError, require};

/// A signature algorithm that may be accepted; all of them have a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum AlgorithmName {
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA over P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSA PKCS#1 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
}

/// Which tokens are accepted. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// What a token must name as its issuer.
    pub issuer: String,
    /// What a token must name as its audience.
    pub audience: String,
    /// The issuer's public keys.
    pub jwks_file: PathBuf,
    /// How often the file is looked at.
    #[serde(with = "duration")]
    pub jwks_refresh: Duration,
    /// Signature algorithms accepted.
    pub algorithms: Vec<AlgorithmName>,
    /// How far the issuer's clock may be off.
    #[serde(with = "duration")]
    pub leeway: Duration,
    /// How long a stream goes on after its token expired.
    #[serde(with = "duration")]
    pub stream_grace: Duration,
}

impl AuthConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        require(!self.issuer.is_empty(), "auth.issuer", "must not be empty")?;
        require(!self.audience.is_empty(), "auth.audience", "must not be empty")?;
        require(!self.algorithms.is_empty(), "auth.algorithms", "must name at least one")?;
        require(
            self.jwks_refresh >= Duration::from_secs(1),
            "auth.jwks_refresh",
            "must be at least 1s",
        )?;
        require(self.leeway <= Duration::from_mins(5), "auth.leeway", "must be at most 5m")
    }
}
