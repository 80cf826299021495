//! Moves of a contact that several commands share: it takes a place, waits, goes back to it.

use smol_str::SmolStr;

use crate::ids::{AgentId, ContactId, QueueId};
use crate::time::Timestamp;

use super::MENU_LIMIT;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::{ClassKey, MissCause, QueueRules};
use super::state::{Contact, ContactState, Place, Ring};
use super::step::{Step, fields};

/// Where a contact is to wait from now on.
pub(super) struct Spot {
    pub(super) queue: QueueId,
    pub(super) class: ClassKey,
    pub(super) rings: Vec<Ring>,
    pub(super) closes_at: Option<Timestamp>,
}

impl Step<'_> {
    /// Gives the rules of the queue a contact is placed in, while the plan still has it.
    pub(super) fn rules_of(&self, id: &ContactId) -> Option<&QueueRules> {
        let place = self.floor.contacts.get(id)?.place.as_ref()?;
        self.floor.plan.queues.get(&place.queue)
    }

    /// Keeps a contact from ringing an agent again before the queue's cool-down has passed.
    pub(super) fn cool_down(&mut self, id: &ContactId, agent: &AgentId, cause: MissCause) {
        let span = self.rules_of(id).map(|rules| rules.miss(cause).cool_down).unwrap_or_default();
        let until = self.now + span;
        self.contact(id).tried.insert(agent.clone(), until);
    }

    /// Gives a contact a place in line: a new one at the end, or the old one elsewhere.
    pub(super) fn place(&mut self, id: &ContactId, spot: Spot, credit: i64, priority: i32) {
        self.leave_active(id);
        self.forget_callback(id);
        let now = self.now;
        let Spot { queue, class, rings, closes_at } = spot;
        // Who is to be called waits for his time, whenever the queue closes for those on the line.
        let closes_at = closes_at.filter(|_| !self.floor.contacts[id].is_owed());
        let contact = self.floor.contacts.get_mut(id).expect("the caller has looked it up");
        contact.place = Some(if let Some(place) = contact.place.take() {
            Place { queue, class, rings, ..place }
        } else {
            self.floor.sequence += 1;
            Place {
                queue,
                class,
                rank: now.as_millis().saturating_sub(credit),
                sequence: self.floor.sequence,
                enqueued_at: now,
                priority,
                overflows_at: now,
                rings,
            }
        });
        self.index_callback(id);
        self.renew_wait(id);
        if let Some(closes_at) = closes_at {
            self.close_wait(id, closes_at);
        }
        self.skip_empty(id);
    }

    /// Ends the longest wait of a contact when its queue closes.
    fn close_wait(&mut self, id: &ContactId, closes_at: Timestamp) {
        if let Some(place) = self.contact(id).place.as_mut() {
            place.overflows_at = place.overflows_at.min(closes_at);
        }
    }

    /// Takes the steps of a contact's way that are due because nobody works for those before.
    fn skip_empty(&mut self, id: &ContactId) {
        loop {
            let Some(place) = self.floor.contacts[id].place.as_ref() else { return };
            let further = place.rings.first().is_some_and(|ring| ring.when_empty);
            if !further || !self.is_empty(&place.class) {
                return;
            }
            if let Some(taken) = self.contact(id).place.as_mut() {
                taken.class = taken.rings.remove(0).class;
            }
        }
    }

    /// Lets the longest wait of a contact begin anew, as after a talk; that of a callback whose
    /// caller is not on the line never does.
    pub(super) fn renew_wait(&mut self, id: &ContactId) {
        let contact = self.floor.contacts.get_mut(id).expect("the caller has looked it up");
        let Some(place) = contact.place.as_mut() else { return };
        let rules = self.floor.plan.queues.get(&place.queue);
        let longest = rules.map(|rules| rules.max_wait).unwrap_or_default();
        let window = contact.callback.filter(|callback| !callback.reached);
        place.overflows_at = window.map_or(self.now + longest, |callback| callback.closes_at);
    }

    /// Arms the time at which a waiting contact must be looked at again.
    pub(super) fn arm_wait(&mut self, id: &ContactId) {
        let now = self.now;
        let contact = self.contact(id);
        contact.tried.retain(|_, until| *until > now);
        let overflow = contact.place.as_ref().map_or(now, |place| place.overflows_at);
        let opens = contact.callback.map(|callback| callback.opens_at).filter(|at| *at > now);
        let ring = contact.place.as_ref().and_then(|place| place.rings.first());
        let soonest = contact.tried.values().copied().fold(overflow, Timestamp::min);
        let others = [opens, ring.map(|ring| ring.at)];
        let deadline = others.into_iter().flatten().fold(soonest, Timestamp::min);
        self.arm_contact(id, Some(deadline));
    }

    /// Sends a contact back to its place, or ends it when its longest wait has passed.
    pub(super) fn requeue(&mut self, id: &ContactId, cause: &str, agent: &AgentId) {
        if self.contact(id).place.is_none() {
            self.take_fallback(id);
        }
        let Some(place) = self.contact(id).place.clone() else {
            self.return_to_menu(id, cause, agent);
            return;
        };
        self.set_state(id, ContactState::Queued);
        if is_planted(Mutant::RequeueLosesPlace) {
            self.floor.sequence += 1;
            let (now, sequence) = (self.now.as_millis(), self.floor.sequence);
            if let Some(lost) = self.contact(id).place.as_mut() {
                (lost.rank, lost.sequence) = (now, sequence);
            }
        }
        if self.now >= place.overflows_at && !self.contact(id).orphaned {
            self.overflow(id, "waited");
            return;
        }
        if !self.contact(id).orphaned {
            self.arm_wait(id);
        }
        if self.is_confirmed(id) {
            self.enter_line(id);
        }
        let told =
            [("queue", (&place.queue).into()), ("cause", cause.into()), ("agent", agent.into())];
        self.contact_changed(id, EventKind::ContactRequeued, fields(told));
    }

    /// Gives a contact that never had a place the one it would have had to fall back on; says whether
    /// there is one.
    pub(super) fn take_fallback(&mut self, id: &ContactId) -> bool {
        let fallback = self.contact(id).fallback.clone();
        let Some((queue, class)) = fallback.filter(|(_, class)| self.is_known(class)) else {
            return false;
        };
        self.place(id, Spot { queue, class, rings: Vec::new(), closes_at: None }, 0, 0);
        true
    }

    /// Sends a contact without a place back to the menu, as after a talk a gateway told of.
    fn return_to_menu(&mut self, id: &ContactId, cause: &str, agent: &AgentId) {
        self.set_state(id, ContactState::InMenu);
        if !self.contact(id).orphaned {
            self.arm_contact(id, Some(self.now + MENU_LIMIT));
        }
        let told =
            [("queue", SmolStr::default()), ("cause", cause.into()), ("agent", agent.into())];
        self.contact_changed(id, EventKind::ContactRequeued, fields(told));
    }
}

/// Says whether a contact has no leg at any gateway.
pub(super) fn is_legless(contact: &Contact) -> bool {
    contact.token.is_none()
}
