//! Conditions, and the ways they open.

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
    /// What must hold.
    pub when: Condition,
    /// Where to go then.
    pub next: NodeId,
}

/// Something that holds or does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is looked at.
    pub subject: Subject,
    /// What it is compared with.
    pub test: Test,
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A field set so far.
    Field(String),
    /// The caller's tier; absent for a caller who is no known customer.
    Tier,
    /// The caller's language.
    Language,
    /// The number the caller dialled.
    CalledNumber,
}

/// What a condition compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The subject has one of these values.
    OneOf(Vec<String>),
    /// The subject has any value.
    Present,
}
