//! Writes a tree so that [`parse`](super::parse) reads the same tree again.

use std::fmt::Write as _;

use super::Value;

/// Writes a value as a file.
pub(crate) fn write(value: &Value) -> String {
    let mut text = String::new();
    add(&mut text, value, 0);
    text.push('\n');
    text
}

// Flow style with every text in double quotes is YAML whatever the texts hold.
fn add(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Scalar(scalar) => add_quoted(text, scalar),
        Value::List(items) => {
            text.push('[');
            for item in items {
                add(text, &item.value, depth + 1);
                text.push_str(", ");
            }
            text.push(']');
        }
        Value::Map(entries) => {
            text.push('{');
            for entry in entries {
                // Names on lines of their own keep a file readable, and below the limit on a key.
                let indent = "  ".repeat(depth + 1);
                text.push('\n');
                text.push_str(&indent);
                add_quoted(text, &entry.name);
                text.push_str(": ");
                add(text, &entry.yaml.value, depth + 1);
                text.push(',');
            }
            text.push('}');
        }
    }
}

fn add_quoted(text: &mut String, scalar: &str) {
    text.push('"');
    for letter in scalar.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            control if u32::from(control) < 0x20 || control == '\u{7f}' => {
                write!(text, "\\x{:02x}", u32::from(control)).expect("a string takes any text");
            }
            other => text.push(other),
        }
    }
    text.push('"');
}
