//! The checks a graph must pass to become a flow.

mod graph;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::node::{Collect, FieldKind, Menu, Node, NodeId};
use super::{Flow, FlowVersion, Key};
use crate::ids::FlowId;
use graph::{silent_loop, unreachable};

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
    /// Every node.
    pub nodes: BTreeMap<NodeId, Node>,
}

/// Says what is wrong with a flow's graph.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FlowFault {
    /// The flow's start or human node does not exist.
    #[error("`{role}` names the node `{target}`, which does not exist")]
    MissingEntry {
        /// `start` or `human`.
        role: &'static str,
        /// The node named.
        target: NodeId,
    },
    /// The human node is not a queue node.
    #[error("the human node `{0}` is not a queue node")]
    HumanIsNoQueue(NodeId),
    /// A node leads to one that does not exist.
    #[error("node `{node}` leads to `{target}`, which does not exist")]
    MissingTarget {
        /// The node that leads there.
        node: NodeId,
        /// The node named.
        target: NodeId,
    },
    /// No caller can get there.
    #[error("node `{0}` cannot be reached")]
    Unreachable(NodeId),
    /// The flow can go round without asking the caller anything.
    #[error("node `{0}` is part of a loop that never waits for the caller")]
    SilentLoop(NodeId),
    /// A menu without options.
    #[error("menu `{0}` has no options")]
    NoOptions(NodeId),
    /// A collect node without fields.
    #[error("collect `{0}` has no fields")]
    NoFields(NodeId),
    /// One key with two meanings.
    #[error("node `{node}`: key `{key}` is {first} and {second}")]
    KeyClash {
        /// The node.
        node: NodeId,
        /// The key.
        key: Key,
        /// Its one meaning.
        first: &'static str,
        /// Its other meaning.
        second: &'static str,
    },
    /// Several fields and no key between them.
    #[error("collect `{0}` has several fields and no separator")]
    NoSeparator(NodeId),
    /// A field that cannot be filled in as asked.
    #[error("collect `{node}`: field `{field}` {problem}")]
    BadField {
        /// The node.
        node: NodeId,
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A flow that may enter no node.
    #[error("`max_steps` is 0")]
    NoSteps,
}

impl FlowFault {
    /// Gives the node the fault is at, when it is at one.
    pub fn node(&self) -> Option<&NodeId> {
        match self {
            Self::MissingEntry { .. } | Self::NoSteps => None,
            Self::HumanIsNoQueue(node)
            | Self::Unreachable(node)
            | Self::SilentLoop(node)
            | Self::NoOptions(node)
            | Self::NoFields(node)
            | Self::NoSeparator(node)
            | Self::MissingTarget { node, .. }
            | Self::KeyClash { node, .. }
            | Self::BadField { node, .. } => Some(node),
        }
    }
}

impl Flow {
    /// Checks a graph and makes a flow of it, or gives everything that is wrong.
    pub fn build(parts: FlowParts) -> Result<Self, Vec<FlowFault>> {
        let mut faults = entry_faults(&parts);
        for (id, node) in &parts.nodes {
            faults.extend(target_faults(&parts, id, node));
            match node {
                Node::Menu(menu) => faults.extend(menu_faults(&parts, id, menu)),
                Node::Collect(collect) => faults.extend(collect_faults(&parts, id, collect)),
                Node::Play(_)
                | Node::Set { .. }
                | Node::Branch(_)
                | Node::Queue(_)
                | Node::HangUp { .. } => {}
            }
        }
        faults.extend(unreachable(&parts).into_iter().map(FlowFault::Unreachable));
        faults.extend(silent_loop(&parts).map(FlowFault::SilentLoop));
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
    faults
}

fn target_faults<'a>(
    parts: &'a FlowParts,
    id: &'a NodeId,
    node: &'a Node,
) -> impl Iterator<Item = FlowFault> + 'a {
    let missing = node.targets().into_iter().filter(|target| !parts.nodes.contains_key(target));
    missing.map(|target| FlowFault::MissingTarget { node: id.clone(), target: target.clone() })
}

fn menu_faults(parts: &FlowParts, id: &NodeId, menu: &Menu) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    if menu.options.is_empty() {
        faults.push(FlowFault::NoOptions(id.clone()));
    }
    if menu.options.get(&parts.human_key).is_some_and(|target| *target != parts.human) {
        faults.push(clash(id, parts.human_key, "an option", "the key for a human"));
    }
    faults
}

fn collect_faults(parts: &FlowParts, id: &NodeId, collect: &Collect) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    if collect.fields.is_empty() {
        faults.push(FlowFault::NoFields(id.clone()));
    }
    if collect.fields.len() > 1 && collect.separator.is_none() {
        faults.push(FlowFault::NoSeparator(id.clone()));
    }
    if let Some(key) = collect.separator.filter(|key| Some(*key) == collect.terminator) {
        faults.push(clash(id, key, "the separator", "the terminator"));
    }
    let roles = [(collect.separator, "the separator"), (collect.terminator, "the terminator")];
    for (key, role) in roles.into_iter().filter_map(|(key, role)| Some((key?, role))) {
        if key.as_char().is_ascii_digit() {
            faults.push(clash(id, key, role, "a digit of the entry"));
        } else if key == parts.human_key {
            faults.push(clash(id, key, role, "the key for a human"));
        }
    }
    faults.extend(field_faults(id, collect));
    faults
}

fn field_faults(id: &NodeId, collect: &Collect) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut optional_before = false;
    for (index, field) in collect.fields.iter().enumerate() {
        let mut report = |problem| {
            let (node, field) = (id.clone(), field.name.clone());
            faults.push(FlowFault::BadField { node, field, problem });
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
        if matches!(field.kind, FieldKind::Digits { min, max } if min == 0 || min > max) {
            report("needs `min` of at least 1 and at most `max`");
        }
        optional_before |= field.optional;
    }
    faults
}

fn clash(node: &NodeId, key: Key, first: &'static str, second: &'static str) -> FlowFault {
    FlowFault::KeyClash { node: node.clone(), key, first, second }
}
