//! One leg of a gateway's inventory: what the gateway holds is true, whatever memory says.

use crate::ids::{AgentId, ContactId, GatewayId};

use super::command::{Leg, Reply, Report};
use super::event::EventKind;
use super::plan::{ClassDefinition, ProfileKey};
use super::rejection::Rejection;
use super::state::{AgentState, ContactState, EndReason, OfferOutcome, Token};
use super::step::{Step, fields, with_details};
use super::{Due, MENU_LIMIT};

impl Step<'_> {
    pub(super) fn reconcile_leg(
        &mut self,
        gateway: &GatewayId,
        token: Token,
        leg: &Leg,
    ) -> Result<Reply, Rejection> {
        self.check_gateway(gateway, token)?;
        if self.gateway(gateway).fresh {
            return Err(Rejection::WrongState { state: "fresh".to_owned() });
        }
        let id = &leg.contact;
        if let Some(contact) = self.floor.contacts.get(id) {
            if contact.gateway != *gateway {
                return Err(Rejection::OtherGateway);
            }
            if !Self::may_reopen(&contact.state) || contact.token == token {
                return Ok(Reply::Duplicate);
            }
        }
        let kind = self.recall(gateway, token, leg);
        let before = self.contact(id).state.agent().cloned();
        let displaced = if let Some(agent) = &leg.bridged_to {
            self.believe_bridged(id, agent)
        } else {
            self.believe_unbridged(id, leg.fallback.as_ref());
            None
        };
        self.cover(id);
        let bound = self.contact(id).state.agent().map(ToString::to_string).unwrap_or_default();
        let details = self.contact(id).details.clone();
        let told = fields([("gateway", gateway.to_string()), ("agent", bound)]);
        self.contact_changed(id, kind, with_details(told, &details));
        if let Some(freed) = before {
            self.match_agent(&freed);
        }
        if let Some(contact) = displaced {
            self.match_contact(&contact);
        }
        Ok(Reply::Done { version: self.contact(id).version })
    }

    fn may_reopen(state: &ContactState) -> bool {
        match state {
            ContactState::Ended { reason } => {
                matches!(reason, EndReason::GatewayLost | EndReason::GoneDuringOutage)
            }
            ContactState::InMenu
            | ContactState::Queued
            | ContactState::Offered { .. }
            | ContactState::Connecting { .. }
            | ContactState::Connected { .. } => true,
        }
    }

    /// Brings a contact back under its gateway's session; says what to tell of it.
    fn recall(&mut self, gateway: &GatewayId, token: Token, leg: &Leg) -> EventKind {
        let id = &leg.contact;
        let Some(contact) = self.floor.contacts.get_mut(id) else {
            let report =
                Report { contact: id.clone(), gateway: gateway.clone(), token, call_sequence: 0 };
            self.create_contact(&report, None, &leg.details);
            let now = self.now;
            self.contact(id).started_at = now - leg.age;
            return EventKind::ContactStarted;
        };
        contact.token = token;
        contact.orphaned = false;
        let ended = contact.state.is_ended();
        if ended {
            contact.state =
                if contact.place.is_some() { ContactState::Queued } else { ContactState::InMenu };
        }
        if ended {
            self.renew_wait(id);
        }
        self.mark_leg(id, token.number);
        self.mark_live(Due::Contact(id.clone()));
        if ended { EventKind::ContactReopened } else { EventKind::ContactConfirmed }
    }

    /// Binds the contact to the agent the gateway names; gives the contact he was bound to before.
    fn believe_bridged(&mut self, id: &ContactId, agent: &AgentId) -> Option<ContactId> {
        let state = self.contact(id).state.clone();
        if state == (ContactState::Connected { agent: agent.clone() }) {
            return None;
        }
        self.leave_line(id);
        self.let_go(id, &state, Some(agent));
        let displaced = self.claim(agent, id);
        self.contact(id).state = ContactState::Connected { agent: agent.clone() };
        displaced
    }

    fn believe_unbridged(&mut self, id: &ContactId, fallback: Option<&ClassDefinition>) {
        let state = self.contact(id).state.clone();
        if !matches!(state, ContactState::Connecting { .. } | ContactState::Connected { .. }) {
            return;
        }
        self.contact(id).state = ContactState::InMenu;
        if self.contact(id).place.is_none()
            && let Some(class) = fallback
            && self.floor.plan.queues.contains_key(&class.queue)
        {
            self.floor.plan.define_class(class);
            self.place(id, &class.key, 0, 0);
        }
        if self.contact(id).place.is_some() {
            self.renew_wait(id);
            self.contact(id).state = ContactState::Queued;
        }
        self.let_go(id, &state, None);
    }

    /// Frees whoever the contact was bound to, unless it is the agent the gateway names.
    fn let_go(&mut self, id: &ContactId, state: &ContactState, keep: Option<&AgentId>) {
        let Some(agent) = state.agent() else { return };
        if let ContactState::Offered { offer, .. } = state {
            self.close_offer(offer, OfferOutcome::GatewayGone);
            if keep == Some(agent) {
                return;
            }
            self.rest_as_before(agent, true);
            return;
        }
        if keep == Some(agent) {
            return;
        }
        if matches!(state, ContactState::Connected { .. }) {
            self.release(agent, id);
        } else {
            self.rest(agent);
        }
    }

    /// Binds the agent a gateway names to the contact, whatever he was thought to be doing.
    fn claim(&mut self, agent: &AgentId, id: &ContactId) -> Option<ContactId> {
        if !self.floor.agents.contains_key(agent) {
            self.create_agent(agent, &ProfileKey::new("unknown"));
        }
        let before = self.agent(agent).state.clone();
        let displaced = before.contact().filter(|contact| *contact != id).cloned();
        match &before {
            AgentState::Offered { offer, contact } if contact != id => {
                self.close_offer(offer, OfferOutcome::GatewayGone);
                self.requeue(contact, "agent_busy", agent);
            }
            AgentState::Busy { contact } if contact != id => {
                self.unbind(contact, agent);
            }
            AgentState::Ready => self.leave_ready(agent),
            AgentState::Offline => self.agent(agent).detached = true,
            AgentState::NotReady
            | AgentState::Offered { .. }
            | AgentState::Busy { .. }
            | AgentState::WrapUp { .. } => {}
        }
        self.rearm_agent(agent, |agent| agent.wrap_up_until = None);
        self.agent(agent).state = AgentState::Busy { contact: id.clone() };
        self.mark_live(Due::Agent(agent.clone()));
        let told = fields([("contact", id.to_string())]);
        self.agent_changed(agent, EventKind::AgentBusy, told);
        displaced
    }

    /// Takes the agent from a contact another gateway's evidence has proven wrong about.
    fn unbind(&mut self, contact: &ContactId, agent: &AgentId) {
        if self.contact(contact).place.is_some() {
            self.renew_wait(contact);
            self.requeue(contact, "agent_busy", agent);
            return;
        }
        self.contact(contact).state = ContactState::InMenu;
        if !self.contact(contact).orphaned {
            self.arm_contact(contact, Some(self.now + MENU_LIMIT));
        }
        let told = [("queue", String::new()), ("cause", "agent_busy".to_owned())];
        let mut told = fields(told);
        told.insert("agent".to_owned(), agent.to_string());
        self.contact_changed(contact, EventKind::ContactRequeued, told);
    }

    /// Arms the deadline of the state a reconciled contact is in, and puts it in line if it waits.
    fn cover(&mut self, id: &ContactId) {
        match self.contact(id).state.clone() {
            ContactState::InMenu => {
                let deadline = self.now + MENU_LIMIT;
                self.arm_contact(id, Some(deadline));
            }
            ContactState::Queued => {
                let deadline = self.wait_deadline(id);
                self.arm_contact(id, Some(deadline));
                self.enter_line(id);
            }
            ContactState::Connected { .. } => self.arm_contact(id, None),
            ContactState::Offered { .. }
            | ContactState::Connecting { .. }
            | ContactState::Ended { .. } => {}
        }
    }
}
