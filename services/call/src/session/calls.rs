//! The calls a session holds, and what is to be said to callers it lets go.

use switchboard_api::call::v1::Prompt;
use switchboard_domain::ids::ContactId;

use super::{Session, lock};

impl Session {
    pub(crate) fn adopt(&self, call: &ContactId) {
        lock(&self.calls).insert(call.clone());
    }

    pub(crate) fn forget(&self, call: &ContactId) {
        lock(&self.calls).remove(call);
        lock(&self.farewells).remove(call);
        self.waits.end(call);
        lock(&self.outstanding).retain(|_, command| command.call_id != call.as_str());
    }

    /// Keeps what the menu says last until the caller's place in the queue is told.
    pub(crate) fn say_farewell(&self, call: &ContactId, prompts: Vec<Prompt>) {
        if !prompts.is_empty() {
            lock(&self.farewells).insert(call.clone(), prompts);
        }
    }

    /// Takes what the menu said last; a replica that took the call over knows nothing of it.
    pub(crate) fn farewell(&self, call: &ContactId) -> Vec<Prompt> {
        lock(&self.farewells).remove(call).unwrap_or_default()
    }

    /// Notes that a call the floor does not know is over, with the number of its last event.
    pub(crate) fn note_gone(&self, call: &ContactId, number: u64) {
        lock(&self.gone).note(call, number);
    }

    /// Gives the number of the last event of a call that is over and may still start.
    pub(crate) fn gone(&self, call: &ContactId) -> Option<u64> {
        lock(&self.gone).number(call)
    }

    pub(crate) fn forget_gone(&self, call: &ContactId) {
        lock(&self.gone).forget(call);
    }

    pub(crate) fn holds(&self, call: &ContactId) -> bool {
        lock(&self.calls).contains(call)
    }

    pub(crate) fn calls(&self) -> Vec<ContactId> {
        lock(&self.calls).iter().cloned().collect()
    }
}
