//! What happens when time passes: leases end, rings time out, waits get too long.

use crate::ids::{AgentId, ContactId};
use crate::time::Timestamp;

use super::command::Reply;
use super::event::EventKind;
use super::state::{AgentState, ContactState, EndReason, OfferOutcome};
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
        let more = due.len() == BATCH;
        for (at, entity) in due {
            // An earlier one of the batch may have moved or disarmed this one.
            if !self.floor.deadlines.contains(&(at, entity.clone())) {
                continue;
            }
            match &entity {
                Due::Agent(id) => self.fire_agent(id),
                Due::Contact(id) => self.fire_contact(id),
                Due::Gateway(id) => self.lose_gateway(id),
            }
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
            ContactState::Offered { offer, agent } => {
                self.take_back(&offer, id, &agent, OfferOutcome::Expired);
            }
            ContactState::Connecting { offer, agent } => {
                self.arm_contact(id, Some(self.now + CONNECT_LIMIT));
                let told = [("offer", offer.to_string()), ("agent", agent.to_string())];
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
        if claimed {
            // The agent's own desktop says he still talks: he is not freed without its word.
            self.arm_contact(id, Some(self.now + GATEWAY_GRACE));
        } else {
            self.end_contact(id, EndReason::GatewayLost);
        }
    }

    fn leave_menu(&mut self, id: &ContactId) {
        let fallback = self.contact(id).fallback.clone();
        match fallback.filter(|class| self.floor.plan.classes.contains_key(class)) {
            Some(class) => {
                self.place(id, &class, 0, 0);
                self.join_queue(id, "menu_timeout");
            }
            None => self.end_contact(id, EndReason::LeftMenu),
        }
    }

    fn fire_wait(&mut self, id: &ContactId) {
        let overflows_at = self.contact(id).place.as_ref().map(|place| place.overflows_at);
        if overflows_at.is_none_or(|at| at <= self.now) {
            self.overflow(id);
            return;
        }
        let deadline = self.wait_deadline(id);
        self.arm_contact(id, Some(deadline));
        self.match_contact(id);
    }

    fn fire_agent(&mut self, id: &AgentId) {
        let now = self.now;
        if self.agent(id).lease_until.is_some_and(|until| until <= now) {
            self.lose_desktop(id);
            return;
        }
        if let AgentState::WrapUp { contact } = self.agent(id).state.clone() {
            self.tell_wrapped_up(id, &contact, "");
            self.rest(id);
            self.match_agent(id);
        }
    }

    fn lose_desktop(&mut self, id: &AgentId) {
        match self.agent(id).state.clone() {
            AgentState::Offline => self.rearm_agent(id, |agent| agent.lease_until = None),
            AgentState::NotReady => self.sign_out(id, "lost"),
            AgentState::Ready => {
                self.leave_ready(id);
                self.sign_out(id, "lost");
            }
            AgentState::Offered { offer, contact } => {
                self.close_offer(&offer, OfferOutcome::AgentGone);
                self.cool_down(&contact, id);
                self.requeue(&contact, OfferOutcome::AgentGone.as_str(), id);
                self.sign_out(id, "lost");
                self.match_contact(&contact);
            }
            AgentState::Busy { .. } | AgentState::WrapUp { .. } => self.detach(id),
        }
    }
}
