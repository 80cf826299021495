//! The way of a step from node to node, for whoever wants to see it.

use smol_str::SmolStr;

use super::Step;
use crate::flow::{Flow, NodeId};
use crate::ids::FlowId;

/// A node of a flow, the one a call entered or one that it called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stop {
    /// The flow.
    pub flow: FlowId,
    /// The node.
    pub node: NodeId,
}

impl Stop {
    /// Names a node of a flow.
    pub(super) fn of(flow: &Flow, node: &NodeId) -> Self {
        Self { flow: flow.id().clone(), node: node.clone() }
    }
}

/// A way taken from one node to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Where it begins.
    pub from: Stop,
    /// What led there: the name of an [`Edge`](crate::flow::Edge), `call` and `return` between flows,
    /// `asked_again` after a secret was lost, or, where nobody wrote the way down and it leads to a
    /// person, the word of a [`RouteReason`](super::RouteReason) or `human`.
    pub edge: SmolStr,
    /// Where it leads.
    pub to: Stop,
    /// How many directives the step had given by then.
    pub told: usize,
}

impl Step {
    /// Puts what follows from an answer behind what led to the question.
    #[must_use]
    pub fn then(mut self, after: Self) -> Self {
        let told = self.directives.len();
        self.directives.extend(after.directives);
        let hops = after.path.into_iter().map(|hop| Hop { told: hop.told + told, ..hop });
        self.path.extend(hops);
        Self { directives: self.directives, path: self.path, ..after }
    }
}
