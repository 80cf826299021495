//! Settings of personal data at rest.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

/// Personal data at rest. `config/default.toml` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivacyConfig {
    /// The key ring's text; empty when it is not set.
    pub key_ring: SecretString,
    /// The file that holds the key ring; empty when `key_ring` does.
    pub key_ring_file: PathBuf,
}
