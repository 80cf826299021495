//! What a customer's tier changes on the way to an agent.

use std::collections::BTreeMap;

use crate::center::skill::SkillRequirement;
use crate::ids::QueueId;

/// The treatment of one customer tier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TierRule {
    /// Points of priority added to a contact of this tier.
    pub priority: u32,
    /// Skills a contact of this tier needs on top.
    pub skills: Vec<SkillRequirement>,
    /// Queues that take this tier's contacts instead of another queue.
    pub instead_of: BTreeMap<QueueId, QueueId>,
}
