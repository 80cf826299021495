//! What a gateway reports of a call that was routed: bridged, failed, an agent gone, hung up.

use crate::ids::{AgentId, ContactId, OfferId};

use super::command::{Reply, Report};
use super::event::EventKind;
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
        self.contact(id).state = ContactState::Connected { agent: agent.clone() };
        self.arm_contact(id, None);
        let told = fields([("agent", agent.to_string())]);
        self.contact_changed(id, EventKind::ContactConnected, told);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    pub(super) fn report_bridge_failed(
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
        self.cool_down(id, &agent);
        self.requeue(id, "unreachable", &agent);
        self.want_not_ready(&agent, "unreachable");
        self.rest(&agent);
        self.match_contact(id);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    fn connecting_agent(&mut self, id: &ContactId, offer: &OfferId) -> Result<AgentId, Rejection> {
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
        if self.contact(id).place.is_none() {
            self.end_contact(id, EndReason::Completed);
            return Ok(Reply::Done { version: self.contact(id).version });
        }
        self.renew_wait(id);
        self.requeue(id, "agent_leg_gone", &agent);
        self.release(&agent, id);
        self.match_contact(id);
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
        self.end_contact(id, reason);
        Ok(Reply::Done { version: self.contact(id).version })
    }
}
