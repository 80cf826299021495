//! Settings are read in order, and mistakes are named.

use std::fs;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;

fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn a_file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("settings.toml");
    fs::write(&path, text).unwrap();
    (place, path)
}

#[test]
fn patience_lengthens_what_is_short_and_nothing_else() {
    let hasty = Config::defaults().postgres;
    let slow = PostgresConfig { call_timeout: Duration::from_hours(1), ..hasty.clone() };

    assert!(hasty.patient().acquire_timeout > hasty.acquire_timeout);
    assert!(hasty.patient().call_timeout > hasty.call_timeout);
    assert_eq!(slow.patient().call_timeout, slow.call_timeout);
}

#[test]
fn the_defaults_are_valid_and_complete() {
    let config = Config::defaults();

    assert_eq!(config.server.call_timeout, Duration::from_secs(10));
    assert_eq!(config.server.max_connection_age, Duration::from_mins(30));
    assert_eq!(config.server.max_streams_per_connection, 100);
    assert_eq!(config.server.max_error_resets, 256);
    assert_eq!(config.server.max_pending_resets, 20);
    assert_eq!(config.server.max_message_bytes, 64 * 1024);
}

#[test]
fn the_developers_file_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/local.toml");

    let config = Config::from_layers(Some(&path), []).unwrap();

    assert!(config.server.reflection);
}

#[test]
fn every_default_has_a_comment_above_its_group() {
    let mut documented = false;
    for line in DEFAULTS.lines() {
        let is_key = line.contains('=') && !line.starts_with('#');
        assert!(documented || !is_key, "no comment above: {line}");
        documented = line.starts_with('#') || (is_key && documented);
    }
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let (_place, path) = a_file("[server]\nlisten = \"127.0.0.1:1\"\ncall_timeout = \"3s\"\n");
    let variables = environment(&[
        ("SWITCHBOARD__SERVER__LISTEN", "127.0.0.1:2"),
        ("SWITCHBOARD__SERVER__CORS_ORIGINS", "https://a.example, https://b.example"),
        ("SWITCHBOARD__SERVER__REFLECTION", "true"),
        ("SWITCHBOARD__REDIS__URL", "unix:///run/redis.sock"),
        ("PATH", "/bin"),
    ]);

    let config = Config::from_layers(Some(&path), variables).unwrap();

    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.server.call_timeout, Duration::from_secs(3));
    assert_eq!(config.server.cors_origins, ["https://a.example", "https://b.example"]);
    assert!(config.server.reflection);
    assert_eq!(config.redis.url.expose_secret(), "unix:///run/redis.sock");
}

#[test]
fn an_unknown_key_in_the_file_is_refused_with_the_nearest_name() {
    let (_place, path) = a_file("[server]\nlisten_on = \"127.0.0.1:1\"\n");

    let refused = Config::from_layers(Some(&path), []).unwrap_err().to_string();

    assert!(refused.contains("settings.toml"), "{refused}");
    assert!(refused.contains("`server.listen_on`"), "{refused}");
    assert!(refused.contains("did you mean `server.listen`?"), "{refused}");
}

#[test]
fn an_unknown_variable_is_refused() {
    let variables = environment(&[("SWITCHBOARD__REDDIS__URL", "redis://localhost")]);

    let refused = Config::from_layers(None, variables).unwrap_err().to_string();

    assert!(refused.contains("the environment sets `reddis.url`"), "{refused}");
    assert!(refused.contains("`redis.url`"), "{refused}");
}

#[test]
fn a_value_against_the_rules_is_refused_by_name() {
    for (name, value, key) in [
        ("SWITCHBOARD__SERVER__CALL_TIMEOUT", "0s", "server.call_timeout"),
        ("SWITCHBOARD__AUTH__ALGORITHMS", "", "auth.algorithms"),
        ("SWITCHBOARD__POSTGRES__URL", "mysql://x", "postgres.url"),
        ("SWITCHBOARD__TELEMETRY__TRACE_SHARE", "1.5", "telemetry.trace_share"),
        ("SWITCHBOARD__TELEMETRY__METRICS_LISTEN", "nowhere", "telemetry.metrics_listen"),
    ] {
        let refused = Config::from_layers(None, environment(&[(name, value)])).unwrap_err();

        assert!(refused.to_string().contains(key), "{refused}");
    }
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    for (name, value) in [
        ("SWITCHBOARD__SERVER__MAX_MESSAGE_BYTES", "many"),
        ("SWITCHBOARD__SERVER__CALL_TIMEOUT", "ten"),
        ("SWITCHBOARD__AUTH__ALGORITHMS", "HS256"),
        ("SWITCHBOARD__AUTH__ALGORITHMS", "none"),
    ] {
        let refused = Config::from_layers(None, environment(&[(name, value)]));

        assert!(matches!(refused, Err(ConfigError::Malformed { .. })), "{name}: {refused:?}");
    }
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let variables = environment(&[("SWITCHBOARD__POSTGRES__URL", "postgres://me:hidden@host/db")]);

    let config = Config::from_layers(None, variables).unwrap();

    assert!(!format!("{config:?}").contains("hidden"));
}

#[test]
fn a_secret_in_a_file_is_read_without_its_line_end() {
    let (_place, path) = a_file("postgres://me@host/db\n");
    let file = path.to_str().unwrap();
    let variables = environment(&[("SWITCHBOARD__POSTGRES__URL_FILE", file)]);

    let config = Config::from_layers(None, variables).unwrap();

    assert_eq!(config.postgres.url.expose_secret(), "postgres://me@host/db");
}
