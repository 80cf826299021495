//! What the service tells of queues, agents and offers.
//!
//! Every replica tells of all of them: take the greatest, not the sum.

use switchboard_runtime::telemetry::metrics::{Counter, Gauge, counter, gauge};

use crate::board::Board;

/// The service's instruments.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    waiting: Gauge,
    oldest_wait: Gauge,
    agents: Gauge,
    offers: Counter,
}

impl Metrics {
    /// Makes the instruments.
    pub(crate) fn new() -> Self {
        Self {
            waiting: gauge("switchboard_queue_waiting", "Contacts that wait."),
            oldest_wait: gauge(
                "switchboard_queue_oldest_wait_seconds",
                "How long the first contact has waited.",
            ),
            agents: gauge("switchboard_agents", "Agents who are signed in, by what they do."),
            offers: counter("switchboard_offers", "Offers that ended, by how they did."),
        }
    }

    /// Tells of an offer that ended.
    pub(crate) fn offer_closed(&self, tenant: &str, outcome: &str) {
        self.offers.add(1, &[("tenant", tenant), ("outcome", outcome)]);
    }

    /// Tells of a tenant's queues and agents.
    pub(crate) fn board(&self, tenant: &str, board: &Board, agents: [(&'static str, usize); 4]) {
        for (queue, line) in &board.lines {
            let labels = [("tenant", tenant), ("queue", queue.as_str())];
            self.waiting.set(f64::from(line.waiting), &labels);
            let wait = line.oldest_wait(board.now()).unwrap_or_default();
            self.oldest_wait.set(wait.as_secs_f64(), &labels);
        }
        for (state, count) in agents {
            let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
            self.agents.set(count, &[("tenant", tenant), ("state", state)]);
        }
    }
}
