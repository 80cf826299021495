//! Histograms of how long something took, from microseconds to a minute.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The longest time told apart, in microseconds.
const LONGEST: u64 = 60_000_000;

/// How long something took, many times.
#[derive(Clone, Debug)]
pub struct Latency(Histogram<u64>);

impl Default for Latency {
    fn default() -> Self {
        Self(Histogram::new_with_max(LONGEST, 3).expect("the bounds are a valid range"))
    }
}

impl Latency {
    /// Adds one time.
    pub fn add(&mut self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(LONGEST);
        self.0.saturating_record(micros.min(LONGEST));
    }

    /// Adds what another histogram holds.
    ///
    /// # Panics
    ///
    /// Never: all histograms have the same range.
    pub fn merge(&mut self, other: &Self) {
        self.0.add(&other.0).expect("all histograms have the same range");
    }

    /// Gives how many times were added.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Gives the time that a share of all stayed below.
    pub fn quantile(&self, share: f64) -> Duration {
        Duration::from_micros(self.0.value_at_quantile(share))
    }

    /// Gives the longest time.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.0.max())
    }

    /// Writes median and 99th percentile, such as `0.21 / 0.80 ms`.
    pub fn summary(&self) -> String {
        if self.count() == 0 {
            return "–".to_owned();
        }
        format!("{:.2} / {:.2} ms", millis(self.quantile(0.5)), millis(self.quantile(0.99)))
    }
}

/// Gives a span in milliseconds.
pub fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}
