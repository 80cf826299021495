//! How long to wait before the next attempt to connect.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// Waits that double from attempt to attempt, up to two seconds.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

impl Backoff {
    /// Starts with the shortest wait.
    pub(crate) const fn new() -> Self {
        Self(FIRST)
    }

    /// Goes back to the shortest wait, after a success.
    pub(crate) const fn reset(&mut self) {
        self.0 = FIRST;
    }

    /// Waits, and makes the next wait longer.
    pub(crate) async fn wait(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = LONGEST.min(self.0 * 2);
    }
}
