//! Which fields a flow sets, found before its nodes are read: a condition may look at a field that
//! a later node sets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use switchboard_domain::flow::{Flow, ValueKind};
use switchboard_domain::ids::FlowId;

use crate::item::Item;
use crate::yaml::Value;

/// The words for what a field holds.
pub(in crate::read) const KINDS: [(&str, ValueKind); 3] =
    [("text", ValueKind::Text), ("number", ValueKind::Number), ("flag", ValueKind::Flag)];

/// The fields of a flow.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Those that are kept, and what they hold.
    pub(super) seen: BTreeMap<String, ValueKind>,
    /// Those that are sensitive.
    pub(super) secret: BTreeSet<String>,
}

impl Declared {
    // Of a field that is set as two things the first one counts; the graph's checks refuse it.
    fn add(&mut self, name: &str, kind: ValueKind) {
        self.seen.entry(name.into()).or_insert(kind);
    }
}

/// Finds every field, silently.
pub(super) fn fields(
    nodes: &Item<'_>,
    inputs: &BTreeMap<String, ValueKind>,
    modules: &BTreeMap<FlowId, Arc<Flow>>,
) -> Declared {
    let mut declared = Declared { seen: inputs.clone(), ..Declared::default() };
    if let Value::Map(entries) = &nodes.yaml().value {
        for entry in entries {
            of_node(&nodes.at(&entry.yaml, String::new()), &mut declared);
        }
    }
    for (name, kind) in modules.values().flat_map(|module| module.sets()) {
        declared.add(&name, kind);
    }
    declared
}

fn word<'a>(item: &Item<'a>, name: &str) -> Option<&'a str> {
    item.child(name).and_then(|value| value.scalar())
}

fn of_node(node: &Item<'_>, declared: &mut Declared) {
    let names = |name: &str| node.child(name).map(|item| item.names()).unwrap_or_default();
    match word(node, "type") {
        Some("collect") => {
            for field in node.child("fields").iter().flat_map(Item::each) {
                let Some(name) = word(&field, "name") else { continue };
                let kind = word(&field, "kind");
                if kind == Some("pin") || word(&field, "sensitive") == Some("true") {
                    declared.secret.insert(name.into());
                } else if kind == Some("number") {
                    declared.add(name, ValueKind::Number);
                } else {
                    declared.add(name, ValueKind::Text);
                }
            }
        }
        Some("set") => {
            names("values").iter().for_each(|name| declared.add(name, ValueKind::Text));
            names("numbers").iter().for_each(|name| declared.add(name, ValueKind::Number));
        }
        Some("survey") => {
            for question in node.child("questions").iter().flat_map(Item::each) {
                word(&question, "name")
                    .iter()
                    .for_each(|name| declared.add(name, ValueKind::Number));
            }
        }
        Some("staffing") => {
            names("keep").iter().for_each(|name| declared.add(name, ValueKind::Number));
        }
        Some("ticket") => {
            word(node, "keep").iter().for_each(|name| declared.add(name, ValueKind::Number));
        }
        Some("fetch") => {
            for name in names("fields") {
                let kind = word(&node.below(&["fields", name]), "kind");
                let found = KINDS.iter().find(|(word, _)| Some(*word) == kind);
                declared.add(name, found.map_or(ValueKind::Text, |(_, kind)| *kind));
            }
        }
        _ => {}
    }
}
