//! What a caller hears and chooses: a graph of nodes, and the pure stepper that walks it.
//!
//! [`step`] takes a flow, a [`Position`] and one [`Input`], and gives the next position with the
//! [`Directive`]s for the gateway. A position is a small text, so any replica continues any call.
//! Where the flow needs to know something of the world, the step ends with a [`Question`], and the
//! [`Answer`] is the next input.
//! A [`Flow`] can only be made by [`Flow::build`], which refuses graphs that would strand a caller.
//!
//! Counters follow `VoiceXML`: silence (`no_input`) and wrong entries (`no_match`) are counted
//! apart, both start at zero when a node is entered, and each has its own way out.

mod branch;
mod build;
pub mod date;
mod entry;
pub mod expression;
mod key;
mod node;
mod position;
mod question;
mod readout;
mod secret;
mod step;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::ids::FlowId;

pub use branch::{Branch, Case};
pub use build::{FlowFault, FlowParts};
pub use date::{CivilDate, DateError};
pub use entry::{EntryError, parse_fields};
pub use key::{Key, KeyError};
pub use node::{
    Asking, Attempts, Call, CallbackNode, CallbackNumber, Collect, Confirm, Edge, Fetch,
    FetchValue, Field, FieldKind, Hours, Lookup, LookupBy, Loop, Menu, Node, NodeId, Play,
    Priority, QueueNode, Record, Say, SelfService, Set, Skills, Split, StaffingFigure,
    StaffingNode, Survey, SurveyQuestion, TicketNode, Timers, Transfer, Voicemail, Way,
};
pub use position::{Position, PositionError};
pub use question::{
    Answer, CallbackRequest, CustomerKey, FetchField, FetchRequest, KnownCustomer, Question,
    Respondent, Staffing, SurveyResult, TicketRequest, TransferRequest, TransferTarget, ValueKind,
    VoicemailRequest,
};
pub use readout::{Readout, Slot, slots};
pub use secret::{RequestValue, Secret};
pub use step::{
    CollectDirective, Context, DigitsEnd, Directive, Hop, Input, Outcome, RouteDirective,
    RouteReason, Sound, Step, Stop, Utterance, start, step,
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

/// How long one call may take in a flow, unless the flow says otherwise.
pub const DEFAULT_MAX_TIME: Duration = Duration::from_mins(15);

/// A flow that passed every check on its graph.
///
/// The flows it calls are part of it, each at the version it had when this one was built.
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

    /// Gives how long one call may take in the flow.
    pub fn max_time(&self) -> Duration {
        self.parts.max_time
    }

    /// Gives the fields that whoever calls this flow must have set, and what they hold.
    pub fn inputs(&self) -> &BTreeMap<String, ValueKind> {
        &self.parts.inputs
    }

    /// Gives the flows it calls.
    pub fn modules(&self) -> &BTreeMap<FlowId, Arc<Self>> {
        &self.parts.modules
    }

    /// Gives the fields that are set before or on the way, here and in the flows it calls.
    pub fn fields(&self) -> BTreeMap<String, ValueKind> {
        self.parts.fields()
    }

    /// Gives the fields that are set on the way, here and in the flows it calls.
    pub fn sets(&self) -> BTreeMap<String, ValueKind> {
        self.parts.sets()
    }

    /// Gives every node.
    pub fn nodes(&self) -> &BTreeMap<NodeId, Node> {
        &self.parts.nodes
    }

    fn node(&self, id: &NodeId) -> Option<&Node> {
        self.parts.nodes.get(id)
    }

    fn module(&self, id: &FlowId) -> Option<&Self> {
        self.parts.modules.get(id).map(Arc::as_ref)
    }
}

#[cfg(test)]
mod tests;
