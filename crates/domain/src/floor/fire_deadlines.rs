//! What happens when time passes: leases end, rings time out, waits get too long.

use crate::ids::{AgentId, ContactId};
use crate::time::Timestamp;

use super::command::Reply;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::MissCause;
use super::state::{ContactState, EndReason, OfferOutcome, Phase, Ringing};
use super::step::{Step, fields};
use super::{BATCH, CONNECT_LIMIT, Due, GATEWAY_GRACE};

impl Step<'_> {
    pub(super) fn fire_deadlines(&mut self) -> Reply {
        let due: Vec<(Timestamp, Due)> = self
            .floor
            .deadlines
            .iter()
            .take_while(|(at, _)| *at <= self.now)
            .take(BATCH)
            .cloned()
            .collect();
        let mut more = due.len() == BATCH;
        for (at, entity) in due {
            // An earlier one of the batch may have moved or disarmed this one.
            if !self.floor.deadlines.contains(&(at, entity.clone())) {
                continue;
            }
            match &entity {
                Due::Agent(id) => self.fire_agent(id),
                Due::Contact(id) => self.fire_contact(id),
                Due::Gateway(id) => self.lose_gateway(id),
                Due::Class(class) => self.fire_class(class),
                Due::Place(key) => self.forget_place(key),
            }
            // A gateway or a class of which only part was done is due again at once.
            let in_parts = matches!(entity, Due::Gateway(_) | Due::Class(_));
            more |= in_parts && self.floor.armed.get(&entity) == Some(&self.now);
        }
        self.fire_barrier();
        if !self.floor.settled {
            self.settle();
        }
        if more || !self.floor.settled {
            return Reply::More;
        }
        Reply::Done { version: self.floor.version }
    }

    fn fire_contact(&mut self, id: &ContactId) {
        if self.contact(id).orphaned {
            self.fire_grace(id);
            return;
        }
        match self.contact(id).state.clone() {
            ContactState::InMenu => self.leave_menu(id),
            ContactState::Queued => self.fire_wait(id),
            ContactState::Offered { offers } => {
                for (offer, agent) in offers {
                    self.take_back(&offer, id, &agent, OfferOutcome::Expired);
                }
            }
            ContactState::Connecting { agent, .. } if is_planted(Mutant::BlindRequeue) => {
                self.requeue(id, "unconfirmed", &agent);
                self.unburden(&agent, id);
                self.match_contact(id);
            }
            ContactState::Connecting { offer, agent } => {
                self.arm_contact(id, Some(self.now + CONNECT_LIMIT));
                let told = [("offer", (&offer).into()), ("agent", (&agent).into())];
                self.contact_changed(id, EventKind::ContactQueried, fields(told));
            }
            ContactState::Connected { .. } | ContactState::Ended { .. } => {
                self.arm_contact(id, None);
            }
        }
    }

    fn fire_grace(&mut self, id: &ContactId) {
        let agent = self.contact(id).state.agent().cloned();
        let claimed = agent.is_some_and(|agent| self.agent(&agent).session.is_some());
        if claimed && !is_planted(Mutant::NoGrace) {
            // The agent's own desktop says he still talks: he is not freed without its word.
            self.arm_contact(id, Some(self.now + GATEWAY_GRACE));
        } else {
            self.lose_leg(id, EndReason::GatewayLost);
        }
    }

    fn leave_menu(&mut self, id: &ContactId) {
        if self.take_fallback(id) {
            self.join_queue(id, "menu_timeout");
        } else {
            self.end_contact(id, EndReason::LeftMenu);
        }
    }

    fn fire_wait(&mut self, id: &ContactId) {
        let overflows_at = self.contact(id).place.as_ref().map(|place| place.overflows_at);
        if overflows_at.is_none_or(|at| at <= self.now) {
            self.overflow(id, "waited");
            return;
        }
        let widens = !is_planted(Mutant::RingsNeverWiden);
        while widens && self.next_ring(id).is_some_and(|at| at <= self.now) {
            self.widen(id, "aged");
        }
        if self.contact(id).callback.is_some() {
            self.enter_line(id);
        }
        self.arm_wait(id);
        if !is_planted(Mutant::ForgottenCoolDown) {
            self.match_contact(id);
        }
    }

    fn next_ring(&mut self, id: &ContactId) -> Option<Timestamp> {
        self.contact(id).place.as_ref()?.rings.first().map(|ring| ring.at)
    }

    fn fire_agent(&mut self, id: &AgentId) {
        let now = self.now;
        if self.agent(id).lease_until.is_some_and(|until| until <= now) {
            self.lose_desktop(id);
        } else {
            self.fire_wrap_up(id);
        }
    }

    fn lose_desktop(&mut self, id: &AgentId) {
        let ringing = self.agent(id).offer.clone();
        let ringing = ringing.filter(|_| !is_planted(Mutant::LostDesktopRings));
        if let Some(Ringing { offer, contact }) = &ringing {
            self.close_offer(offer, OfferOutcome::AgentGone);
            self.cool_down(contact, id, MissCause::NoAnswer);
            self.drop_offer(contact, offer, id, OfferOutcome::AgentGone.as_str());
        }
        self.drop_open_ends(id);
        if self.agent(id).work.is_empty() {
            self.sign_out(id, "lost");
        } else {
            self.detach(id);
        }
        if let Some(Ringing { contact, .. }) = &ringing {
            self.match_contact(contact);
        }
    }

    /// Drops after-call work that only the agent could have ended.
    fn drop_open_ends(&mut self, id: &AgentId) {
        let open = |phase: &Phase| matches!(phase, Phase::WrapUp { until: None, .. });
        self.agent(id).work.retain(|_, work| !open(&work.phase));
    }
}
