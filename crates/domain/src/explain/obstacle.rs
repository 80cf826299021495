//! What can stand between a contact and an agent.

use crate::center::Level;
use crate::channel::Channel;
use crate::ids::{AgentId, ContactId, QueueId, SkillId};
use crate::time::Timestamp;

/// Something that stands between a contact and an agent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// No offers are made until the gateways have told their calls.
    BarrierClosed,
    /// The contact's gateway is away, or has not told its calls yet.
    GatewayNotFresh,
    /// The contact does not wait.
    NotWaiting {
        /// Where it is instead.
        state: String,
    },
    /// The queue lets no more contacts be served at once.
    QueueCap {
        /// How many it lets.
        limit: u32,
    },
    /// The customer may not be called back yet.
    CallbackWindow {
        /// From when.
        opens_at: Timestamp,
    },
    /// The agent is not signed in.
    SignedOut,
    /// The agent wants no contacts.
    NotReady {
        /// Why; may be empty.
        reason: String,
    },
    /// Another contact rings the agent.
    Offered {
        /// Which one.
        contact: ContactId,
    },
    /// The agent has as many contacts of the channel as he takes at once.
    Capacity {
        /// The channel.
        channel: Channel,
        /// How many he has.
        taken: u32,
        /// How many he takes.
        capacity: u32,
    },
    /// The agent has a contact of a channel that keeps him from this one.
    Excluded {
        /// The channel.
        channel: Channel,
        /// What keeps him from it.
        by: Channel,
    },
    /// The agent does not serve the queue.
    QueueNotServed {
        /// The queue.
        queue: QueueId,
    },
    /// The agent lacks a skill.
    SkillMissing {
        /// The skill.
        skill: SkillId,
        /// The level that is needed.
        needs: Level,
    },
    /// The agent's level in a skill is too low.
    SkillTooLow {
        /// The skill.
        skill: SkillId,
        /// The level that is needed.
        needs: Level,
        /// The agent's level.
        has: Level,
    },
    /// The agent missed or declined the contact not long ago.
    CoolDown {
        /// Until when he is spared.
        until: Timestamp,
    },
    /// The contact is held for another agent.
    HeldForOther {
        /// That agent.
        agent: AgentId,
        /// Until when, if others come next.
        until: Option<Timestamp>,
    },
    /// Somebody else is ahead for the same agent.
    BehindOthers {
        /// Who is first.
        first: ContactId,
    },
    /// The agent signed in before the center changed, and is being brought up to date.
    ProfileOutdated,
}

impl Obstacle {
    /// Says what is wrong, for people.
    pub fn text(&self) -> String {
        match self {
            Self::BarrierClosed => "gateways have not told their calls after a restart".to_owned(),
            Self::GatewayNotFresh => "the gateway is away or has not told its calls".to_owned(),
            Self::NotWaiting { state } => format!("does not wait: {state}"),
            Self::QueueCap { limit } => format!("the queue serves {limit} at once at most"),
            Self::CallbackWindow { .. } => "may not be called back yet".to_owned(),
            Self::SignedOut => "not signed in".to_owned(),
            Self::NotReady { reason } if reason.is_empty() => "not ready".to_owned(),
            Self::NotReady { reason } => format!("not ready: {reason}"),
            Self::Offered { contact } => format!("is rung for {contact}"),
            Self::Capacity { channel, capacity: 0, .. } => format!("takes no {channel}"),
            Self::Capacity { channel, taken, capacity } => {
                format!("has {taken} of {capacity} {channel}")
            }
            Self::Excluded { channel, by } => format!("takes no {channel} while busy with {by}"),
            Self::QueueNotServed { queue } => format!("does not serve {queue}"),
            Self::SkillMissing { skill, needs } => format!("needs {skill} {needs}, has none"),
            Self::SkillTooLow { skill, needs, has } => format!("needs {skill} {needs}, has {has}"),
            Self::CoolDown { .. } => "missed or declined this one".to_owned(),
            Self::HeldForOther { agent, .. } => format!("held for {agent}"),
            Self::BehindOthers { first } => format!("{first} is ahead"),
            Self::ProfileOutdated => "signed in before the center changed".to_owned(),
        }
    }

    /// Gives when it ends by itself.
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Self::CallbackWindow { opens_at: at } | Self::CoolDown { until: at } => Some(*at),
            Self::HeldForOther { until, .. } => *until,
            Self::BarrierClosed
            | Self::GatewayNotFresh
            | Self::NotWaiting { .. }
            | Self::QueueCap { .. }
            | Self::SignedOut
            | Self::NotReady { .. }
            | Self::Offered { .. }
            | Self::Capacity { .. }
            | Self::Excluded { .. }
            | Self::QueueNotServed { .. }
            | Self::SkillMissing { .. }
            | Self::SkillTooLow { .. }
            | Self::BehindOthers { .. }
            | Self::ProfileOutdated => None,
        }
    }

    /// Gives the skill it is about.
    pub fn skill(&self) -> Option<&SkillId> {
        if let Self::SkillMissing { skill, .. } | Self::SkillTooLow { skill, .. } = self {
            Some(skill)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_obstacle_says_what_is_needed_and_what_is_there() {
        let skill = SkillId::parse("english").expect("an id");
        let level = |level| Level::new(level).expect("a level");
        let low = Obstacle::SkillTooLow { skill: skill.clone(), needs: level(5), has: level(3) };
        let none = Obstacle::SkillMissing { skill: skill.clone(), needs: level(1) };
        let full = Obstacle::Capacity { channel: Channel::Chat, taken: 3, capacity: 3 };

        assert_eq!(low.text(), "needs english 5, has 3");
        assert_eq!(low.skill(), Some(&skill));
        assert_eq!(none.text(), "needs english 1, has none");
        assert_eq!((full.text().as_str(), full.until()), ("has 3 of 3 chat", None));
    }

    #[test]
    fn what_ends_by_itself_says_when() {
        let until = Timestamp::from_millis(5);
        let agent = AgentId::parse("li-wei").expect("an id");

        assert_eq!(Obstacle::CoolDown { until }.until(), Some(until));
        assert_eq!(Obstacle::HeldForOther { agent, until: Some(until) }.until(), Some(until));
        assert_eq!(Obstacle::SignedOut.until(), None);
    }
}
