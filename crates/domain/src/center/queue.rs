//! A waiting line: who may serve it, how long things may take, what happens when they take longer.

use std::time::Duration;

use crate::center::locale::Localized;
use crate::center::skill::SkillRequirement;
use crate::ids::QueueId;

/// A waiting line and its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// Its name, for people.
    pub display_name: Localized,
    /// The skills every contact of this queue needs.
    pub requirement: Vec<SkillRequirement>,
    /// The priority every contact of this queue starts with, before tier and flow add theirs.
    pub priority: u32,
    /// How long one agent rings before the next is tried.
    pub ring_timeout: Duration,
    /// How long a contact waits before the overflow action; nothing means for ever.
    pub max_wait: Option<Duration>,
    /// How many contacts may wait at once, exactly; nothing means any number.
    pub max_waiting: Option<u32>,
    /// How long an agent has for after-call work; zero means none.
    pub wrap_up: Duration,
    /// How long a contact is not offered again to an agent who missed or declined it.
    pub cool_down: Duration,
    /// What happens to an agent who lets offers ring out.
    pub on_no_answer: NoAnswerPolicy,
    /// What happens to an agent who declines an offer.
    pub on_decline: Presence,
    /// What happens to a contact that cannot wait, or has waited too long.
    pub overflow: OverflowAction,
    /// The share of contacts to be answered in time.
    pub service_level: ServiceLevel,
}

/// Takes an agent out of the line after unanswered offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswerPolicy {
    /// After how many misses in a row the agent becomes not ready; zero means never.
    pub threshold: u32,
}

impl NoAnswerPolicy {
    /// Says what an agent becomes who has now missed this many offers in a row.
    pub fn presence_after(self, misses: u32) -> Presence {
        if self.threshold > 0 && misses >= self.threshold {
            Presence::NotReady
        } else {
            Presence::Ready
        }
    }
}

/// Whether an agent goes on receiving offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The agent may be offered the next contact at once.
    Ready,
    /// The agent must ask for work again.
    NotReady,
}

/// Where a contact goes instead of waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverflowAction {
    /// The gateway ends the call.
    HangUp,
    /// The gateway plays the busy tone.
    Busy,
    /// The gateway takes a message.
    Voicemail,
    /// The contact waits in another queue and keeps its age.
    Queue(QueueId),
}

/// The promise a queue is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceLevel {
    /// The share of contacts, in percent, 0 to 100.
    pub percent: u8,
    /// The time within which they are to be answered.
    pub within: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_of_zero_never_takes_an_agent_out() {
        let policy = NoAnswerPolicy { threshold: 0 };

        assert_eq!(policy.presence_after(1000), Presence::Ready);
    }

    #[test]
    fn the_agent_is_taken_out_at_the_threshold() {
        let policy = NoAnswerPolicy { threshold: 2 };

        assert_eq!(policy.presence_after(1), Presence::Ready);
        assert_eq!(policy.presence_after(2), Presence::NotReady);
    }
}
