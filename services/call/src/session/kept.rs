//! What is kept for a gateway that asks: refusals, and news of waiting callers.

use std::time::Duration;

use switchboard_api::call::v1::run_calls_response::Message;
use switchboard_api::call::v1::{QueueProgress, Rejected};

use super::{Session, lock};

impl Session {
    /// Keeps what a stream would have carried until a request fetches it: commands are outstanding
    /// anyway, and how far events are accepted is told with every answer.
    pub(super) fn keep(&self, message: Message) {
        match message {
            Message::Rejected(rejected) => lock(&self.refusals).push(rejected),
            Message::Progress(progress) => {
                lock(&self.news).insert(progress.call_id.clone(), progress);
            }
            Message::Welcome(_)
            | Message::Acknowledged(_)
            | Message::Command(_)
            | Message::Drain(_)
            | Message::Heartbeat(_) => {}
        }
        self.asked.send_replace(());
    }

    /// Takes the refusals that no request has fetched.
    pub(crate) fn take_refusals(&self) -> Vec<Rejected> {
        std::mem::take(&mut *lock(&self.refusals))
    }

    /// Takes the news of waiting callers that no request has fetched.
    pub(crate) fn take_progress(&self) -> Vec<QueueProgress> {
        std::mem::take(&mut *lock(&self.news)).into_values().collect()
    }

    /// Waits until there is something to do or to tell, but no longer than this.
    pub(crate) async fn wait_for_work(&self, longest: Duration) {
        let mut asked = self.asked.subscribe();
        let work =
            async { while self.is_idle() && !self.is_closed() && asked.changed().await.is_ok() {} };
        // Nothing within that time is an answer too.
        let _ = tokio::time::timeout(longest, work).await;
    }

    fn is_idle(&self) -> bool {
        lock(&self.outstanding).is_empty() && lock(&self.news).is_empty()
    }
}
