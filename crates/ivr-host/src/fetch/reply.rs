//! Takes what a flow wants out of a reply.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use switchboard_domain::flow::FetchField;

/// The longest text that becomes a field: fields travel with the caller and are kept at every step.
const MAX_TEXT: usize = 500;

/// Reads a reply; nothing when it is not a JSON object. A reply without a word is an empty one.
pub(super) fn read(body: &[u8], fields: &[FetchField]) -> Option<BTreeMap<String, String>> {
    let object = if body.trim_ascii().is_empty() {
        Map::new()
    } else {
        serde_json::from_slice(body).ok()?
    };
    let found = |field: &FetchField| Some((field.name.clone(), text(at(&object, &field.from)?)?));
    Some(fields.iter().filter_map(found).collect())
}

/// Finds a value by the names of nested objects with dots between them.
fn at<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        Some((name, rest)) => at(object.get(name)?.as_object()?, rest),
        None => object.get(path),
    }
}

/// Writes a value as a field holds it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (text.chars().count() <= MAX_TEXT).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use switchboard_domain::flow::ValueKind;

    use super::*;

    fn field(name: &str, from: &str) -> FetchField {
        let (name, from) = (name.to_owned(), from.to_owned());
        FetchField { name, from, kind: ValueKind::Text, optional: true }
    }

    #[test]
    fn values_are_found_by_their_path_and_written_as_texts() {
        let body = br#"{"order": {"state": "sent", "total": 1250, "paid": true}, "note": null}"#;
        let fields = [
            field("state", "order.state"),
            field("total", "order.total"),
            field("paid", "order.paid"),
            field("note", "note"),
            field("order", "order"),
            field("none", "order.state.more"),
        ];

        let found = read(body, &fields).expect("a reply");

        let told: Vec<(&str, &str)> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(told, [("paid", "true"), ("state", "sent"), ("total", "1250")]);
    }

    #[test]
    fn what_is_no_object_is_no_reply_and_no_words_are_an_empty_one() {
        assert_eq!(read(b"[1]", &[]), None);
        assert_eq!(read(b"<html>", &[]), None);
        assert_eq!(read(b" \n", &[field("state", "state")]), Some(BTreeMap::new()));
    }

    #[test]
    fn a_text_too_long_to_be_a_field_is_missing() {
        let body = format!(r#"{{"note": "{}"}}"#, "x".repeat(MAX_TEXT + 1));

        assert_eq!(read(body.as_bytes(), &[field("note", "note")]), Some(BTreeMap::new()));
    }
}
