//! Averages that forget: exact over the first measurements, then leaning to the newest.

use std::time::Duration;

/// How many measurements an average remembers in effect.
pub(super) const WINDOW: u32 = 39;
/// The weight of the newest measurement once the window is full: `2 / (WINDOW + 1)`.
const WEIGHT: f64 = 0.05;

/// An average of spans.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Average {
    seconds: f64,
    count: u32,
}

impl Average {
    /// Takes in a measurement.
    pub fn add(&mut self, span: Duration) {
        self.count = self.count.saturating_add(1);
        self.seconds += weight(self.count) * (span.as_secs_f64() - self.seconds);
    }

    /// Gives the average; zero before the first measurement.
    pub fn mean(&self) -> Duration {
        Duration::try_from_secs_f64(self.seconds).unwrap_or_default()
    }

    /// Gives how many measurements were taken in.
    pub fn count(&self) -> u32 {
        self.count
    }
}

/// How often something is the case.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    part: f64,
    count: u32,
}

impl Share {
    /// Takes in a case.
    pub fn add(&mut self, is_so: bool) {
        self.count = self.count.saturating_add(1);
        let seen = if is_so { 1.0 } else { 0.0 };
        self.part += weight(self.count) * (seen - self.part);
    }

    /// Gives the share from 0 to 1; zero before the first case.
    pub fn part(&self) -> f64 {
        self.part.clamp(0.0, 1.0)
    }
}

fn weight(count: u32) -> f64 {
    (1.0 / f64::from(count)).max(WEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_measurements_count_alike() {
        let mut average = Average::default();

        for seconds in [10, 20, 60] {
            average.add(Duration::from_secs(seconds));
        }

        assert_eq!(average.mean(), Duration::from_secs(30));
        assert_eq!(average.count(), 3);
    }

    #[test]
    fn an_average_follows_a_change_within_its_window() {
        let mut average = Average::default();
        (0..200).for_each(|_| average.add(Duration::from_mins(1)));

        (0..WINDOW).for_each(|_| average.add(Duration::from_mins(3)));

        let mean = average.mean().as_secs();
        assert!((160..180).contains(&mean), "{mean} s");
    }

    #[test]
    fn a_share_lies_between_none_and_all() {
        let mut share = Share::default();
        assert!(share.part() <= 0.0);

        for turn in 0..4 {
            share.add(turn % 2 == 0);
        }

        assert!((share.part() - 0.5).abs() < 1e-9);
    }
}
