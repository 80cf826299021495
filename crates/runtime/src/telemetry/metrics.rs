//! Counters, gauges and histograms for services, under one meter.
//!
//! Make instruments after [`super::Telemetry`] started: earlier ones count nothing. Labels must be
//! few and known: queues and outcomes, never numbers, names or contacts.

use std::time::Duration;

use opentelemetry::{KeyValue, global, metrics};

const METER: &str = "switchboard";

/// Bounds for answers of a network call, in seconds.
const CALL_SECONDS: &[f64] =
    &[0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Names and values that tell measurements apart.
pub type Labels<'a> = &'a [(&'static str, &'a str)];

/// A number that only grows.
#[derive(Clone, Debug)]
pub struct Counter(metrics::Counter<u64>);

/// Makes a counter; Prometheus shows it with `_total` behind its name.
pub fn counter(name: &'static str, description: &'static str) -> Counter {
    Counter(global::meter(METER).u64_counter(name).with_description(description).build())
}

impl Counter {
    /// Adds to the number.
    pub fn add(&self, amount: u64, labels: Labels<'_>) {
        self.0.add(amount, &pairs(labels));
    }
}

/// A number that goes up and down, such as waiting callers.
#[derive(Clone, Debug)]
pub struct Gauge(metrics::Gauge<f64>);

/// Makes a gauge.
pub fn gauge(name: &'static str, description: &'static str) -> Gauge {
    Gauge(global::meter(METER).f64_gauge(name).with_description(description).build())
}

impl Gauge {
    /// Replaces the number.
    pub fn set(&self, value: f64, labels: Labels<'_>) {
        self.0.record(value, &pairs(labels));
    }
}

/// A distribution of durations.
#[derive(Clone, Debug)]
pub struct Durations(metrics::Histogram<f64>);

/// Makes a distribution of durations; Prometheus shows it with `_seconds` behind its name.
pub fn durations(name: &'static str, description: &'static str) -> Durations {
    durations_within(name, description, CALL_SECONDS)
}

/// Makes a distribution of durations with bounds of its own, in seconds.
pub fn durations_within(
    name: &'static str,
    description: &'static str,
    bounds: &[f64],
) -> Durations {
    let histogram = global::meter(METER)
        .f64_histogram(name)
        .with_description(description)
        .with_unit("s")
        .with_boundaries(bounds.to_vec())
        .build();
    Durations(histogram)
}

impl Durations {
    /// Records one duration.
    pub fn record(&self, duration: Duration, labels: Labels<'_>) {
        self.0.record(duration.as_secs_f64(), &pairs(labels));
    }
}

fn pairs(labels: Labels<'_>) -> Vec<KeyValue> {
    labels.iter().map(|(name, value)| KeyValue::new(*name, (*value).to_owned())).collect()
}
