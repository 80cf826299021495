//! How long a waiting contact will probably still wait: a range with the evidence behind it.
//!
//! The contact is served once everyone ahead of it is. Its eligible agents free themselves at a rate
//! that follows from their handle times and from the share of their work that is this contact's
//! line, so the wait is `contacts ahead / rate`, and its spread that of a sum of as many random
//! spans. With few agents one long conversation decides more than the line does, so there the last
//! waits of the queue have a say too. Where nothing was measured the answer is that nobody knows.

mod announcement;
mod average;
#[cfg(test)]
mod backtest;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use crate::floor::state::words;

pub use announcement::Announcement;
pub use average::{Average, Share};

/// The fewest handle times from which a wait may be computed.
pub const MIN_SAMPLES: u32 = 5;
/// From this many agents on the last waits of the queue say nothing more.
const MANY_AGENTS: u32 = 3;
/// How many standard deviations the range reaches to each side: nine waits of ten lie within.
const SPREAD: f64 = 1.645;
/// The longest wait that is told; beyond it the range says nothing.
const LONGEST: Duration = Duration::from_hours(24);

/// An agent who works and may serve the contact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Server {
    /// The part of his work that belongs to the contact's line, above 0 up to 1.
    pub share: f64,
    /// How long one contact of the line occupies him.
    pub handle_time: Duration,
}

/// What is known when a wait is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The contact's place among those the same agents serve, from 1.
    pub position: u32,
    /// The agents who work and may serve it, even if they are busy now.
    pub servers: Vec<Server>,
    /// How many of them are free now.
    pub free: u32,
    /// How many handle times were measured.
    pub handled: u32,
    /// How many of those who wait give up before their turn, from 0 to 1.
    pub leaving: f64,
    /// How long those answered last had waited.
    pub last_waits: Average,
    /// How long the contact has waited.
    pub waited: Duration,
}

words!(
    /// Why nobody knows how long the wait will be.
    Unknown {
        /// Nobody works who may serve the contact.
        NoAgents = "no_agents",
        /// Too few contacts were served since measuring began.
        NoHistory = "no_history",
    }
);

words!(
    /// How a wait was computed.
    Method {
        /// From the place in line and the rate at which agents become free.
        Rate = "rate",
        /// From the rate and, for there are few agents, the last waits of the queue.
        RateAndLastWaits = "rate_and_last_waits",
    }
);

words!(
    /// How much the estimate is worth.
    Confidence {
        /// Few measurements, or a wide range.
        Low = "low",
        /// Enough measurements for the order of magnitude.
        Medium = "medium",
        /// Many measurements and a narrow range.
        High = "high",
    }
);

/// How long a contact will probably still wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The expected wait.
    pub estimate: Duration,
    /// Hardly anyone waits less.
    pub low: Duration,
    /// Hardly anyone waits longer.
    pub high: Duration,
    /// How many handle times it rests on.
    pub sample_size: u32,
    /// How much it is worth.
    pub confidence: Confidence,
    /// How it was computed.
    pub method: Method,
}

/// Computes how long a contact will probably still wait.
pub fn estimate(evidence: &Evidence) -> Result<Wait, Unknown> {
    if evidence.servers.is_empty() {
        return Err(Unknown::NoAgents);
    }
    if evidence.handled < MIN_SAMPLES {
        return Err(Unknown::NoHistory);
    }
    let rate = rate(&evidence.servers);
    if rate <= 0.0 {
        return Err(Unknown::NoAgents);
    }
    let turns = turns(evidence);
    let by_rate = turns / rate;
    let (low, high) = range(by_rate, turns, rate, evidence.handled);
    let (expected, method) = blend(by_rate, evidence);
    let (low, high) = (low.min(expected), high.max(expected));
    Ok(Wait {
        estimate: span(expected),
        low: span(low),
        high: span(high),
        sample_size: evidence.handled,
        confidence: confidence(expected, high - low, evidence.handled),
        method,
    })
}

/// Gives how many contacts of the line are begun per second.
fn rate(servers: &[Server]) -> f64 {
    let served = servers.iter().filter(|server| !server.handle_time.is_zero());
    served.map(|server| server.share.clamp(0.0, 1.0) / server.handle_time.as_secs_f64()).sum()
}

/// Gives how many agents must become free until it is the contact's turn.
fn turns(evidence: &Evidence) -> f64 {
    let ahead = f64::from(evidence.position.saturating_sub(1));
    let staying = ahead * (1.0 - evidence.leaving.clamp(0.0, 1.0));
    (staying + 1.0 - f64::from(evidence.free)).max(0.0)
}

/// Gives where nine of ten waits lie.
///
/// A sum of `turns` random spans is distributed like a gamma variable of that shape; that the mean
/// itself was only measured widens it. The quantiles are those of Wilson and Hilferty.
fn range(mean: f64, turns: f64, rate: f64, handled: u32) -> (f64, f64) {
    if turns <= 0.0 {
        return (0.0, 1.0 / rate);
    }
    let measured = f64::from(handled.min(average::WINDOW));
    let shape = 1.0 / (1.0 / turns + 1.0 / measured);
    let quantile = |deviations: f64| {
        let root = 1.0 - 1.0 / (9.0 * shape) + deviations / (3.0 * shape.sqrt());
        mean * root.max(0.0).powi(3)
    };
    (quantile(-SPREAD), quantile(SPREAD))
}

/// Lets the last waits have a say where there are few agents.
fn blend(by_rate: f64, evidence: &Evidence) -> (f64, Method) {
    let agents = u32::try_from(evidence.servers.len()).unwrap_or(u32::MAX);
    if agents >= MANY_AGENTS || evidence.last_waits.count() < MIN_SAMPLES {
        return (by_rate, Method::Rate);
    }
    let weight = f64::from(agents) / f64::from(MANY_AGENTS);
    let left = evidence.last_waits.mean().saturating_sub(evidence.waited).as_secs_f64();
    (weight * by_rate + (1.0 - weight) * left, Method::RateAndLastWaits)
}

fn confidence(expected: f64, width: f64, handled: u32) -> Confidence {
    if handled >= 30 && width <= expected {
        Confidence::High
    } else if handled >= 10 && width <= 3.0 * expected {
        Confidence::Medium
    } else {
        Confidence::Low
    }
}

fn span(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST)
}
