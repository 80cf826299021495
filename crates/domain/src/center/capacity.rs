//! How much an agent does at once: slots per channel, and which work rules out which.

use std::collections::{BTreeMap, BTreeSet};

use crate::channel::Channel;

/// For each channel the channels whose running work keeps an agent from getting more of it.
///
/// A channel never rules out itself: how much of one channel an agent does at once is capacity.
pub type Exclusions = BTreeMap<Channel, BTreeSet<Channel>>;

/// The channels on which an agent listens and speaks.
const SPOKEN: [Channel; 2] = [Channel::Voice, Channel::Callback];

/// Gives what holds unless a center says otherwise: an agent who is on the telephone, with a caller
/// or calling back, gets nothing else; written work never keeps a call away.
pub fn default_exclusions() -> Exclusions {
    let blocked_by = |channel: Channel| {
        let others = SPOKEN.into_iter().filter(|other| *other != channel);
        (channel, others.collect())
    };
    Channel::ALL.iter().copied().map(blocked_by).collect()
}

/// Gives the capacity of an agent of whom the center says nothing: one call, of either kind.
pub fn default_capacity() -> BTreeMap<Channel, u32> {
    SPOKEN.into_iter().map(|channel| (channel, 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_keeps_everything_else_away_and_nothing_keeps_a_call_away_but_a_call() {
        let exclusions = default_exclusions();

        assert_eq!(exclusions.len(), Channel::ALL.len());
        for (channel, blocked_by) in exclusions {
            let expected: BTreeSet<Channel> =
                SPOKEN.into_iter().filter(|other| *other != channel).collect();
            assert_eq!(blocked_by, expected, "{channel}");
        }
    }
}
