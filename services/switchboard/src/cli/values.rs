//! Values of typed fields, as words on the command line.

use std::time::Duration;

use prost_types::value::Kind;
use prost_types::{ListValue, Value};

use crate::cli::format;

/// What a word is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// Itself.
    Words,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// Several texts, by commas.
    List,
}

/// Takes a word for what it is meant to be; the server judges it. An empty one is no value.
pub(crate) fn value(meant: Meant, text: &str) -> Value {
    if text.is_empty() {
        return Value::default();
    }
    let words = || Kind::StringValue(text.to_owned());
    let kind = match meant {
        Meant::Words => words(),
        Meant::Number => text.parse().map_or_else(|_| words(), Kind::NumberValue),
        Meant::Flag => text.parse().map_or_else(|_| words(), Kind::BoolValue),
        Meant::List => {
            let item = |item: &str| Value { kind: Some(Kind::StringValue(item.trim().to_owned())) };
            Kind::ListValue(ListValue { values: text.split(',').map(item).collect() })
        }
    };
    Value { kind: Some(kind) }
}

/// Writes a value as it is given.
pub(crate) fn written(value: &Value) -> String {
    match &value.kind {
        Some(Kind::StringValue(text)) => text.clone(),
        Some(Kind::NumberValue(number)) => number.to_string(),
        Some(Kind::BoolValue(flag)) => flag.to_string(),
        Some(Kind::ListValue(list)) => {
            list.values.iter().map(written).collect::<Vec<_>>().join(", ")
        }
        Some(Kind::NullValue(_) | Kind::StructValue(_)) | None => String::new(),
    }
}

/// Reads how long something is, such as `2h`.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let span = format::parse_span(text)?;
    Duration::try_from(span).map_err(|_| "must be a time such as 90s, 2h or 3d".to_owned())
}
