//! A contact ends, or is out of reach: whoever was bound to it or rung for it is freed.

use smol_str::SmolStr;

use crate::ids::{AgentId, ContactId};

use super::event::EventKind;
use super::state::{ContactState, EndReason, OfferOutcome};
use super::step::{Step, fields};
use super::{Due, GATEWAY_GRACE};

impl Step<'_> {
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
        self.end_consult(id, reason);
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
