//! What is kept for a gateway that asks: refusals, and news of waiting callers.

use switchboard_api::call::v1::{QueueProgress, Rejected};

use super::{Session, lock};

impl Session {
    /// Keeps a refusal until a unary request fetches it.
    pub(crate) fn note_refusal(&self, rejected: Rejected) {
        lock(&self.refusals).push(rejected);
    }

    pub(crate) fn take_refusals(&self) -> Vec<Rejected> {
        std::mem::take(&mut *lock(&self.refusals))
    }

    /// Keeps news of a waiting caller until a unary request fetches them.
    pub(crate) fn note_progress(&self, progress: QueueProgress) {
        lock(&self.news).insert(progress.call_id.clone(), progress);
    }

    pub(crate) fn has_progress(&self) -> bool {
        !lock(&self.news).is_empty()
    }

    pub(crate) fn take_progress(&self) -> Vec<QueueProgress> {
        std::mem::take(&mut *lock(&self.news)).into_values().collect()
    }
}
