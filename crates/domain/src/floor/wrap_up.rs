//! An agent ends his after-call work.

use crate::ids::{AgentId, ContactId};

use super::command::{Desk, Reply};
use super::event::EventKind;
use super::rejection::Rejection;
use super::state::{AgentState, EndReason};
use super::step::{Step, fields, with_details};

impl Step<'_> {
    pub(super) fn finish_wrap_up(
        &mut self,
        desk: &Desk,
        contact: &ContactId,
        notes: &str,
    ) -> Result<Reply, Rejection> {
        self.check_desk(desk)?;
        let agent = &desk.agent;
        match self.agent(agent).state.clone() {
            AgentState::WrapUp { contact: current } if current == *contact => {}
            AgentState::Busy { contact: current }
                if current == *contact && self.contact(contact).orphaned =>
            {
                self.end_contact(contact, EndReason::GatewayLost);
                if !matches!(self.agent(agent).state, AgentState::WrapUp { .. }) {
                    return Ok(Reply::Done { version: self.agent(agent).version });
                }
            }
            state @ (AgentState::Offline
            | AgentState::NotReady
            | AgentState::Ready
            | AgentState::Offered { .. }
            | AgentState::Busy { .. }
            | AgentState::WrapUp { .. }) => {
                return Err(Rejection::WrongState { state: state.name().to_owned() });
            }
        }
        self.tell_wrapped_up(agent, contact, notes);
        self.rest(agent);
        self.match_agent(agent);
        Ok(Reply::Done { version: self.agent(agent).version })
    }

    /// Tells what was noted; the move to rest is told apart.
    pub(super) fn tell_wrapped_up(&mut self, agent: &AgentId, contact: &ContactId, notes: &str) {
        let told = with_details(fields([("contact", contact.to_string())]), notes);
        self.agent_changed(agent, EventKind::WrapUpFinished, told);
    }
}
