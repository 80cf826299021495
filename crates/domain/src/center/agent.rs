//! The people who answer, and the machines that bring the calls.

use std::collections::BTreeMap;

use crate::center::locale::Localized;
use crate::center::skill::{Level, SkillRequirement, eligible};
use crate::channel::Channel;
use crate::ids::{AgentId, GatewayId, QueueId, SkillId};

/// A person who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The agent's id.
    pub id: AgentId,
    /// The agent's name, for people.
    pub display_name: String,
    /// What the agent can do, and how well.
    pub skills: BTreeMap<SkillId, Level>,
    /// The queues the agent serves and the rank of each; the lowest rank is served first.
    pub queues: BTreeMap<QueueId, u32>,
    /// How many contacts of each channel the agent takes at once; none of a channel not named.
    pub capacity: BTreeMap<Channel, u32>,
    /// The agent's share where chance decides, 1 to 100.
    pub weight: u32,
    /// The agent's turn where a fixed order decides; the lowest comes first.
    pub order: u32,
    /// Where the gateway rings the agent, such as `sip:chen@desk.example`.
    pub endpoint: String,
}

impl Agent {
    /// Says whether the agent may serve a contact of this queue with this requirement.
    pub fn serves(&self, queue: &QueueId, requirement: &[SkillRequirement]) -> bool {
        self.queues.contains_key(queue) && eligible(requirement, &self.skills)
    }

    /// Gives how many contacts of a channel the agent takes at once.
    pub fn capacity_for(&self, channel: Channel) -> u32 {
        self.capacity.get(&channel).copied().unwrap_or(0)
    }
}

/// A telephony gateway that may report calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The gateway's id, the subject of its token.
    pub id: GatewayId,
    /// Its name, for people.
    pub display_name: Localized,
}
