//! The checks a graph must pass to become a flow.

mod fault;
mod graph;
mod keys;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::node::{Node, NodeId};
use super::question::ValueKind;
use super::step::MAX_CALLS;
use super::{Flow, FlowVersion, Key};
use crate::ids::FlowId;

pub use fault::FlowFault;

/// A flow before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowParts {
    /// The flow's id.
    pub id: FlowId,
    /// The flow's version.
    pub version: FlowVersion,
    /// The name for people.
    pub title: String,
    /// Where a call begins.
    pub start: NodeId,
    /// The queue node a caller reaches when nothing else works.
    pub human: NodeId,
    /// The key that leads to the human node from everywhere.
    pub human_key: Key,
    /// How many nodes one call may enter before it goes to the human node.
    pub max_steps: u32,
    /// How long one call may take before it goes to the human node.
    pub max_time: Duration,
    /// The fields that whoever calls this flow must have set, and what they hold.
    pub inputs: BTreeMap<String, ValueKind>,
    /// The flows it calls.
    pub modules: BTreeMap<FlowId, Arc<Flow>>,
    /// Every node.
    pub nodes: BTreeMap<NodeId, Node>,
}

impl FlowParts {
    /// Gives the fields that are set before or on the way, here and in the flows it calls.
    pub fn fields(&self) -> BTreeMap<String, ValueKind> {
        let mut fields = self.inputs.clone();
        for (name, kind) in self.sets() {
            fields.entry(name).or_insert(kind);
        }
        fields
    }

    /// Gives the fields that are set on the way, here and in the flows it calls.
    ///
    /// Of a field that is set as two things, the first one found counts; that is a fault anyway.
    pub fn sets(&self) -> BTreeMap<String, ValueKind> {
        let own = self.nodes.values().flat_map(Node::sets);
        let mut fields = BTreeMap::new();
        for (name, kind) in own {
            fields.entry(name.to_owned()).or_insert(kind);
        }
        for (name, kind) in self.modules.values().flat_map(|module| module.sets()) {
            fields.entry(name).or_insert(kind);
        }
        fields
    }

    /// Counts the flows that may be under way at once, this one included.
    fn depth(&self) -> usize {
        let deepest = self.modules.values().map(|module| module.parts.depth()).max();
        deepest.unwrap_or(0).saturating_add(1)
    }
}

impl Flow {
    /// Checks a graph and makes a flow of it, or gives everything that is wrong.
    pub fn build(parts: FlowParts) -> Result<Self, Vec<FlowFault>> {
        let mut faults = entry_faults(&parts);
        for (id, node) in &parts.nodes {
            faults.extend(target_faults(&parts, id, node));
            faults.extend(keys::faults(&parts, id, node));
            faults.extend(values::faults(&parts, id, node));
        }
        faults.extend(values::clashes(&parts));
        faults.extend(graph::unreachable(&parts).into_iter().map(FlowFault::Unreachable));
        faults.extend(graph::silent_loop(&parts).map(FlowFault::SilentLoop));
        faults.extend(graph::without_exit(&parts).into_iter().map(FlowFault::NoExit));
        if faults.is_empty() { Ok(Self { parts }) } else { Err(faults) }
    }
}

fn entry_faults(parts: &FlowParts) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    for (role, target) in [("start", &parts.start), ("human", &parts.human)] {
        if !parts.nodes.contains_key(target) {
            faults.push(FlowFault::MissingEntry { role, target: target.clone() });
        }
    }
    if parts.nodes.get(&parts.human).is_some_and(|node| !matches!(node, Node::Queue(_))) {
        faults.push(FlowFault::HumanIsNoQueue(parts.human.clone()));
    }
    if parts.max_steps == 0 {
        faults.push(FlowFault::NoSteps);
    }
    if parts.depth() > MAX_CALLS {
        faults.push(FlowFault::TooDeep(MAX_CALLS));
    }
    faults
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
fn target_faults<'a>(
    parts: &'a FlowParts,
    id: &'a NodeId,
    node: &'a Node,
) -> impl Iterator<Item = FlowFault> + 'a {
    let missing = node.targets().into_iter().filter(|target| !parts.nodes.contains_key(target));
    let missing =
        missing.map(|target| FlowFault::MissingTarget { node: id.clone(), target: target.clone() });
    let unknown = match node {
        Node::Call(call) if !parts.modules.contains_key(&call.flow) => {
            Some(FlowFault::MissingFlow { node: id.clone(), flow: call.flow.clone() })
        }
        _ => None,
    };
    missing.chain(unknown)
}
