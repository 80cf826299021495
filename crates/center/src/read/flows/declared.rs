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

    fn add_all<'n>(&mut self, names: impl IntoIterator<Item = &'n str>, kind: ValueKind) {
        for name in names {
            self.add(name, kind);
        }
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
            declared.add_all(names("values"), ValueKind::Text);
            declared.add_all(names("numbers"), ValueKind::Number);
        }
        Some("survey") => {
            let questions = node.child("questions");
            let questions: Vec<Item<'_>> = questions.iter().flat_map(Item::each).collect();
            let scores = questions.iter().filter_map(|question| word(question, "name"));
            declared.add_all(scores, ValueKind::Number);
        }
        Some("staffing") => declared.add_all(names("keep"), ValueKind::Number),
        Some("ticket") => declared.add_all(word(node, "keep"), ValueKind::Number),
        Some("fetch") => {
            for name in names("fields") {
                let said = word(&node.below(&["fields", name]), "kind");
                let known = KINDS.iter().find(|(word, _)| Some(*word) == said);
                declared.add(name, known.map_or(ValueKind::Text, |(_, kind)| *kind));
            }
        }
        _ => {}
    }
}
