//! What a flow looks like from above: where one can get, and where one goes round.

use std::collections::{BTreeMap, BTreeSet};

use super::FlowParts;
use crate::flow::NodeId;

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

/// Finds a node on a loop that never waits for the caller.
// Takes away nodes that lead out of silence until none is left; a rest holds a loop.
pub(super) fn silent_loop(parts: &FlowParts) -> Option<NodeId> {
    let mut silent: BTreeMap<&NodeId, Vec<&NodeId>> = parts
        .nodes
        .iter()
        .filter(|(_, node)| !node.waits() && !node.ends())
        .map(|(id, node)| (id, node.targets()))
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
