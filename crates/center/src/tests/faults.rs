//! Everything a flow can be refused with: each code has a page, an example and a test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use switchboard_domain::flow::{FlowFault, Key, NodeId, ValueKind};
use switchboard_domain::ids::FlowId;

use crate::code::Code;
use crate::faults::{FAULTS, Fault};
use crate::{Problem, check, flow_errors, flow_schema, read_folder};

#[test]
fn every_example_is_refused_with_its_code_and_its_place() {
    for fault in faults().filter(|fault| !fault.example.is_empty()) {
        let said = said_of(fault.example);

        let found = said.iter().find(|problem| problem.code == Some(fault.code));

        let problem = found.unwrap_or_else(|| panic!("{}: {said:#?}", fault.code));
        assert!(problem.place.is_some(), "{problem}");
        assert_eq!(problem.hint(), Some(fault.remedy), "{problem}");
        let others: BTreeSet<_> = said.iter().filter_map(|other| other.code).collect();
        assert_eq!(others, BTreeSet::from([fault.code]), "one cause, one code: {said:#?}");
    }
}

#[test]
fn flows_that_call_flows_too_deeply_are_refused() {
    let mut files = folder();
    let call = |callee: &str| flow(&format!("begin: {{type: call, flow: {callee}, next: person}}"));
    files.insert("flows/part.yaml".into(), flow("begin: {type: return}"));
    files.insert("flows/main.yaml".into(), call("deep-1"));
    for depth in 1..8 {
        files.insert(format!("flows/deep-{depth}.yaml"), call(&format!("deep-{}", depth + 1)));
    }
    files.insert("flows/deep-8.yaml".into(), call("part"));

    let said = check(&files).problems;

    assert!(said.iter().any(|problem| problem.code == Some("flow.too_deep")), "{said:#?}");
}

#[test]
fn every_code_has_its_entry() {
    let known: BTreeSet<&str> = faults().map(|fault| fault.code).collect();

    let files = Code::ALL.iter().map(|code| code.as_str());
    let graphs = every_graph_fault();
    let codes: BTreeSet<&str> = files.chain(graphs.iter().map(FlowFault::code)).collect();

    assert_eq!(codes, known);
}

#[test]
fn the_pages_on_disk_are_those_of_the_table() {
    let page = |name: &str| {
        let path = format!("{}/../../docs/reference/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap_or_default()
    };

    assert!(page("flow-errors.md").ends_with(&flow_errors()), "run `cargo xtask prepare`");
    assert_eq!(page("flow.schema.json"), flow_schema(), "run `cargo xtask prepare`");
}

fn faults() -> impl Iterator<Item = &'static Fault> {
    FAULTS.iter().flat_map(|(_, faults)| *faults)
}

/// Reads an example in a small center, and gives what is said of it.
fn said_of(example: &str) -> Vec<Problem> {
    let mut files = folder();
    let whole = example.starts_with("title:");
    files.insert("flows/main.yaml".into(), if whole { example.into() } else { flow(example) });
    let findings = check(&files);
    let all = findings.problems.into_iter().chain(findings.warnings);
    all.filter(|problem| problem.file == "flows/main.yaml" && problem.code.is_some()).collect()
}

fn flow(nodes: &str) -> String {
    let nodes = nodes.replace('\n', "\n  ");
    format!(
        "title: Example\nstart: begin\nhuman: {{node: person}}\nnodes:\n  \
         person: {{type: queue, queue: first}}\n  {nodes}\n"
    )
}

fn folder() -> BTreeMap<String, String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/every_key");
    let mut files = read_folder(Path::new(path)).expect("the folder is there");
    let center = files.get_mut("center.yaml").expect("a file");
    assert!(center.contains("languages:\n"), "{center}");
    *center = center.replace("languages:\n", "languages:\n  zh-CN: {}\n");
    files.retain(|file, _| !file.starts_with("flows/"));
    let part = flow("begin: {type: return}").replace("human:", "inputs: {order: text}\nhuman:");
    files.insert("flows/part.yaml".into(), part);
    for text in files.values_mut() {
        *text = text.replace("{en: ", "{zh-CN: 您好, en: ");
    }
    files
}

// The compiler does not tell all values of an enum; this match does when one is added.
fn every_graph_fault() -> Vec<FlowFault> {
    let node = || NodeId::parse("a").expect("an id");
    let field = || String::from("b");
    let problem = "is wrong";
    let (first, second) = (ValueKind::Text, ValueKind::Flag);
    let (key, flow) = (Key::STAR, FlowId::parse("c").expect("an id"));
    let all = vec![
        FlowFault::MissingEntry { role: "start", target: node() },
        FlowFault::HumanIsNoQueue(node()),
        FlowFault::MissingTarget { node: node(), target: node() },
        FlowFault::MissingFlow { node: node(), flow },
        FlowFault::TooDeep(8),
        FlowFault::Unreachable(node()),
        FlowFault::SilentLoop(node()),
        FlowFault::NoExit(node()),
        FlowFault::NoOptions(node()),
        FlowFault::NoFields(node()),
        FlowFault::KeyClash { node: node(), key, first: "one", second: "other" },
        FlowFault::NoSeparator(node()),
        FlowFault::BadField { node: node(), field: field(), problem },
        FlowFault::FieldKinds { node: node(), field: field(), first, second },
        FlowFault::Sensitive { node: node(), field: field(), problem },
        FlowFault::MissingInput { node: node(), field: field() },
        FlowFault::Shares(node()),
        FlowFault::NoSteps,
    ];
    for fault in &all {
        match fault {
            FlowFault::MissingEntry { .. }
            | FlowFault::HumanIsNoQueue(_)
            | FlowFault::MissingTarget { .. }
            | FlowFault::MissingFlow { .. }
            | FlowFault::TooDeep(_)
            | FlowFault::Unreachable(_)
            | FlowFault::SilentLoop(_)
            | FlowFault::NoExit(_)
            | FlowFault::NoOptions(_)
            | FlowFault::NoFields(_)
            | FlowFault::KeyClash { .. }
            | FlowFault::NoSeparator(_)
            | FlowFault::BadField { .. }
            | FlowFault::FieldKinds { .. }
            | FlowFault::Sensitive { .. }
            | FlowFault::MissingInput { .. }
            | FlowFault::Shares(_)
            | FlowFault::NoSteps => {}
        }
    }
    all
}
