//! The pause after a failure.

use std::error::Error;
use std::time::Duration;

use tracing::{info, warn};

use switchboard_runtime::shutdown::Shutdown;

use super::Interruption;
use crate::Recorder;

/// Waits longer after each failure, and tells of an outage once.
pub(super) struct Pause {
    shortest: Duration,
    longest: Duration,
    next: Duration,
    failures: u32,
}

impl Pause {
    pub(super) fn new(recorder: &Recorder) -> Self {
        let (shortest, longest) = (recorder.settings.pause, recorder.settings.longest_pause);
        Self { shortest, longest, next: shortest, failures: 0 }
    }

    pub(super) fn over(&mut self) {
        if self.failures > 1 {
            info!(failures = self.failures, "recording goes on");
        }
        (self.next, self.failures) = (self.shortest, 0);
    }

    pub(super) async fn wait(&mut self, interruption: &Interruption, shutdown: &Shutdown) {
        self.failures = self.failures.saturating_add(1);
        match interruption {
            Interruption::Floor(_) | Interruption::Store(_) if self.failures == 1 => {
                warn!(error = interruption as &dyn Error, "recording is interrupted");
            }
            Interruption::Floor(_) | Interruption::Store(_) | Interruption::Overtaken => {}
        }
        tokio::select! {
            () = tokio::time::sleep(self.next) => {}
            () = shutdown.triggered() => {}
        }
        self.next = (self.next * 2).min(self.longest);
    }
}
