//! Every sample flow satisfies the schema that editors complete by, and a slip does not.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json};

use super::demo;
use crate::problem::Problems;
use crate::yaml::{self, Value, Yaml};
use crate::{cases_schema, flow_schema, read_cases, read_folder};

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

#[test]
fn every_file_of_sample_cases_satisfies_its_schema() {
    let schema = serde_json::from_str(&cases_schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config");
    for folder in
        ["demo/center", "samples/bank", "samples/outage", "samples/on-call", "samples/showroom"]
    {
        for (file, text) in
            read_cases(&Path::new(config).join(folder)).expect("the folder is there")
        {
            let cases = json(&tree(&text));
            let faults: Vec<String> =
                validator.iter_errors(&cases).map(|fault| fault.to_string()).collect();

            assert_eq!(faults, [] as [&str; 0], "{folder}/{file}");
            let slipped = text.replacen("expect:", "expects:", 1);
            assert!(!validator.is_valid(&json(&tree(&slipped))), "{folder}/{file}");
        }
    }
}

#[test]
fn every_example_of_the_guide_satisfies_the_schema() {
    let validator = validator();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/flows.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let flows = |block: &&str| block.contains("type: ") && !block.contains("expect:");
    let blocks: Vec<&str> = blocks.filter(flows).collect();
    assert!(blocks.len() > 15, "{}", blocks.len());

    for block in blocks {
        let whole = if block.starts_with("title:") { block.to_owned() } else { framed(block) };
        let flow = json(&tree(&whole));
        let faults: Vec<String> =
            validator.iter_errors(&flow).map(|fault| fault.to_string()).collect();

        assert_eq!(faults, [] as [&str; 0], "{block}");
    }
}

#[test]
fn the_test_cases_of_the_guide_satisfy_their_schema() {
    let schema = serde_json::from_str(&cases_schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/flows.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let cases: Vec<&str> = blocks.filter(|block| block.contains("expect:")).collect();
    assert!(!cases.is_empty());

    for block in cases {
        let text = json(&tree(block));
        let faults: Vec<String> =
            validator.iter_errors(&text).map(|fault| fault.to_string()).collect();

        assert_eq!(faults, [] as [&str; 0], "{block}");
    }
}

fn framed(nodes: &str) -> String {
    let nodes = nodes.replace('\n', "\n  ");
    format!("title: Example\nstart: begin\nhuman: {{node: person}}\nnodes:\n  {nodes}")
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
