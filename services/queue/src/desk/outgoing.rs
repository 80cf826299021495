//! What is on its way to one desktop: bounded, and replaced by a snapshot when it does not drain.

use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::agent::v1::{DeskUpdate, Reply};
use tokio::sync::mpsc;
use tonic::Status;

/// How much room there must be before another request is read: its reply and what may go with it.
const ROOM: usize = 8;
/// How long a last word may wait for a slow reader.
const LAST_WORD: Duration = Duration::from_secs(1);

/// What is on its way to one desktop.
pub(super) struct Outgoing {
    sender: mpsc::Sender<Result<DeskUpdate, Status>>,
    behind: bool,
}

impl Outgoing {
    pub(super) fn new(sender: mpsc::Sender<Result<DeskUpdate, Status>>) -> Self {
        Self { sender, behind: false }
    }

    /// Tells the desktop something, unless it is so far behind that a snapshot will follow.
    pub(super) fn tell(&mut self, update: Update) {
        if !self.behind {
            self.send(update);
        }
    }

    /// Tells the desktop everything anew: it has caught up.
    pub(super) fn tell_all(&mut self, snapshot: Update) {
        self.behind = false;
        self.send(snapshot);
    }

    /// Answers a request; there was room for the answer before the request was read.
    pub(super) fn answer(&mut self, reply: Reply) {
        self.send(Update::Reply(reply));
    }

    fn send(&mut self, update: Update) {
        let update = DeskUpdate { update: Some(update) };
        self.behind |=
            matches!(self.sender.try_send(Ok(update)), Err(mpsc::error::TrySendError::Full(_)));
    }

    /// Says whether updates were left out since the last snapshot.
    pub(super) fn is_behind(&self) -> bool {
        self.behind
    }

    /// Waits for room for an answer and what may go with it.
    pub(super) async fn room(&self) {
        // A closed channel has no room and needs none: its end is noticed elsewhere.
        drop(self.sender.reserve_many(ROOM).await);
    }

    /// Waits until the reader has read most of what it was sent.
    pub(super) async fn drained(&self) {
        drop(self.sender.reserve_many(self.sender.max_capacity() / 2).await);
    }

    /// Waits until nobody reads any more.
    pub(super) async fn closed(&self) {
        self.sender.closed().await;
    }

    /// Says a last word.
    pub(super) async fn finish(&self, update: Update) {
        let last = DeskUpdate { update: Some(update) };
        // Nobody may be listening any more.
        drop(self.sender.send_timeout(Ok(last), LAST_WORD).await);
    }

    /// Ends the stream with a refusal.
    pub(super) async fn fail(&self, error: ApiError) {
        drop(self.sender.send_timeout(Err(error.into()), LAST_WORD).await);
    }
}

#[cfg(test)]
mod tests {
    use switchboard_api::agent::v1::StillHere;

    use super::*;

    #[tokio::test]
    async fn a_slow_reader_misses_updates_until_the_snapshot() {
        let (sender, mut receiver) = mpsc::channel(16);
        let mut out = Outgoing::new(sender);

        for _ in 0..20 {
            out.tell(Update::StillHere(StillHere {}));
        }
        let was_behind = out.is_behind();
        for _ in 0..16 {
            receiver.recv().await.expect("an update").expect("no refusal");
        }
        out.drained().await;
        out.tell_all(Update::StillHere(StillHere {}));

        assert!(was_behind && !out.is_behind());
        assert_eq!(receiver.len(), 1);
    }
}
