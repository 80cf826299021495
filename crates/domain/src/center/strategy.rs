//! Which of several ready agents gets the next contact of a queue.

use std::fmt;

/// The most agents that may ring at once for one contact.
pub const MAX_RING_COUNT: u32 = 10;

/// Which of the eligible ready agents gets a contact; the longest idle one breaks ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// The one who has waited longest for work.
    #[default]
    LongestIdle,
    /// The one with the highest levels in the required skills.
    MostSkilled,
    /// The one with the lowest levels that will do, which keeps rare skills free.
    LeastSkilled,
    /// The one whose last contact of any queue began longest ago.
    RoundRobin,
    /// The one with the fewest contacts in this session.
    FewestContacts,
    /// The one with the least time spent on contacts in this session.
    LeastTalkTime,
    /// Any, by chance, in proportion to their weights.
    WeightedRandom,
    /// The first in the configured order.
    InOrder,
    /// Several at once, longest idle first; the first to accept wins.
    RingN {
        /// How many, from 2 to [`MAX_RING_COUNT`].
        count: u32,
    },
}

impl Strategy {
    /// The strategies that take no argument.
    pub const PLAIN: &[Self] = &[
        Self::LongestIdle,
        Self::MostSkilled,
        Self::LeastSkilled,
        Self::RoundRobin,
        Self::FewestContacts,
        Self::LeastTalkTime,
        Self::WeightedRandom,
        Self::InOrder,
    ];

    /// Gives the strategy as one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LongestIdle => "longest_idle",
            Self::MostSkilled => "most_skilled",
            Self::LeastSkilled => "least_skilled",
            Self::RoundRobin => "round_robin",
            Self::FewestContacts => "fewest_contacts",
            Self::LeastTalkTime => "least_talk_time",
            Self::WeightedRandom => "weighted_random",
            Self::InOrder => "in_order",
            Self::RingN { .. } => "ring_n",
        }
    }

    /// Gives how many agents ring at once.
    pub fn ring_count(self) -> u32 {
        match self {
            Self::RingN { count } => count,
            Self::LongestIdle
            | Self::MostSkilled
            | Self::LeastSkilled
            | Self::RoundRobin
            | Self::FewestContacts
            | Self::LeastTalkTime
            | Self::WeightedRandom
            | Self::InOrder => 1,
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
