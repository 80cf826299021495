//! Merges the layers of settings and refuses keys that the defaults do not have.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use config::{Config, File, FileFormat, Source, Value, ValueKind};
use serde::de::DeserializeOwned;

use crate::config::nearest::nearest;
use crate::config::{ConfigError, DEFAULTS};

const PREFIX: &str = "SWITCHBOARD__";
const ENVIRONMENT: &str = "the environment";

/// Reads defaults, file and environment into one typed whole.
pub(crate) fn merge<T: DeserializeOwned>(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<T, ConfigError> {
    let defaults = parse(DEFAULTS, "the defaults")?;
    let known = flatten(&defaults);
    let mut builder = Config::builder().add_source(defaults);
    if let Some(path) = file {
        let place = format!("`{}`", path.display());
        let text = fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_path_buf(), source })?;
        let layer = parse(&text, &place)?;
        check_known(flatten(&layer).keys(), &known, &place)?;
        builder = builder.add_source(layer);
    }
    let overrides = from_environment(environment);
    check_known(overrides.keys(), &known, ENVIRONMENT)?;
    for (key, text) in overrides {
        let is_list = matches!(known[&key].kind, ValueKind::Array(_));
        builder = builder
            .set_override(&key, if is_list { list(&text) } else { text.into() })
            .map_err(malformed(ENVIRONMENT))?;
    }
    let place = file
        .map_or(ENVIRONMENT.to_owned(), |path| format!("`{}` or {ENVIRONMENT}", path.display()));
    builder.build().and_then(Config::try_deserialize).map_err(malformed(&place))
}

fn parse(text: &str, place: &str) -> Result<Config, ConfigError> {
    let source = File::from_str(text, FileFormat::Toml);
    Config::builder().add_source(source).build().map_err(malformed(place))
}

fn malformed(place: &str) -> impl FnOnce(config::ConfigError) -> ConfigError {
    let place = place.to_owned();
    move |source| ConfigError::Malformed { place, source: Box::new(source) }
}

/// Gives every key with its section: `server.listen`.
fn flatten(layer: &Config) -> BTreeMap<String, Value> {
    let mut keys = BTreeMap::new();
    for (section, content) in layer.collect().unwrap_or_default() {
        if let ValueKind::Table(table) = content.kind {
            keys.extend(table.into_iter().map(|(key, value)| (format!("{section}.{key}"), value)));
        } else {
            keys.insert(section, content);
        }
    }
    keys
}

fn check_known<'a>(
    mut keys: impl Iterator<Item = &'a String>,
    known: &BTreeMap<String, Value>,
    place: &str,
) -> Result<(), ConfigError> {
    let Some(key) = keys.find(|key| !known.contains_key(*key)) else {
        return Ok(());
    };
    let nearest = nearest(key, known.keys().map(String::as_str)).to_owned();
    Err(ConfigError::UnknownKey { place: place.to_owned(), key: key.clone(), nearest })
}

/// Picks `SWITCHBOARD__SERVER__LISTEN` and names it `server.listen`.
fn from_environment(
    variables: impl IntoIterator<Item = (String, String)>,
) -> BTreeMap<String, String> {
    let key_of = |name: &str| Some(name.strip_prefix(PREFIX)?.to_lowercase().replace("__", "."));
    variables.into_iter().filter_map(|(name, value)| Some((key_of(&name)?, value))).collect()
}

/// Reads `a, b` as a list.
fn list(text: &str) -> Value {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    Value::new(None, items.map(str::to_owned).collect::<Vec<_>>())
}
