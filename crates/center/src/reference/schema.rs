//! JSON Schemas of flows and of their tests, for editors: what each key takes is read from the table
//! of keys.

use serde_json::{Map, Value, json};

use crate::keys::{Key, Page, Section, cases, flows};

const NODE: &str = "node of type `";
const DURATION: &str = "^([0-9]+(ms|s|m|h|d))+$";
const KEY: &str = "^[0-9*#]$";

/// Writes the schema of flows.
///
/// It is as exact as completion needs and no more: names, expressions and the graph are checked by
/// `switchboard validate`.
pub fn flow_schema() -> String {
    let nodes = [("node".to_owned(), node())];
    schema(&flows::PAGE, "A flow of a Switchboard center", nodes.into_iter().collect())
}

/// Writes the schema of test cases.
pub fn cases_schema() -> String {
    schema(&cases::PAGE, "Test cases of a flow of a Switchboard center", Map::new())
}

/// Writes the schema of a file; its first section is the whole, the others are parts of it.
fn schema(page: &Page, title: &str, mut definitions: Map<String, Value>) -> String {
    let (whole, parts) = page.sections.split_first().expect("a file has keys");
    for section in parts {
        definitions.insert(name_of(section.title), object(section));
    }
    let mut schema = object(whole);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$defs": definitions,
    });
    if let (Value::Object(schema), Value::Object(head)) = (&mut schema, head) {
        schema.extend(head);
    }
    format!("{schema:#}\n")
}

// A node of a kind has the keys of its kind.
fn node() -> Value {
    let kinds = flows::PAGE.sections.iter().filter_map(|section| kind_of(section.title));
    let rules = kinds.clone().map(|kind| {
        json!({
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": reference(&format!("{NODE}{kind}`")),
        })
    });
    json!({
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": kinds.clone().collect::<Vec<_>>()}},
        "allOf": rules.collect::<Vec<_>>(),
    })
}

fn object(section: &Section) -> Value {
    let mut properties = Map::new();
    for key in section.keys {
        properties.insert(key.name.into(), property(section, key));
    }
    let required: Vec<&str> =
        section.keys.iter().filter(|key| key.is_required()).map(|key| key.name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(section: &Section, key: &Key) -> Value {
    let own = match key.name {
        "type" => kind_of(section.title),
        "kind" => section.title.strip_suffix(" field").filter(|kind| *kind != "fetched"),
        _ => None,
    };
    let mut schema = own.map_or_else(|| takes(key.takes), |own| json!({"const": own}));
    if let Value::Object(schema) = &mut schema {
        let said = match key.default {
            _ if key.is_required() => key.meaning.to_owned(),
            default => format!("{} Default: {default}.", key.meaning),
        };
        schema.insert("description".into(), said.into());
    }
    schema
}

/// Reads what a key takes from the words of the table.
fn takes(text: &str) -> Value {
    if let Some((_, value)) = text.split_once(" → ") {
        return json!({"type": "object", "additionalProperties": takes(value)});
    }
    if let Some(each) = text.strip_prefix("list, each ") {
        return json!({"type": "array", "items": takes(each)});
    }
    if let Some(each) = text.strip_prefix("one or a list, each ") {
        return json!({"anyOf": [takes(each), {"type": "array", "items": takes(each)}]});
    }
    if let Some(parts) = text.strip_prefix("list of ") {
        let parts = quoted(parts, '*').into_iter().map(reference);
        return json!({"type": "array", "items": {"anyOf": parts.collect::<Vec<_>>()}});
    }
    let range = text.strip_prefix("whole number, ").or_else(|| text.strip_prefix("least level, "));
    if let Some((least, most)) = range.and_then(|range| range.split_once(" to ")) {
        let bound = |number: &str| number.parse::<i64>().unwrap_or_default();
        return json!({"type": "integer", "minimum": bound(least), "maximum": bound(most)});
    }
    if text.starts_with("duration") {
        return json!({"type": "string", "pattern": DURATION});
    }
    if text.contains("a list") {
        return json!({"anyOf": [scalar(), {"type": "array", "items": scalar()}]});
    }
    match (text, quoted(text, '`'), quoted(text, '*')) {
        ("true or false", ..) => json!({"type": "boolean"}),
        ("one key", ..) => one_key(),
        ("one key or `none`", ..) => json!({"anyOf": [one_key(), {"const": "none"}]}),
        ("text by language", ..) => {
            json!({"anyOf": [scalar(), {"type": "object", "additionalProperties": scalar()}]})
        }
        (_, _, parts) if text.contains(" or *") && parts.len() == 1 => {
            json!({"anyOf": [scalar(), reference(parts[0])]})
        }
        (_, words, _) if !words.is_empty() => json!({"enum": words}),
        (_, _, parts) if parts.len() == 1 => reference(parts[0]),
        _ => scalar(),
    }
}

// Values are read as text whatever they look like.
fn scalar() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

fn one_key() -> Value {
    json!({"anyOf": [
        {"type": "string", "pattern": KEY},
        {"type": "integer", "minimum": 0, "maximum": 9},
    ]})
}

fn reference(title: &str) -> Value {
    json!({"$ref": format!("#/$defs/{}", name_of(title))})
}

fn name_of(title: &str) -> String {
    let bare = title.strip_prefix("an ").or_else(|| title.strip_prefix("a "));
    let plain = bare.unwrap_or(title).replace('`', "");
    plain.replace(' ', "_")
}

fn kind_of(title: &'static str) -> Option<&'static str> {
    title.strip_prefix(NODE)?.strip_suffix('`')
}

fn quoted(text: &str, mark: char) -> Vec<&str> {
    text.split(mark).skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keys_take_is_understood() {
        assert_eq!(
            takes("whole number, 1 to 9"),
            json!({"type": "integer", "minimum": 1, "maximum": 9})
        );
        assert_eq!(takes("`get` or `post`"), json!({"enum": ["get", "post"]}));
        assert_eq!(takes("*human exit*"), json!({"$ref": "#/$defs/human_exit"}));
        assert_eq!(takes("a queue"), scalar());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let schema: Value = serde_json::from_str(&flow_schema()).expect("JSON");
        let definitions = schema["$defs"].as_object().expect("definitions");

        let text = schema.to_string();
        let wanted = text.split("#/$defs/").skip(1).filter_map(|rest| rest.split('"').next());

        for name in wanted {
            assert!(definitions.contains_key(name), "{name}");
        }
    }
}
