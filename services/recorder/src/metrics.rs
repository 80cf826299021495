//! What the recorder tells of its work.

use std::time::Duration;

use switchboard_runtime::telemetry::metrics::{Counter, Gauge, counter, gauge};

/// The recorder's instruments.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    recorded: Counter,
    dead: Counter,
    lag: Gauge,
}

impl Metrics {
    /// Makes the instruments.
    pub(crate) fn new() -> Self {
        Self {
            recorded: counter("switchboard_recorder_events", "Events kept in the history."),
            dead: counter("switchboard_recorder_dead_events", "Events put aside as unkeepable."),
            lag: gauge(
                "switchboard_recorder_lag_seconds",
                "Age of the last event when it was kept.",
            ),
        }
    }

    /// Tells of events kept, the last of them `age` after it happened.
    pub(crate) fn kept(&self, tenant: &str, events: usize, age: Duration) {
        let events = u64::try_from(events).unwrap_or(u64::MAX);
        self.recorded.add(events, &[("tenant", tenant)]);
        self.lag.set(age.as_secs_f64(), &[("tenant", tenant)]);
    }

    /// Tells of an event put aside.
    pub(crate) fn buried(&self, tenant: &str) {
        self.dead.add(1, &[("tenant", tenant)]);
    }
}
