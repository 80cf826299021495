//! What can be wrong with a flow's graph.

use thiserror::Error;

use crate::flow::question::ValueKind;
use crate::flow::{Key, NodeId};
use crate::ids::FlowId;

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
    /// A node calls a flow that is no part of this one.
    #[error("node `{node}` calls the flow `{flow}`, which does not exist")]
    MissingFlow {
        /// The node that calls.
        node: NodeId,
        /// The flow named.
        flow: FlowId,
    },
    /// Flows call flows too deeply.
    #[error("more than {0} flows would be under way at once")]
    TooDeep(usize),
    /// No caller can get there.
    #[error("node `{0}` cannot be reached")]
    Unreachable(NodeId),
    /// The flow can go round without asking the caller anything.
    #[error("node `{0}` is part of a loop that never waits for the caller")]
    SilentLoop(NodeId),
    /// No way from the node ends.
    #[error("from node `{0}` no way leads to an end")]
    NoExit(NodeId),
    /// A menu without options.
    #[error("menu `{0}` has no options")]
    NoOptions(NodeId),
    /// A collect node without fields, or a survey without questions.
    #[error("node `{0}` asks for nothing")]
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
    #[error("node `{node}`: field `{field}` {problem}")]
    BadField {
        /// The node.
        node: NodeId,
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// One field that holds two kinds of value.
    #[error("field `{field}` is set as {first:?} and, by node `{node}`, as {second:?}")]
    FieldKinds {
        /// The node that sets it otherwise.
        node: NodeId,
        /// The field.
        field: String,
        /// What it is elsewhere.
        first: ValueKind,
        /// What it is here.
        second: ValueKind,
    },
    /// A value that would have to be kept, and may not.
    #[error("node `{node}`: the sensitive field `{field}` {problem}")]
    Sensitive {
        /// The node.
        node: NodeId,
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A field that a called flow needs and nobody sets.
    #[error("node `{node}` calls a flow that needs the field `{field}`, which nothing sets")]
    MissingInput {
        /// The node that calls.
        node: NodeId,
        /// The field.
        field: String,
    },
    /// Shares of more than the whole.
    #[error("the shares of node `{0}` are more than 100 percent")]
    Shares(NodeId),
    /// A flow that may enter no node.
    #[error("`max_steps` is 0")]
    NoSteps,
}

impl FlowFault {
    /// Gives the stable code of the fault; the reference tells causes and remedies by it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingEntry { .. } | Self::MissingTarget { .. } => "flow.unknown_node",
            Self::HumanIsNoQueue(_) => "flow.human_is_no_queue",
            Self::MissingFlow { .. } => "flow.unknown_flow",
            Self::TooDeep(_) => "flow.too_deep",
            Self::Unreachable(_) => "flow.unreachable_node",
            Self::SilentLoop(_) => "flow.silent_loop",
            Self::NoExit(_) => "flow.no_exit",
            Self::NoOptions(_) | Self::NoFields(_) => "flow.asks_nothing",
            Self::KeyClash { .. } => "flow.key_clash",
            Self::NoSeparator(_) => "flow.no_separator",
            Self::BadField { .. } => "flow.bad_field",
            Self::FieldKinds { .. } => "flow.field_kinds",
            Self::Sensitive { .. } => "flow.sensitive",
            Self::MissingInput { .. } => "flow.missing_input",
            Self::Shares(_) => "flow.shares",
            Self::NoSteps => "flow.bad_value",
        }
    }

    /// Gives the node the fault is at, when it is at one.
    pub const fn node(&self) -> Option<&NodeId> {
        match self {
            Self::MissingEntry { .. } | Self::NoSteps | Self::TooDeep(_) => None,
            Self::HumanIsNoQueue(node)
            | Self::Unreachable(node)
            | Self::SilentLoop(node)
            | Self::NoExit(node)
            | Self::NoOptions(node)
            | Self::NoFields(node)
            | Self::NoSeparator(node)
            | Self::Shares(node)
            | Self::MissingTarget { node, .. }
            | Self::MissingFlow { node, .. }
            | Self::KeyClash { node, .. }
            | Self::BadField { node, .. }
            | Self::FieldKinds { node, .. }
            | Self::Sensitive { node, .. }
            | Self::MissingInput { node, .. } => Some(node),
        }
    }
}
