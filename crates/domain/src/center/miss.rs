//! What follows when an agent does not take an offer.

use std::fmt;
use std::time::Duration;

use crate::center::queue::Presence;
use crate::floor::state::words;

words!(
    /// Why an offer was not taken.
    MissCause {
        /// It rang out.
        NoAnswer = "no_answer",
        /// The agent declined it.
        Declined = "declined",
        /// The agent's telephone was busy.
        Busy = "busy",
        /// The agent's telephone could not be reached.
        Unreachable = "unreachable",
    }
);

/// What follows when an offer is not taken for one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissPolicy {
    /// How long the contact is not offered to this agent again; zero means no time at all.
    pub cool_down: Duration,
    /// After how many misses of this cause in a row the agent's presence changes; zero means never.
    pub threshold: u32,
    /// What the presence then becomes.
    pub then: Presence,
}

impl MissPolicy {
    /// How long a contact is not offered to the same agent again, unless the queue says otherwise.
    pub const DEFAULT_COOL_DOWN: Duration = Duration::from_secs(30);

    /// Gives what follows for a cause of which the queue says nothing.
    ///
    /// Declining is a decision and costs nothing; every other cause means that nobody is there.
    pub fn of(cause: MissCause) -> Self {
        let threshold = match cause {
            MissCause::Declined => 0,
            MissCause::NoAnswer | MissCause::Busy | MissCause::Unreachable => 1,
        };
        Self { cool_down: Self::DEFAULT_COOL_DOWN, threshold, then: Presence::NotReady }
    }

    /// Says what an agent becomes who has now missed this many offers in a row.
    pub fn presence_after(self, misses: u32) -> Presence {
        if self.threshold > 0 && misses >= self.threshold { self.then } else { Presence::Ready }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(threshold: u32) -> MissPolicy {
        MissPolicy { threshold, ..MissPolicy::of(MissCause::NoAnswer) }
    }

    #[test]
    fn a_threshold_of_zero_never_takes_an_agent_out() {
        assert_eq!(policy(0).presence_after(1000), Presence::Ready);
    }

    #[test]
    fn the_agent_is_taken_out_at_the_threshold() {
        assert_eq!(policy(2).presence_after(1), Presence::Ready);
        assert_eq!(policy(2).presence_after(2), Presence::NotReady);
    }
}
