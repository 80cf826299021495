//! What differs between two versions of a flow: node by node, and line by line.

use std::collections::{BTreeMap, BTreeSet};

use similar::TextDiff;

use crate::changes::{Change, ChangeKind, changes};

/// How many equal lines are shown around each difference.
const CONTEXT: usize = 3;
const FILE: &str = "flows/flow.yaml";
const NODES: &str = "nodes";

/// What differs between two versions of a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowComparison {
    /// Every node that differs, by its name.
    pub nodes: Vec<NodeChange>,
    /// What differs outside the nodes, such as the title.
    pub frame: Vec<Change>,
    /// The texts line by line, as a unified diff; empty when they are the same.
    pub text: String,
}

/// What became of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeChange {
    /// The node.
    pub node: String,
    /// Whether it is new, gone, or another.
    pub kind: ChangeKind,
    /// Its keys that differ; none for a node that is new or gone.
    pub keys: Vec<Change>,
}

/// Compares the texts of two versions.
pub fn compare_flows(before: &str, after: &str) -> FlowComparison {
    let files = |text: &str| BTreeMap::from([(FILE.to_owned(), text.to_owned())]);
    let (old, new) = (node_names(before), node_names(after));
    let mut comparison = FlowComparison { text: unified(before, after), ..Default::default() };
    let mut changed: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for change in changes(&files(before), &files(after)) {
        let key = change.key.clone().unwrap_or_default();
        match key.strip_prefix("nodes.").map(|rest| split_node(rest, &old, &new)) {
            Some((node, key)) => {
                changed.entry(node).or_default().push(Change { key: Some(key), ..change });
            }
            None => comparison.frame.push(change),
        }
    }
    let nodes =
        changed.into_iter().map(|(node, keys)| match (old.contains(&node), new.contains(&node)) {
            (true, true) => NodeChange { node, kind: ChangeKind::Changed, keys },
            (false, _) => NodeChange { node, kind: ChangeKind::Added, keys: Vec::new() },
            (true, false) => NodeChange { node, kind: ChangeKind::Removed, keys: Vec::new() },
        });
    comparison.nodes = nodes.collect();
    comparison
}

fn unified(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(CONTEXT).to_string()
}

fn node_names(text: &str) -> BTreeSet<String> {
    super::top_names(text, NODES)
}

// Names of nodes may hold dots, so the longest name that fits is the node.
fn split_node(rest: &str, old: &BTreeSet<String>, new: &BTreeSet<String>) -> (String, String) {
    let fits = |name: &&String| {
        rest.strip_prefix(name.as_str())
            .is_some_and(|key| key.is_empty() || key.starts_with('.') || key.starts_with('['))
    };
    let node = old.union(new).filter(fits).max_by_key(|name| name.len());
    let node = node.map_or_else(|| rest.to_owned(), Clone::clone);
    let key = rest.strip_prefix(node.as_str()).unwrap_or_default().trim_start_matches('.');
    (node.clone(), key.to_owned())
}
