//! Moves of a contact that several commands share: requeue, end, orphan.

use crate::ids::{AgentId, ContactId};
use crate::time::Timestamp;

use super::event::EventKind;
use super::plan::{ClassKey, QueueRules};
use super::state::{ContactState, EndReason, OfferOutcome, Place};
use super::step::{Step, fields};
use super::{Due, GATEWAY_GRACE, MAX_HOPS};

impl Step<'_> {
    /// Gives the rules of the queue a contact is placed in, while the plan still has it.
    pub(super) fn rules_of(&self, id: &ContactId) -> Option<&QueueRules> {
        let place = self.floor.contacts.get(id)?.place.as_ref()?;
        self.floor.plan.queues.get(&place.queue)
    }

    /// Keeps a contact from ringing an agent again before the queue's cool-down has passed.
    pub(super) fn cool_down(&mut self, id: &ContactId, agent: &AgentId) {
        let span = self.rules_of(id).map(|rules| rules.cool_down).unwrap_or_default();
        let until = self.now + span;
        self.contact(id).tried.insert(agent.clone(), until);
    }

    /// Gives a contact a place in line; a new one at the end, or the old one in another class.
    ///
    /// The class must be known to the plan.
    pub(super) fn place(&mut self, id: &ContactId, class: &ClassKey, credit: i64, priority: i32) {
        let queue = self.floor.plan.classes.get(class).expect("the class is known").queue.clone();
        let now = self.now;
        if let Some(place) = self.contact(id).place.as_mut() {
            place.queue = queue;
            place.class = class.clone();
            self.renew_wait(id);
            return;
        }
        self.floor.sequence += 1;
        let sequence = self.floor.sequence;
        self.contact(id).place = Some(Place {
            queue,
            class: class.clone(),
            rank: now.as_millis().saturating_sub(credit),
            sequence,
            enqueued_at: now,
            priority,
            overflows_at: now,
        });
        self.renew_wait(id);
    }

    /// Lets the longest wait of a contact begin anew, as after a talk.
    pub(super) fn renew_wait(&mut self, id: &ContactId) {
        let wait = self.rules_of(id).map(|rules| rules.max_wait).unwrap_or_default();
        let until = self.now + wait;
        if let Some(place) = self.contact(id).place.as_mut() {
            place.overflows_at = until;
        }
    }

    /// Gives the time at which a waiting contact must be looked at again.
    pub(super) fn wait_deadline(&mut self, id: &ContactId) -> Timestamp {
        let now = self.now;
        let contact = self.contact(id);
        contact.tried.retain(|_, until| *until > now);
        let overflow = contact.place.as_ref().map_or(now, |place| place.overflows_at);
        contact.tried.values().copied().fold(overflow, Timestamp::min)
    }

    /// Sends a contact back to its place, or ends it when its longest wait has passed.
    pub(super) fn requeue(&mut self, id: &ContactId, cause: &str, agent: &AgentId) {
        let place = self.contact(id).place.clone().expect("an offered contact has a place");
        self.contact(id).state = ContactState::Queued;
        if self.now >= place.overflows_at && !self.contact(id).orphaned {
            self.overflow(id);
            return;
        }
        if !self.contact(id).orphaned {
            let deadline = self.wait_deadline(id);
            self.arm_contact(id, Some(deadline));
        }
        if self.is_confirmed(id) {
            self.enter_line(id);
        }
        let told = [
            ("queue", place.queue.to_string()),
            ("cause", cause.to_owned()),
            ("agent", agent.to_string()),
        ];
        self.contact_changed(id, EventKind::ContactRequeued, fields(told));
    }

    /// Sends a contact that cannot wait on: to the queue the rules name, or to its end.
    ///
    /// A contact changes queue at most three times for this, so that two full queues do not pass it
    /// to and fro.
    pub(super) fn overflow(&mut self, id: &ContactId) {
        let rules = self.rules_of(id);
        let class = rules.and_then(|rules| rules.overflow.strip_prefix("queue:"));
        let class = class.map(ClassKey::new);
        let class = class.filter(|class| self.floor.plan.classes.contains_key(class));
        let contact = self.contact(id);
        match class {
            Some(class) if contact.hops < MAX_HOPS => {
                contact.hops += 1;
                self.leave_line(id);
                self.place(id, &class, 0, 0);
                self.join_queue(id, "overflowed");
            }
            _ => self.end_contact(id, EndReason::Overflow),
        }
    }

    /// Ends a contact and frees its agent.
    pub(super) fn end_contact(&mut self, id: &ContactId, reason: EndReason) {
        let state = self.contact(id).state.clone();
        let agent = state.agent().cloned();
        if let ContactState::Offered { offer, .. } = &state {
            let outcome = Self::revocation(reason);
            self.close_offer(offer, outcome);
        }
        self.finish_contact(id, reason, agent.as_ref());
        let Some(agent) = agent else { return };
        if matches!(state, ContactState::Connected { .. }) {
            self.release(&agent, id);
        } else {
            self.rest_as_before(&agent, matches!(state, ContactState::Offered { .. }));
        }
        self.match_agent(&agent);
    }

    fn revocation(reason: EndReason) -> OfferOutcome {
        match reason {
            EndReason::GatewayLost | EndReason::GoneDuringOutage => OfferOutcome::GatewayGone,
            EndReason::Completed
            | EndReason::Abandoned
            | EndReason::LeftMenu
            | EndReason::Overflow => OfferOutcome::CallerGone,
        }
    }

    fn finish_contact(&mut self, id: &ContactId, reason: EndReason, agent: Option<&AgentId>) {
        self.leave_line(id);
        self.unmark_leg(id);
        self.unmark_live(&Due::Contact(id.clone()));
        self.arm_contact(id, None);
        let action = match reason {
            EndReason::Overflow => self.rules_of(id).map(|rules| rules.overflow.clone()),
            EndReason::Completed
            | EndReason::Abandoned
            | EndReason::LeftMenu
            | EndReason::GatewayLost
            | EndReason::GoneDuringOutage => None,
        };
        let contact = self.contact(id);
        contact.state = ContactState::Ended { reason };
        contact.orphaned = false;
        let queue = contact.place.as_ref().map(|place| place.queue.to_string());
        let told = [
            ("reason", reason.to_string()),
            ("queue", queue.unwrap_or_default()),
            ("action", action.unwrap_or_default()),
            ("agent", agent.map(ToString::to_string).unwrap_or_default()),
        ];
        self.contact_changed(id, EventKind::ContactEnded, fields(told));
    }

    /// Takes a contact out of reach because its gateway's lease ended.
    pub(super) fn orphan(&mut self, id: &ContactId) {
        let state = self.contact(id).state.clone();
        self.leave_line(id);
        self.mark_leg(id, 0);
        self.contact(id).orphaned = true;
        self.arm_contact(id, Some(self.now + GATEWAY_GRACE));
        if let ContactState::Offered { offer, agent } = &state {
            self.close_offer(offer, OfferOutcome::GatewayGone);
            self.contact(id).state = ContactState::Queued;
            self.contact_changed(id, EventKind::ContactOrphaned, fields([]));
            self.rest_as_before(agent, true);
            self.match_agent(agent);
        } else {
            self.contact_changed(id, EventKind::ContactOrphaned, fields([]));
        }
    }
}
