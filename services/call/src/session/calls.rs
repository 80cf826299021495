//! The calls a session holds, and what is to be said to callers it lets go.

use switchboard_api::call::v1::{Leg, Prompt};
use switchboard_domain::ids::ContactId;

use super::{Session, lock};

impl Session {
    /// Takes over a call that another replica served.
    pub(crate) fn take_over_call(&self, call: &ContactId) {
        lock(&self.brought).insert(call.clone());
        self.adopt(call);
    }

    pub(crate) fn adopt(&self, call: &ContactId) {
        lock(&self.calls).insert(call.clone());
    }

    /// Notes the legs that a gateway brings into the session, before the floor hears of them.
    pub(crate) fn bring(&self, legs: &[Leg]) {
        let calls = legs.iter().filter_map(|leg| ContactId::parse(&leg.call_id).ok());
        lock(&self.brought).extend(calls);
    }

    /// Says whether a call was there before the session.
    pub(crate) fn was_brought(&self, call: &str) -> bool {
        ContactId::parse(call).is_ok_and(|call| lock(&self.brought).contains(&call))
    }

    pub(crate) fn forget(&self, call: &ContactId) {
        lock(&self.calls).remove(call);
        lock(&self.brought).remove(call);
        lock(&self.farewells).remove(call);
        lock(&self.joins).retain(|_, (consult, _)| consult != call);
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

    /// Notes that a consultation, ended with a version, became the call it was about.
    pub(crate) fn note_join(&self, about: &ContactId, consult: &ContactId, version: u64) {
        lock(&self.joins).insert(about.clone(), (consult.clone(), version));
    }

    /// Takes the consultation that became a call and may still have its leg.
    pub(crate) fn take_join(&self, about: &ContactId) -> Option<(ContactId, u64)> {
        lock(&self.joins).remove(about)
    }

    pub(crate) fn is_joined(&self, about: &ContactId) -> bool {
        lock(&self.joins).contains_key(about)
    }

    pub(crate) fn joined(&self) -> Vec<ContactId> {
        lock(&self.joins).keys().cloned().collect()
    }

    pub(crate) fn holds(&self, call: &ContactId) -> bool {
        lock(&self.calls).contains(call)
    }

    pub(crate) fn calls(&self) -> Vec<ContactId> {
        lock(&self.calls).iter().cloned().collect()
    }
}
