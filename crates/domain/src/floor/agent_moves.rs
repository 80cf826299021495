//! Moves of an agent that several commands share: rest, release, detach.

use crate::ids::{AgentId, ContactId};

use super::Due;
use super::event::EventKind;
use super::state::{AgentState, Want};
use super::step::{Step, fields};

impl Step<'_> {
    /// Brings an agent to rest: what he wants to be, or offline when his desktop is gone.
    ///
    /// He joins the end of the idle agents.
    pub(super) fn rest(&mut self, id: &AgentId) {
        self.rest_as_before(id, false);
    }

    /// Brings an agent to rest, keeping his place among the idle when `keep_idle` is set.
    pub(super) fn rest_as_before(&mut self, id: &AgentId, keep_idle: bool) {
        let now = self.now;
        if self.agent(id).detached {
            self.sign_out(id, "lost");
            return;
        }
        match self.agent(id).want {
            Want::SignedOut => self.sign_out(id, "wanted"),
            Want::NotReady => {
                self.rearm_agent(id, |agent| agent.wrap_up_until = None);
                let agent = self.agent(id);
                agent.state = AgentState::NotReady;
                let reason = agent.reason.clone();
                self.agent_changed(id, EventKind::AgentNotReady, fields([("reason", reason)]));
            }
            Want::Ready => {
                self.rearm_agent(id, |agent| agent.wrap_up_until = None);
                let agent = self.agent(id);
                agent.state = AgentState::Ready;
                agent.reason = String::new();
                if !keep_idle {
                    agent.idle_since = now;
                }
                self.enter_ready(id);
                self.agent_changed(id, EventKind::AgentReady, fields([]));
            }
        }
    }

    /// Takes an agent off the floor.
    pub(super) fn sign_out(&mut self, id: &AgentId, cause: &str) {
        self.rearm_agent(id, |agent| {
            agent.lease_until = None;
            agent.wrap_up_until = None;
        });
        let agent = self.agent(id);
        agent.state = AgentState::Offline;
        agent.session = None;
        agent.detached = false;
        agent.want = Want::SignedOut;
        agent.reason = String::new();
        self.unmark_live(&Due::Agent(id.clone()));
        let told = fields([("cause", cause.to_owned())]);
        self.agent_changed(id, EventKind::AgentSignedOut, told);
    }

    /// Frees an agent from a contact he talked to: to after-call work, or to rest if there is none.
    pub(super) fn release(&mut self, id: &AgentId, contact: &ContactId) {
        let span = self.rules_of(contact).map(|rules| rules.wrap_up).unwrap_or_default();
        if span.is_zero() {
            self.rest(id);
            return;
        }
        let until = self.now + span;
        self.agent(id).state = AgentState::WrapUp { contact: contact.clone() };
        self.rearm_agent(id, |agent| agent.wrap_up_until = Some(until));
        let told = [("contact", contact.to_string()), ("until", until.to_string())];
        self.agent_changed(id, EventKind::AgentWrapUp, fields(told));
    }

    /// Notes that the desktop of a bound agent is gone.
    pub(super) fn detach(&mut self, id: &AgentId) {
        self.rearm_agent(id, |agent| agent.lease_until = None);
        let agent = self.agent(id);
        agent.session = None;
        agent.detached = true;
        self.agent_changed(id, EventKind::AgentDetached, fields([]));
    }

    /// Makes an agent want to be not ready, unless he wants to leave.
    pub(super) fn want_not_ready(&mut self, id: &AgentId, reason: &str) {
        let agent = self.agent(id);
        if agent.want == Want::Ready {
            agent.want = Want::NotReady;
            reason.clone_into(&mut agent.reason);
        }
    }
}
