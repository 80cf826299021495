//! Conditions, and the ways they open.

use super::expression::Expression;
use super::node::NodeId;

/// Chooses the way by what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The first case that holds decides.
    pub cases: Vec<Case>,
    /// Where to go when none holds.
    pub otherwise: NodeId,
}

/// A condition and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What must hold; a condition on something unknown does not hold.
    pub when: Expression,
    /// Where to go then.
    pub next: NodeId,
}
