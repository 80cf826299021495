//! Trimming the stream: only what is kept, and only after others had time to read it.

use switchboard_store::outbox::OutboxId;

use super::{Interruption, Worker};

impl Worker {
    /// Drops from the stream what is kept and old enough, not more often than set.
    ///
    /// Everything up to the cursor is kept, whatever epoch wrote it. The margin also covers a stream
    /// that is rewound at this very moment: its new entries are younger than what is dropped.
    pub(super) async fn trim_sometimes(&mut self) -> Result<(), Interruption> {
        let now = self.recorder.clock.now();
        if now.since(self.trimmed_at) < self.recorder.settings.trim_every {
            return Ok(());
        }
        self.trimmed_at = now;
        let margin = u64::try_from(self.recorder.settings.keep.as_millis()).unwrap_or(u64::MAX);
        let millis = self.cursor.millis.saturating_sub(margin);
        let upto = self.cursor.min(OutboxId::new(millis, self.cursor.sequence));
        if upto > OutboxId::START {
            self.recorder.floor.trim(&self.tenant, upto).await?;
        }
        Ok(())
    }
}
