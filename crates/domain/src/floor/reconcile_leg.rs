//! One leg of a gateway's inventory: what the gateway holds is true, whatever memory says.

use smol_str::SmolStr;

use crate::channel::Channel;
use crate::ids::{AgentId, ContactId, GatewayId};

use super::command::{Leg, Reply, Report};
use super::contact_moves::is_legless;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::{ProfileKey, Route};
use super::rejection::Rejection;
use super::start_contact::Arrival;
use super::state::{
    AgentState, Assignment, Contact, ContactState, EndReason, OfferOutcome, Phase, Ringing, Token,
};
use super::step::{Step, fields, with_details};
use super::{Due, MENU_LIMIT};

/// Says whether any gateway may turn out to have called somebody back: memory that was set back knows
/// the one the request came through.
fn may_be_dialled(contact: &Contact) -> bool {
    contact.callback.is_some() && is_legless(contact)
}

impl Step<'_> {
    pub(super) fn reconcile_leg(
        &mut self,
        gateway: &GatewayId,
        token: Token,
        leg: &Leg,
    ) -> Result<Reply, Rejection> {
        if !is_planted(Mutant::StaleInventory) {
            self.check_gateway(gateway, token)?;
        }
        if self.gateway(gateway).fresh && !is_planted(Mutant::StaleInventory) {
            return Err(Rejection::WrongState { state: "fresh".to_owned() });
        }
        let id = &leg.contact;
        if let Some(contact) = self.floor.contacts.get(id) {
            if contact.gateway != *gateway && !may_be_dialled(contact) {
                return Err(Rejection::OtherGateway);
            }
            if !Self::may_reopen(&contact.state) || contact.token == Some(token) {
                return Ok(Reply::Duplicate);
            }
        }
        let fallback = self.planned_fallback(leg);
        let kind = self.recall((gateway, token), leg, fallback);
        if leg.bridged_to.is_some() && !is_planted(Mutant::NoOutdating) {
            let contact = self.contact(id);
            contact.call_sequence = contact.call_sequence.max(leg.call_sequence);
        }
        let before = self.bound_agents(id);
        let parted =
            leg.bridged_to.as_ref().filter(|agent| leg.over && self.is_elsewhere(agent, id));
        let displaced = if let (Some(agent), None) = (&leg.bridged_to, parted) {
            self.believe_bridged(id, agent)
        } else {
            self.believe_unbridged(id, fallback);
            Vec::new()
        };
        self.cover(id);
        let found = self.contact(id);
        let bound = found.state.agent().map(SmolStr::from).unwrap_or_default();
        let details = found.details.clone();
        let told = fields([("gateway", gateway.into()), ("agent", bound)]);
        self.contact_changed(id, kind, with_details(told, details));
        if let Some(agent) = parted {
            self.end_by(id, EndReason::Completed, &[("agent", agent.into())]);
        } else if kind == EventKind::ContactReopened {
            self.rejoin_consult(id);
        }
        for freed in &before {
            self.match_agent(freed);
        }
        // What he was bound to before may have kept other channels from him.
        if let Some(agent) = &leg.bridged_to {
            self.match_agent(agent);
        }
        for contact in &displaced {
            self.match_contact(contact);
        }
        Ok(Reply::Done { version: self.contact(id).version })
    }

    fn bound_agents(&mut self, id: &ContactId) -> Vec<AgentId> {
        let state = &self.contact(id).state;
        let rung = state.offers().iter().map(|(_, agent)| agent);
        rung.chain(state.agent()).cloned().collect()
    }

    pub(super) fn may_reopen(state: &ContactState) -> bool {
        match state {
            ContactState::Ended { .. } if is_planted(Mutant::NoReopening) => false,
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

    /// Gives where a leg is to wait if nothing better is known, unless the plan has it no more.
    fn planned_fallback<'leg>(&self, leg: &'leg Leg) -> Option<&'leg Route> {
        leg.fallback.as_ref().filter(|route| self.floor.plan.queues.contains_key(&route.queue))
    }

    /// Brings a contact back under its gateway's session; says what to tell of it.
    fn recall(
        &mut self,
        (gateway, token): (&GatewayId, Token),
        leg: &Leg,
        fallback: Option<&Route>,
    ) -> EventKind {
        let id = &leg.contact;
        let Some(contact) = self.floor.contacts.get_mut(id) else {
            let report =
                Report { contact: id.clone(), gateway: gateway.clone(), token, call_sequence: 0 };
            let arrival =
                Arrival { channel: leg.channel, caller: &leg.caller, details: &leg.details };
            self.create_contact(&report, fallback, arrival);
            let now = self.now;
            self.contact(id).started_at = now - leg.age;
            return EventKind::ContactStarted;
        };
        contact.gateway = gateway.clone();
        contact.token = Some(token);
        contact.orphaned = false;
        let ended = contact.state.is_ended();
        if ended {
            let placed = contact.place.is_some();
            let state = if placed { ContactState::Queued } else { ContactState::InMenu };
            contact.state = state;
        }
        if ended {
            self.renew_wait(id);
            self.index_callback(id);
        }
        self.mark_leg(id, token.number);
        self.mark_live(Due::Contact(id.clone()));
        if ended { EventKind::ContactReopened } else { EventKind::ContactConfirmed }
    }

    /// Binds the contact to the agent the gateway names; gives the contacts he was bound to before.
    fn believe_bridged(&mut self, id: &ContactId, agent: &AgentId) -> Vec<ContactId> {
        let state = self.contact(id).state.clone();
        if state == (ContactState::Connected { agent: agent.clone() }) {
            return Vec::new();
        }
        self.leave_line(id);
        self.let_go(id, &state, Some(agent));
        let displaced = self.claim(agent, id);
        self.set_state(id, ContactState::Connected { agent: agent.clone() });
        displaced
    }

    fn believe_unbridged(&mut self, id: &ContactId, fallback: Option<&Route>) {
        let state = self.contact(id).state.clone();
        if !matches!(state, ContactState::Connecting { .. } | ContactState::Connected { .. }) {
            return;
        }
        self.drop_consult(id);
        self.set_state(id, ContactState::InMenu);
        if self.contact(id).place.is_none()
            && let Some(route) = fallback
        {
            let spot = self.spot(route);
            self.place(id, spot, 0, 0);
        }
        if self.contact(id).place.is_some() {
            self.renew_wait(id);
            self.set_state(id, ContactState::Queued);
        }
        self.let_go(id, &state, None);
    }

    /// Frees whoever the contact was bound to, unless it is the agent the gateway names.
    fn let_go(&mut self, id: &ContactId, state: &ContactState, keep: Option<&AgentId>) {
        for (offer, agent) in state.offers() {
            self.close_offer(offer, OfferOutcome::GatewayGone);
            if keep != Some(agent) {
                self.rest_as_before(agent, true);
            }
        }
        match state.agent() {
            Some(agent) if keep != Some(agent) => {
                if matches!(state, ContactState::Connected { .. }) {
                    self.release(agent, id);
                } else {
                    self.unburden(agent, id);
                }
            }
            _ => {}
        }
    }

    /// Binds the agent a gateway names to the contact, whatever he was thought to be doing.
    fn claim(&mut self, agent: &AgentId, id: &ContactId) -> Vec<ContactId> {
        if !self.floor.agents.contains_key(agent) {
            self.create_agent(agent, &ProfileKey::new("unknown"));
        }
        self.leave_ready(agent);
        if self.agent(agent).state() == AgentState::Offline {
            self.agent(agent).detached = true;
        }
        let mut displaced = Vec::new();
        if let Some(Ringing { offer, contact }) = self.agent(agent).offer.clone() {
            self.close_offer(&offer, OfferOutcome::GatewayGone);
            self.drop_offer(&contact, &offer, agent, "agent_busy");
            displaced.push(contact);
        }
        for (contact, phase) in self.conflicting(agent, id) {
            self.agent(agent).work.remove(&contact);
            // The end of one may have ended the consultation about it.
            let talks = self.contact(&contact).state.agent() == Some(agent);
            if phase == Phase::Talking && talks && !is_planted(Mutant::NoEvidence) {
                self.unbind(&contact, agent, id);
                displaced.push(contact);
            }
        }
        let (channel, now) = (self.contact(id).channel, self.now);
        let work = Assignment { channel, since: now, phase: Phase::Talking };
        self.rearm_agent(agent, |agent| {
            agent.work.insert(id.clone(), work);
        });
        self.mark_live(Due::Agent(agent.clone()));
        self.enter_ready(agent);
        let told = fields([("contact", id.into())]);
        self.agent_changed(agent, EventKind::AgentBusy, told);
        displaced
    }

    /// Says whether an agent talks to somebody whom he cannot have beside a contact: one that is over
    /// does not take him from there.
    fn is_elsewhere(&self, agent: &AgentId, id: &ContactId) -> bool {
        let known = self.floor.agents.get(agent).is_some_and(|seat| !seat.talks_to(id));
        let talks = |(_, phase): &(ContactId, Phase)| *phase == Phase::Talking;
        known && !is_planted(Mutant::OverTakes) && self.conflicting(agent, id).iter().any(talks)
    }

    /// Gives the work an agent cannot have beside one more contact. Of what fills the channel that is
    /// only as much as is too much: first what is only wrapped up, then the consultation that may have
    /// become this very contact, then what no gateway has told of in its present session.
    fn conflicting(&self, agent: &AgentId, id: &ContactId) -> Vec<(ContactId, Phase)> {
        let channel = self.floor.contacts[id].channel;
        let seat = &self.floor.agents[agent];
        let ability = self.floor.plan.abilities.get(&seat.profile);
        let slot = ability.and_then(|ability| ability.slots.get(&channel));
        let excludes = |other: Channel| match slot {
            Some(slot) => slot.blocked_by.contains(&other),
            // Whoever is forgotten has what gateways tell of him, and speaks to one at a time.
            None => ability.is_some() || channel.is_spoken() || other.is_spoken(),
        };
        let others = seat.work.iter().filter(|(contact, _)| *contact != id);
        let (mut found, beside): (Vec<_>, Vec<_>) =
            others.partition(|(_, work)| excludes(work.channel));
        let beside = beside.into_iter().filter(|(_, work)| work.channel == channel);
        let mut full: Vec<_> = beside.collect();
        full.sort_by_key(|(contact, work)| {
            let talks = work.phase == Phase::Talking;
            let parent = self.floor.contacts.get(*contact).and_then(|it| it.parent.as_ref());
            let asked = parent == Some(id);
            (talks, talks && !asked, talks && self.is_confirmed(contact))
        });
        let room = slot.map_or(usize::MAX, |slot| usize::try_from(slot.capacity).unwrap_or(0));
        let too_many = (full.len() + 1).saturating_sub(room);
        found.extend(full.into_iter().take(too_many));
        found.into_iter().map(|(contact, work)| (contact.clone(), work.phase.clone())).collect()
    }

    /// Takes the agent from a contact, for a gateway has proven that he talks to another one. That
    /// may be the consultation about it, which then goes on without it.
    fn unbind(&mut self, contact: &ContactId, agent: &AgentId, proven: &ContactId) {
        let consult = self.part_consult(contact);
        if let Some(other) = consult.filter(|consult| consult != proven) {
            self.end_contact(&other, EndReason::Cancelled);
        }
        self.renew_wait(contact);
        self.requeue(contact, "agent_busy", agent);
    }

    /// Arms the deadline of the state a reconciled contact is in, and puts it in line if it waits.
    fn cover(&mut self, id: &ContactId) {
        match self.contact(id).state.clone() {
            ContactState::InMenu => {
                let deadline = self.now + MENU_LIMIT;
                self.arm_contact(id, Some(deadline));
            }
            ContactState::Queued => {
                self.arm_wait(id);
                self.enter_line(id);
            }
            ContactState::Connected { .. } => self.arm_contact(id, None),
            ContactState::Offered { .. }
            | ContactState::Connecting { .. }
            | ContactState::Ended { .. } => {}
        }
    }
}
