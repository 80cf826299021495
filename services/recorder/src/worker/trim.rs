//! Trimming the stream: only what is kept, and only after others had time to read it.

use super::{Interruption, Worker};

impl Worker {
    /// Drops from the stream what is kept and old enough, not more often than set.
    pub(super) async fn trim_sometimes(&mut self) -> Result<(), Interruption> {
        let now = self.recorder.clock.now();
        if now.since(self.trimmed_at) < self.recorder.settings.trim_every {
            return Ok(());
        }
        self.trimmed_at = now;
        if let Some(trim) = self.course.trim(self.recorder.settings.keep) {
            self.recorder.floor.trim(&self.tenant, trim).await?;
        }
        Ok(())
    }
}
