//! What a customer's tier and segments change on the way to an agent.

use std::collections::BTreeMap;

use crate::center::skill::SkillRequirement;
use crate::ids::QueueId;

/// How the contacts of a tier, or of a segment, are treated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Treatment {
    /// Points of priority added.
    pub priority: u32,
    /// Skills needed on top.
    pub skills: Vec<SkillRequirement>,
    /// Queues that take these contacts instead of another queue.
    pub instead_of: BTreeMap<QueueId, QueueId>,
}
