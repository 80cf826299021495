//! Every sample flow satisfies the schema that editors complete by, and a slip does not.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json};

use super::demo;
use crate::problem::Problems;
use crate::yaml::{self, Value, Yaml};
use crate::{flow_schema, read_folder};

#[test]
fn every_sample_flow_satisfies_the_schema() {
    let validator = validator();
    for (file, text) in samples() {
        let flow = json(&tree(&text));

        let faults: Vec<String> =
            validator.iter_errors(&flow).map(|fault| fault.to_string()).collect();

        assert_eq!(faults, [] as [&str; 0], "{file}");
    }
}

#[test]
fn a_slip_does_not_satisfy_the_schema() {
    let validator = validator();
    let flow = &demo()["flows/hotline.yaml"];
    let slips = [
        ("type: menu", "type: menue"),
        ("first_digit: 8s", "first_digit: 8"),
        ("first_digit: 8s", "frist_digit: 8s"),
        ("max_steps: 100", "max_steps: 0"),
        ("kind: digits, min: 2", "kind: digits"),
    ];

    for (old, new) in slips {
        let slipped = flow.replacen(old, new, 1);
        assert_ne!(&slipped, flow, "{old}");
        assert!(!validator.is_valid(&json(&tree(&slipped))), "{new}");
    }
}

fn validator() -> jsonschema::Validator {
    let schema = serde_json::from_str(&flow_schema()).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn samples() -> BTreeMap<String, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/every_key");
    let mut files = read_folder(Path::new(folder)).expect("the folder is there");
    files.extend(demo());
    files.retain(|file, _| file.starts_with("flows/"));
    assert!(files.len() >= 3);
    files
}

fn tree(text: &str) -> Yaml {
    yaml::parse("flows/sample.yaml", text, &Problems::default()).expect("YAML")
}

// As an editor reads it: plain words may be numbers and flags.
fn json(yaml: &Yaml) -> Json {
    match &yaml.value {
        Value::Scalar(text) => match (text.parse::<i64>(), text.parse::<bool>()) {
            (Ok(number), _) => number.into(),
            (_, Ok(flag)) => flag.into(),
            _ => text.as_str().into(),
        },
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            let pairs = entries.iter().map(|entry| (entry.name.clone(), json(&entry.yaml)));
            Json::Object(pairs.collect::<Map<_, _>>())
        }
    }
}
