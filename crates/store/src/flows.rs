//! Flows as immutable versions, and the log of which version was in force when.

use std::collections::BTreeMap;
use std::fmt;

use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::FlowId;
use switchboard_domain::time::Timestamp;

/// The text of one version of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowText {
    /// The flow.
    pub flow: FlowId,
    /// The version: a hash of what the text says and of what it calls.
    pub version: FlowVersion,
    /// The YAML text.
    pub text: String,
    /// The version of each flow that it calls.
    pub calls: BTreeMap<FlowId, FlowVersion>,
    /// Who brought it in first.
    pub author: String,
    /// What was said about it then.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// Why another version of a flow came into force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReleaseCause {
    /// A whole folder was applied.
    #[default]
    Apply,
    /// The flow was published alone.
    Publish,
    /// A version was put on trial, or its share was changed.
    Canary,
    /// The version before came back.
    Rollback,
}

impl ReleaseCause {
    /// Every cause.
    pub const ALL: [Self; 4] = [Self::Apply, Self::Publish, Self::Canary, Self::Rollback];

    /// Gives the cause as one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Publish => "publish",
            Self::Canary => "canary",
            Self::Rollback => "rollback",
        }
    }

    /// Reads a word written by [`ReleaseCause::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == word)
    }
}

impl fmt::Display for ReleaseCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Which versions of a flow calls begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowStanding {
    /// The version in force.
    pub version: FlowVersion,
    /// The version on trial, and how many calls of a hundred begin with it.
    pub canary: Option<(FlowVersion, u8)>,
}

/// One line of the log of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRelease {
    /// The flow.
    pub flow: FlowId,
    /// The version of the center that brought it.
    pub center_version: u64,
    /// What holds from then on.
    pub standing: FlowStanding,
    /// Why.
    pub cause: ReleaseCause,
    /// Who.
    pub author: String,
    /// What was said about it.
    pub note: String,
    /// When.
    pub at: Timestamp,
}
