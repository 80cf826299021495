//! What a caller is told of a wait: an upper bound in round minutes that does not leap upwards.

use std::time::Duration;

use super::Wait;

/// The bounds that are told, in minutes.
const BOUNDS: [u64; 12] = [1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 90];

/// An upper bound of the wait as callers are told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Announcement {
    step: usize,
}

impl Announcement {
    /// Chooses what to say; `before` is what the same caller was told last.
    ///
    /// Somebody who was promised a time may learn that it gets longer, but by one step at a time.
    pub fn of(wait: &Wait, before: Option<Self>) -> Self {
        let bound = |minutes: &u64| wait.estimate <= Duration::from_mins(*minutes);
        let step = BOUNDS.iter().position(bound).unwrap_or(BOUNDS.len());
        let most = before.map_or(usize::MAX, |told| told.step + 1);
        Self { step: step.min(most) }
    }

    /// Gives the bound; none for longer than any that is told.
    pub fn at_most(self) -> Option<Duration> {
        BOUNDS.get(self.step).map(|minutes| Duration::from_mins(*minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Confidence, Method};
    use super::*;

    fn wait(seconds: u64) -> Wait {
        let estimate = Duration::from_secs(seconds);
        Wait {
            estimate,
            low: Duration::ZERO,
            high: estimate,
            sample_size: 10,
            confidence: Confidence::Medium,
            method: Method::Rate,
        }
    }

    fn told(seconds: u64, before: Option<Announcement>) -> Announcement {
        Announcement::of(&wait(seconds), before)
    }

    #[test]
    fn a_wait_is_told_as_a_round_upper_bound() {
        for (seconds, minutes) in [(0, 1), (60, 1), (61, 2), (250, 5), (5_400, 90)] {
            assert_eq!(told(seconds, None).at_most(), Some(Duration::from_mins(minutes)));
        }
        assert_eq!(told(9_000, None).at_most(), None);
    }

    #[test]
    fn repeats_rise_by_one_step_at_most_and_fall_freely() {
        let first = told(100, None);
        let second = told(3_000, Some(first));
        let third = told(3_000, Some(second));

        assert_eq!(first.at_most(), Some(Duration::from_mins(2)));
        assert_eq!(second.at_most(), Some(Duration::from_mins(3)));
        assert_eq!(third.at_most(), Some(Duration::from_mins(5)));
        assert_eq!(told(10, Some(third)).at_most(), Some(Duration::from_mins(1)));
    }
}
