//! Moves of a contact that several commands share: place, requeue, overflow, end, orphan.

use smol_str::SmolStr;

use crate::ids::{AgentId, ContactId, QueueId};
use crate::time::Timestamp;

use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::{ClassKey, MissCause, QueueRules};
use super::state::{Contact, ContactState, EndReason, OfferOutcome, Place, Ring};
use super::step::{Step, fields};
use super::{Due, GATEWAY_GRACE, MAX_HOPS, MENU_LIMIT};

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
        let contact = self.floor.contacts.get_mut(id).expect("the caller has looked it up");
        contact.place = Some(match contact.place.take() {
            Some(place) => Place { queue, class, rings, ..place },
            None => {
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

    /// Sends a contact that never had a place back to the menu, as after a talk a gateway told of.
    fn return_to_menu(&mut self, id: &ContactId, cause: &str, agent: &AgentId) {
        self.set_state(id, ContactState::InMenu);
        if !self.contact(id).orphaned {
            self.arm_contact(id, Some(self.now + MENU_LIMIT));
        }
        let told =
            [("queue", SmolStr::default()), ("cause", cause.into()), ("agent", agent.into())];
        self.contact_changed(id, EventKind::ContactRequeued, fields(told));
    }

    /// Sends a contact that cannot wait on: to the queue or the flow the rules name, or to its end.
    ///
    /// A contact moves on at most three times for this, so that two full queues do not pass it to
    /// and fro.
    pub(super) fn overflow(&mut self, id: &ContactId, cause: &str) {
        if self.contact(id).callback.is_some_and(|callback| !callback.reached) {
            self.end_contact(id, EndReason::WindowClosed);
            return;
        }
        let action = self.overflow_action(id, cause);
        let may_move = self.contact(id).hops < MAX_HOPS;
        let spot = action.strip_prefix("queue:").and_then(|rest| self.overflow_spot(id, rest));
        let flow = action.strip_prefix("flow:").filter(|_| self.can_be_asked(id));
        match (spot, flow) {
            (Some(spot), _) if may_move => {
                self.contact(id).hops += 1;
                if !is_planted(Mutant::TwoLines) {
                    self.leave_line(id);
                }
                self.place(id, spot, 0, 0);
                self.join_queue(id, "overflowed");
            }
            (None, Some(flow)) if may_move => self.ask_by(id, flow, cause),
            _ => {
                self.end_by(
                    id,
                    EndReason::Overflow,
                    &[("action", action.into()), ("cause", cause.into())],
                );
            }
        }
    }

    /// Says whether somebody is on the line whom a flow can ask.
    fn can_be_asked(&self, id: &ContactId) -> bool {
        let contact = &self.floor.contacts[id];
        contact.parent.is_none() && !is_legless(contact)
    }

    /// Has a caller who cannot wait on asked by a flow; wherever that leads, the age is kept.
    fn ask_by(&mut self, id: &ContactId, flow: &str, cause: &str) {
        self.leave_line(id);
        self.set_state(id, ContactState::InMenu);
        self.arm_contact(id, Some(self.now + MENU_LIMIT));
        let contact = self.contact(id);
        contact.hops += 1;
        contact.menu = format!("flow:{flow}");
        let told = [
            ("queue", SmolStr::default()),
            ("cause", cause.into()),
            ("agent", SmolStr::default()),
            ("flow", flow.into()),
        ];
        self.contact_changed(id, EventKind::ContactRequeued, fields(told));
    }

    fn overflow_action(&self, id: &ContactId, cause: &str) -> String {
        let Some(rules) = self.rules_of(id) else { return String::new() };
        if cause == "closed" { rules.when_closed.clone() } else { rules.overflow.clone() }
    }

    /// Reads `queue:booking:english:1` as the class of the contact's channel in that queue.
    fn overflow_spot(&self, id: &ContactId, rest: &str) -> Option<Spot> {
        let (queue, skills) = rest.split_once(':')?;
        let channel = self.floor.contacts.get(id)?.channel;
        let class = ClassKey::new(format!("{channel}:{queue}/{skills}"));
        let queue = QueueId::parse(queue).ok()?;
        self.floor.plan.classes.contains_key(&class).then_some(())?;
        self.floor.plan.queues.contains_key(&queue).then_some(())?;
        Some(Spot { queue, class, rings: Vec::new(), closes_at: None })
    }

    /// Ends a contact and frees its agent.
    pub(super) fn end_contact(&mut self, id: &ContactId, reason: EndReason) {
        self.end_by(id, reason, &[]);
    }

    /// Ends a contact, frees its agent, and tells more of it.
    pub(super) fn end_by(
        &mut self,
        id: &ContactId,
        reason: EndReason,
        why: &[(&'static str, SmolStr)],
    ) {
        let state = self.contact(id).state.clone();
        let rung = self.close_offers(id, Self::revocation(reason));
        let agent = state.agent().cloned();
        self.finish_contact(id, reason, agent.as_ref(), why);
        for other in &rung {
            self.rest_as_before(other, true);
        }
        if let Some(agent) = &agent {
            if matches!(state, ContactState::Connected { .. }) {
                self.release(agent, id);
            } else {
                self.unburden(agent, id);
            }
        }
        for freed in rung.iter().chain(&agent) {
            self.match_agent(freed);
        }
    }

    fn revocation(reason: EndReason) -> OfferOutcome {
        match reason {
            EndReason::GatewayLost | EndReason::GoneDuringOutage => OfferOutcome::GatewayGone,
            EndReason::Cancelled => OfferOutcome::Withdrawn,
            EndReason::Completed
            | EndReason::Abandoned
            | EndReason::LeftMenu
            | EndReason::Overflow
            | EndReason::CallbackBooked
            | EndReason::Superseded
            | EndReason::Unreached
            | EndReason::WindowClosed
            | EndReason::Merged => OfferOutcome::CallerGone,
        }
    }

    fn finish_contact(
        &mut self,
        id: &ContactId,
        reason: EndReason,
        agent: Option<&AgentId>,
        why: &[(&'static str, SmolStr)],
    ) {
        debug_assert!(!self.floor.contacts[id].state.is_ended(), "a contact ends once");
        self.leave_line(id);
        self.unmark_leg(id);
        self.unmark_live(&Due::Contact(id.clone()));
        self.arm_contact(id, None);
        self.drop_consult(id);
        self.forget_callback(id);
        self.set_state(id, ContactState::Ended { reason });
        let contact = self.contact(id);
        contact.orphaned = false;
        let queue = contact.place.as_ref().map(|place| SmolStr::from(&place.queue));
        let mut told = fields([
            ("reason", reason.into()),
            ("queue", queue.unwrap_or_default()),
            ("agent", agent.map(SmolStr::from).unwrap_or_default()),
        ]);
        told.extend(why.iter().cloned());
        self.contact_changed(id, EventKind::ContactEnded, told);
        self.leave_parent(id, reason);
    }

    /// Takes a contact out of reach because its gateway's lease ended.
    pub(super) fn orphan(&mut self, id: &ContactId) {
        self.leave_line(id);
        self.mark_leg(id, 0);
        self.contact(id).orphaned = true;
        self.arm_contact(id, Some(self.now + GATEWAY_GRACE));
        let rung = self.close_offers(id, OfferOutcome::GatewayGone);
        if matches!(self.contact(id).state, ContactState::Offered { .. }) {
            self.set_state(id, ContactState::Queued);
        }
        self.contact_changed(id, EventKind::ContactOrphaned, fields([]));
        for agent in &rung {
            self.rest_as_before(agent, true);
            self.match_agent(agent);
        }
    }
}

/// Says whether a contact has no leg at any gateway.
pub(super) fn is_legless(contact: &Contact) -> bool {
    contact.token.is_none()
}
