//! What a flow looks like from above: where one can get, and where one goes round.

use std::collections::{BTreeMap, BTreeSet};

use super::FlowParts;
use crate::flow::node::{Node, NodeId};

/// Gives the nodes no caller can get to.
pub(super) fn unreachable(parts: &FlowParts) -> Vec<NodeId> {
    let mut reached = BTreeSet::new();
    let mut open = vec![&parts.start, &parts.human];
    while let Some(id) = open.pop() {
        if reached.insert(id)
            && let Some(node) = parts.nodes.get(id)
        {
            open.extend(node.targets());
        }
    }
    parts.nodes.keys().filter(|id| !reached.contains(id)).cloned().collect()
}

/// Gives the nodes from which no way leads to an end.
pub(super) fn without_exit(parts: &FlowParts) -> Vec<NodeId> {
    let mut ending: BTreeSet<&NodeId> = BTreeSet::new();
    loop {
        let before = ending.len();
        for (id, node) in &parts.nodes {
            if can_end(node) || node.targets().iter().any(|target| ending.contains(target)) {
                ending.insert(id);
            }
        }
        if ending.len() == before {
            break;
        }
    }
    parts.nodes.keys().filter(|id| !ending.contains(id)).cloned().collect()
}

// A question without an exit of its own leads to the human node after too many attempts.
fn can_end(node: &Node) -> bool {
    let open_exit = node.asking().is_some_and(|asking| {
        asking.attempts.on_no_input.is_none() || asking.attempts.on_no_match.is_none()
    });
    let survey = matches!(node, Node::Survey(_));
    node.ends() || matches!(node, Node::Transfer(_)) || (open_exit && !survey)
}

// A loop node gives its rounds a bound, so going round through it is no endless loop.
fn silent_targets(node: &Node) -> Vec<&NodeId> {
    if let Node::Loop(node) = node { vec![&node.done] } else { node.targets() }
}

/// Finds a node on a loop that never waits for the caller.
// Takes away nodes that lead out of silence until none is left; a rest holds a loop.
pub(super) fn silent_loop(parts: &FlowParts) -> Option<NodeId> {
    let mut silent: BTreeMap<&NodeId, Vec<&NodeId>> = parts
        .nodes
        .iter()
        .filter(|(_, node)| !node.waits() && !node.ends())
        .map(|(id, node)| (id, silent_targets(node)))
        .collect();
    loop {
        let leaves: Vec<&NodeId> = silent
            .iter()
            .filter(|(_, targets)| !targets.iter().any(|target| silent.contains_key(target)))
            .map(|(id, _)| *id)
            .collect();
        if leaves.is_empty() {
            break;
        }
        for id in leaves {
            silent.remove(id);
        }
    }
    // What is left leads to a loop; following it far enough ends on one.
    let mut id = *silent.keys().next()?;
    for _ in 0..silent.len() {
        id = silent.get(id)?.iter().find(|target| silent.contains_key(**target))?;
    }
    Some(id.clone())
}
