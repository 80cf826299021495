//! Settings of the systems outside that flows ask.

use std::path::PathBuf;

use serde::Deserialize;

use crate::config::{ConfigError, require};

/// The systems outside that flows ask. `config/default.toml` explains each key.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchConfig {
    /// The hosts that may be asked.
    pub hosts: Vec<String>,
    /// The folder with the credentials of each tenant; empty when there are none.
    pub credentials_dir: PathBuf,
}

impl FetchConfig {
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        require(
            self.hosts.iter().all(|host| is_host(host)),
            "fetch.hosts",
            "must hold names such as shop.example, *.example or *, without scheme and port",
        )
    }
}

fn is_host(text: &str) -> bool {
    let name = match text.strip_prefix('*') {
        Some("") => return true,
        Some(below) => below.strip_prefix('.').unwrap_or_default(),
        None => text,
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:_".contains(&byte);
    let is_port = name.matches(':').count() == 1;
    !name.is_empty() && !is_port && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_without_scheme_and_port() {
        for host in ["*", "*.example", "shop.example", "10.0.0.5", "fd00::5"] {
            assert!(is_host(host), "{host}");
        }
        for host in ["", "*.", "*shop", "https://shop.example", "shop.example:443", "a b"] {
            assert!(!is_host(host), "{host}");
        }
    }
}
