//! What a caller hears and chooses: a graph of nodes, and the pure stepper that walks it.
//!
//! [`step`] takes a flow, a [`Position`] and one [`Input`], and gives the next position with the
//! [`Directive`]s for the gateway. A position is a small text, so any replica continues any call.
//! A [`Flow`] can only be made by [`Flow::build`], which refuses graphs that would strand a caller.
//!
//! Counters follow `VoiceXML`: silence (`no_input`) and wrong entries (`no_match`) are counted
//! apart, both start at zero when a node is entered, and each has its own way out.

mod branch;
mod build;
pub mod date;
mod entry;
mod key;
mod node;
mod position;
mod step;

use std::collections::BTreeMap;

use crate::ids::FlowId;

pub use branch::{Branch, Case, Condition, Subject, Test};
pub use build::{FlowFault, FlowParts};
pub use date::{CivilDate, DateError};
pub use entry::{EntryError, parse_fields};
pub use key::{Key, KeyError};
pub use node::{Attempts, Collect, Field, FieldKind, Menu, Node, NodeId, Play, QueueNode, Timers};
pub use position::{Position, PositionError};
pub use step::{
    CollectDirective, Context, DigitsEnd, Directive, Input, Outcome, RouteDirective, RouteReason,
    Sound, Step, Utterance, start, step,
};

/// Names a version of a flow: the same text always has the same version, another text another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowVersion(pub u64);

/// Says that a text names no version of a flow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version of a flow is 16 hexadecimal digits, not {0:?}")]
pub struct FlowVersionError(String);

impl std::str::FromStr for FlowVersion {
    type Err = FlowVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| fits);
        number.map(Self).ok_or_else(|| FlowVersionError(text.chars().take(40).collect()))
    }
}

impl std::fmt::Display for FlowVersion {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

/// How many nodes one call may enter, unless the flow says otherwise.
pub const DEFAULT_MAX_STEPS: u32 = 200;

/// A flow that passed every check on its graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    parts: FlowParts,
}

impl Flow {
    /// Gives the flow's id.
    pub fn id(&self) -> &FlowId {
        &self.parts.id
    }

    /// Gives the flow's version.
    pub fn version(&self) -> FlowVersion {
        self.parts.version
    }

    /// Gives the name for people.
    pub fn title(&self) -> &str {
        &self.parts.title
    }

    /// Gives the node where a call begins.
    pub fn start(&self) -> &NodeId {
        &self.parts.start
    }

    /// Gives the queue node a caller reaches when nothing else works.
    pub fn human(&self) -> &NodeId {
        &self.parts.human
    }

    /// Gives the key that always leads to the human node.
    pub fn human_key(&self) -> Key {
        self.parts.human_key
    }

    /// Gives how many nodes one call may enter.
    pub fn max_steps(&self) -> u32 {
        self.parts.max_steps
    }

    /// Gives every node.
    pub fn nodes(&self) -> &BTreeMap<NodeId, Node> {
        &self.parts.nodes
    }

    fn node(&self, id: &NodeId) -> Option<&Node> {
        self.parts.nodes.get(id)
    }
}

#[cfg(test)]
mod tests;
