//! What nodes set, keep and hand on.

use std::collections::{BTreeMap, BTreeSet};

use super::{FlowFault, FlowParts};
use crate::flow::node::{Call, Collect, Fetch, FetchValue, FieldKind, Node, NodeId};

/// Finds values of a node that cannot be had or may not be kept.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
pub(super) fn faults(parts: &FlowParts, id: &NodeId, node: &Node) -> Vec<FlowFault> {
    match node {
        Node::Collect(collect) => {
            let mut faults = field_faults(id, collect);
            faults.extend(kept_secrets(parts, id, collect));
            faults
        }
        Node::Fetch(fetch) => unknown_secrets(parts, id, fetch),
        Node::Call(call) => missing_inputs(parts, id, call),
        Node::Split(split) => {
            let whole: u32 = split.ways.iter().map(|way| u32::from(way.percent)).sum();
            if whole > 100 { vec![FlowFault::Shares(id.clone())] } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// Finds fields that are set as two kinds of value.
pub(super) fn clashes(parts: &FlowParts) -> Vec<FlowFault> {
    let mut known: BTreeMap<String, _> = parts.inputs.clone();
    for module in parts.modules.values() {
        known.extend(module.sets());
    }
    let mut faults = Vec::new();
    for (id, node) in &parts.nodes {
        for (name, second) in node.sets() {
            let first = *known.entry(name.to_owned()).or_insert(second);
            if first != second {
                let field = name.to_owned();
                faults.push(FlowFault::FieldKinds { node: id.clone(), field, first, second });
            }
        }
    }
    faults
}

fn field_faults(id: &NodeId, collect: &Collect) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut optional_before = false;
    for (index, field) in collect.fields.iter().enumerate() {
        let mut report = |problem| {
            let field = field.name.clone();
            faults.push(FlowFault::BadField { node: id.clone(), field, problem });
        };
        if !seen.insert(&field.name) {
            report("is there twice");
        }
        if index == 0 && field.optional {
            report("comes first and cannot be optional");
        }
        if optional_before && !field.optional {
            report("is required but comes after an optional field");
        }
        match field.kind {
            FieldKind::Digits { min, max } if min == 0 || min > max => {
                report("needs `min` of at least 1 and at most `max`");
            }
            FieldKind::Number { least, most } if least > most => {
                report("needs `least` of at most `most`");
            }
            FieldKind::Digits { .. } | FieldKind::Number { .. } | FieldKind::Date { .. } => {}
        }
        optional_before |= field.optional;
    }
    faults
}

// A secret lives until the step ends, so only the node entered next can take it.
fn kept_secrets(parts: &FlowParts, id: &NodeId, collect: &Collect) -> Vec<FlowFault> {
    let taken: BTreeSet<&str> = match parts.nodes.get(&collect.next) {
        Some(Node::Fetch(fetch)) => secrets(fetch).collect(),
        _ => BTreeSet::new(),
    };
    let secret = collect.fields.iter().filter(|field| field.sensitive);
    let mut faults = Vec::new();
    for field in secret {
        let mut report = |problem| {
            let (node, field) = (id.clone(), field.name.clone());
            faults.push(FlowFault::Sensitive { node, field, problem });
        };
        if field.optional {
            report("cannot be optional");
        }
        if !taken.contains(field.name.as_str()) {
            report("is not taken by a fetch node that comes next");
        }
        if parts.fields().contains_key(&field.name) {
            report("is also set where everybody sees it");
        }
    }
    faults
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
fn unknown_secrets(parts: &FlowParts, id: &NodeId, fetch: &Fetch) -> Vec<FlowFault> {
    if !fetch.is_sensitive() {
        return Vec::new();
    }
    let before: Vec<&Node> =
        parts.nodes.values().filter(|node| node.targets().contains(&id)).collect();
    let first = *id == parts.start;
    let gives = |node: &Node, name: &str| match node {
        Node::Collect(collect) => {
            let others: Vec<_> = node.targets().into_iter().filter(|to| *to == id).collect();
            let secret = collect.fields.iter().any(|field| field.sensitive && field.name == name);
            secret && collect.next == *id && others.len() == 1
        }
        _ => false,
    };
    let unknown = secrets(fetch)
        .filter(|name| first || before.is_empty() || !before.iter().all(|node| gives(node, name)));
    let report = |field: &str| FlowFault::Sensitive {
        node: id.clone(),
        field: field.to_owned(),
        problem: "is not collected on every way right before it is used",
    };
    unknown.map(report).collect()
}

fn secrets(fetch: &Fetch) -> impl Iterator<Item = &str> {
    fetch.values.values().filter_map(|value| match value {
        FetchValue::Secret(field) => Some(field.as_str()),
        FetchValue::Text(_) => None,
    })
}

fn missing_inputs(parts: &FlowParts, id: &NodeId, call: &Call) -> Vec<FlowFault> {
    let Some(module) = parts.modules.get(&call.flow) else { return Vec::new() };
    let fields = parts.fields();
    let missing = module.inputs().iter().filter(|(name, kind)| fields.get(*name) != Some(kind));
    let report =
        |(name, _): (&String, _)| FlowFault::MissingInput { node: id.clone(), field: name.clone() };
    missing.map(report).collect()
}
