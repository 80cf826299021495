//! The settings that pods mount are settings that the binary accepts.

use std::time::Duration;

use switchboard_runtime::config::{Config, ConfigError};

use crate::workspace;

/// The secrets are not here, so their files are not read.
const NO_SECRETS: [(&str, &str); 3] = [
    ("SWITCHBOARD__REDIS__URL_FILE", ""),
    ("SWITCHBOARD__POSTGRES__URL_FILE", ""),
    ("SWITCHBOARD__PRIVACY__KEY_RING_FILE", ""),
];

#[test]
fn the_services_accept_their_settings() {
    let config = load("config.toml").expect("the manifests are settings of this version");

    assert_eq!(config.server.listen.port(), 50051, "the probes ask this port");
    assert!(config.telemetry.metrics_listen.ends_with(":9464"), "the scrapers ask this port");
    assert!(config.shutdown.drain > Duration::ZERO);
}

#[test]
fn the_migration_accepts_its_settings() {
    load("migrate.toml").expect("the manifests are settings of this version");
}

#[expect(clippy::unwrap_in_result, reason = "only what the test is about is its result")]
fn load(name: &str) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().expect("there is room for a small file");
    let file = folder.path().join(name);
    std::fs::write(&file, embedded_file(name)).expect("there is room for a small file");
    let environment = NO_SECRETS.map(|(key, value)| (key.to_owned(), value.to_owned()));
    Config::from_layers(Some(&file), environment)
}

/// Takes one file out of the config map: the indented block below its name.
fn embedded_file(name: &str) -> String {
    let manifest = workspace::read(&workspace::root().join("k8s/base/config.yaml"));
    let block = manifest.lines().skip_while(|line| *line != format!("  {name}: |")).skip(1);
    let lines = block.take_while(|line| line.is_empty() || line.starts_with("    "));
    lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
}
