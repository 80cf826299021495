//! Calls that are owed: which one is open for a caller, what becomes of one that is not answered or lost.

use smol_str::{SmolStr, ToSmolStr as _};

use crate::ids::{ContactId, QueueId};

use super::caller_key;
use super::event::EventKind;
use super::state::{ContactState, EndReason};
use super::step::{Step, fields, with_details};

impl Step<'_> {
    /// Sends a callback whose caller was not reached back to its place for a later attempt, or ends
    /// it after the last, for the reason told; frees the agent.
    pub(super) fn miss_caller(&mut self, id: &ContactId, outcome: &str, reason: EndReason) {
        let now = self.now;
        let rules = self.rules_of(id);
        let limit = rules.map_or(0, |rules| rules.callback_attempts);
        let retry = rules.map(|rules| rules.callback_retry).unwrap_or_default();
        let agent = self.contact(id).state.agent().cloned();
        self.unmark_leg(id);
        self.set_state(id, ContactState::Queued);
        let contact = self.contact(id);
        contact.token = None;
        let Some(times) = contact.callback.as_mut() else { return };
        times.attempts += 1;
        times.opens_at = now + retry;
        let (attempts, opens_at) = (times.attempts, times.opens_at);
        self.arm_wait(id);
        self.enter_line(id);
        let told = [
            ("outcome", outcome.into()),
            ("attempt", attempts.to_smolstr()),
            ("agent", agent.as_ref().map(SmolStr::from).unwrap_or_default()),
            ("opens_at", opens_at.to_smolstr()),
        ];
        self.contact_changed(id, EventKind::CallbackFailed, fields(told));
        if attempts >= limit {
            self.end_contact(id, reason);
        }
        if let Some(agent) = agent {
            self.match_contact(id);
            self.unburden(&agent, id);
            self.match_agent(&agent);
        }
    }

    /// Lets go of a contact that no gateway holds any more: it ends, unless it is somebody who is still
    /// to be called back.
    pub(super) fn lose_leg(&mut self, id: &ContactId, reason: EndReason) {
        let contact = self.contact(id);
        if !contact.is_owed() {
            self.end_contact(id, reason);
            return;
        }
        contact.orphaned = false;
        if matches!(contact.state, ContactState::Connecting { .. }) {
            // Its gateway may still find that the caller is on the line.
            self.miss_caller(id, "lost", reason);
            return;
        }
        contact.token = None;
        let (gateway, details) = (SmolStr::from(&contact.gateway), contact.details.clone());
        self.unmark_leg(id);
        let told = fields([("gateway", gateway), ("agent", SmolStr::default())]);
        self.contact_changed(id, EventKind::ContactConfirmed, with_details(told, details));
        if matches!(self.contact(id).state, ContactState::Queued) {
            self.arm_wait(id);
            self.enter_line(id);
            self.match_contact(id);
        }
    }

    /// Gives the call that is owed to the same caller in a queue, beside one that is owed elsewhere.
    pub(super) fn owed_besides(&self, id: &ContactId, queue: &QueueId) -> Option<ContactId> {
        let contact = self.floor.contacts.get(id).filter(|contact| contact.is_owed())?;
        let other = self.floor.callbacks.get(&caller_key(queue, &contact.caller))?;
        (other != id).then(|| other.clone())
    }

    /// Notes which caller a call is owed to, unless the caller has another in the same queue.
    pub(super) fn index_callback(&mut self, id: &ContactId) {
        let contact = &self.floor.contacts[id];
        let Some(place) = contact.place.as_ref().filter(|_| contact.is_owed()) else {
            return;
        };
        let key = caller_key(&place.queue, &contact.caller);
        self.floor.callbacks.entry(key).or_insert_with(|| id.clone());
    }

    /// Forgets which caller a call is owed to, once the caller is on the line, or the callback is over or
    /// waits elsewhere.
    pub(super) fn forget_callback(&mut self, id: &ContactId) {
        let contact = &self.floor.contacts[id];
        let Some(place) = contact.place.as_ref().filter(|_| contact.is_owed()) else {
            return;
        };
        let key = caller_key(&place.queue, &contact.caller);
        if self.floor.callbacks.get(&key) == Some(id) {
            self.floor.callbacks.remove(&key);
        }
    }
}
