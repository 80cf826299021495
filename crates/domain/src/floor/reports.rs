//! What a gateway reports of a call that was routed: bridged, failed, an agent gone, hung up.

use crate::ids::{AgentId, ContactId, OfferId};

use super::command::{Reply, Report};
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::MissCause;
use super::rejection::Rejection;
use super::state::{ContactState, EndReason};
use super::step::{Step, fields};

impl Step<'_> {
    pub(super) fn report_bridged(
        &mut self,
        report: &Report,
        offer: &OfferId,
    ) -> Result<Reply, Rejection> {
        if !self.admit(report)? {
            return Ok(Reply::Duplicate);
        }
        let id = &report.contact;
        let agent = self.connecting_agent(id, offer)?;
        self.admitted(report);
        self.set_state(id, ContactState::Connected { agent: agent.clone() });
        self.arm_contact(id, None);
        self.agent(&agent).misses.clear();
        let told = fields([("agent", (&agent).into())]);
        self.contact_changed(id, EventKind::ContactConnected, told);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    pub(super) fn report_bridge_failed(
        &mut self,
        report: &Report,
        offer: &OfferId,
        cause: MissCause,
    ) -> Result<Reply, Rejection> {
        if !self.admit(report)? {
            return Ok(Reply::Duplicate);
        }
        let id = &report.contact;
        let agent = self.connecting_agent(id, offer)?;
        self.admitted(report);
        let rule = self.rules_of(id).map(|rules| rules.miss(cause)).unwrap_or_default();
        self.cool_down(id, &agent, cause);
        self.requeue(id, cause.as_str(), &agent);
        // First among those who are free already: whom this frees serves whoever is ahead.
        self.match_contact(id);
        self.count_miss(&agent, cause, rule.threshold);
        self.unburden(&agent, id);
        self.match_agent(&agent);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    pub(super) fn connecting_agent(
        &mut self,
        id: &ContactId,
        offer: &OfferId,
    ) -> Result<AgentId, Rejection> {
        let state = &self.contact(id).state;
        if let ContactState::Connecting { offer: current, agent } = state
            && current == offer
        {
            return Ok(agent.clone());
        }
        Err(Rejection::WrongState { state: state.name().to_owned() })
    }

    pub(super) fn report_agent_gone(&mut self, report: &Report) -> Result<Reply, Rejection> {
        if !self.admit(report)? {
            return Ok(Reply::Duplicate);
        }
        let id = &report.contact;
        let ContactState::Connected { agent } = self.contact(id).state.clone() else {
            let state = self.contact(id).state.name().to_owned();
            return Err(Rejection::WrongState { state });
        };
        self.admitted(report);
        if is_planted(Mutant::DroppedLegLosesCall) {
            self.end_contact(id, EndReason::GatewayLost);
            return Ok(Reply::Done { version: self.contact(id).version });
        }
        if self.contact(id).place.is_none() || self.contact(id).parent.is_some() {
            self.end_contact(id, EndReason::Completed);
            return Ok(Reply::Done { version: self.contact(id).version });
        }
        self.drop_consult(id);
        self.renew_wait(id);
        self.requeue(id, "agent_leg_gone", &agent);
        self.match_contact(id);
        if !is_planted(Mutant::DroppedLegKeepsAgent) {
            self.release(&agent, id);
        }
        self.match_agent(&agent);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    pub(super) fn hang_up(&mut self, report: &Report, served: bool) -> Result<Reply, Rejection> {
        if !self.admit(report)? {
            return Ok(Reply::Duplicate);
        }
        let id = &report.contact;
        let reason = match self.contact(id).state {
            ContactState::Ended { .. } => return Ok(Reply::Duplicate),
            ContactState::InMenu if !served => EndReason::LeftMenu,
            ContactState::InMenu | ContactState::Connected { .. } => EndReason::Completed,
            ContactState::Queued
            | ContactState::Offered { .. }
            | ContactState::Connecting { .. } => EndReason::Abandoned,
        };
        self.admitted(report);
        if is_planted(Mutant::RefusedTooLate) {
            self.floor.sequence += 1;
            return Err(Rejection::UnknownOffer);
        }
        if self.is_called_back(id) {
            self.miss_caller(id, "hung_up", EndReason::Unreached);
            return Ok(Reply::Done { version: self.contact(id).version });
        }
        self.keep_place(id);
        self.end_contact(id, reason);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Says whether a contact is a callback whose caller has not been reached yet.
    pub(super) fn is_called_back(&self, id: &ContactId) -> bool {
        let contact = &self.floor.contacts[id];
        contact.is_owed() && matches!(contact.state, ContactState::Connecting { .. })
    }
}
