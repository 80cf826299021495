//! Consultations: another agent is asked while the caller stays with the first.
//!
//! A consultation is a contact of its own at the same gateway, so it waits, rings and connects as
//! any other. It ends with the conversation it is about, or becomes that conversation.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::ids::{AgentId, ContactId};

use super::command::{Desk, Reply};
use super::event::EventKind;
use super::plan::Route;
use super::rejection::Rejection;
use super::state::{Contact, ContactState, EndReason, Offer, OfferOutcome};
use super::step::{Step, fields};
use super::{Due, FOR_GOOD};

impl Step<'_> {
    pub(super) fn start_consult(
        &mut self,
        desk: &Desk,
        id: &ContactId,
        consult: &ContactId,
        (plan_version, route): (u64, &Route),
    ) -> Result<Reply, Rejection> {
        self.check_talk(desk, id)?;
        if self.floor.contacts.contains_key(consult) {
            return Ok(Reply::Duplicate);
        }
        self.check_plan(plan_version, Some(route))?;
        if !self.is_vouched(id) {
            return Err(Rejection::GatewayNotFresh);
        }
        let origin = self.contact(id).clone();
        if origin.consult.is_some() || origin.parent.is_some() {
            return Err(Rejection::WrongState { state: "consulting".to_owned() });
        }
        self.create_consult(&origin, id, consult, &desk.agent);
        self.contact(id).consult = Some(consult.clone());
        let told = [("consult", consult.into()), ("agent", (&desk.agent).into())];
        self.contact_changed(id, EventKind::ConsultStarted, fields(told));
        let spot = self.spot(route);
        self.place(consult, spot, 0, 0);
        let why = [("cause", "consult".into()), ("by", (&desk.agent).into())];
        self.join_with(consult, &why);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    fn create_consult(
        &mut self,
        origin: &Contact,
        parent: &ContactId,
        id: &ContactId,
        agent: &AgentId,
    ) {
        let until = self.now + FOR_GOOD;
        let contact = Contact {
            state: ContactState::Queued,
            place: None,
            call_sequence: 0,
            started_at: self.now,
            caller: SmolStr::default(),
            fallback: None,
            hops: 0,
            tried: BTreeMap::from([(agent.clone(), until)]),
            callback: None,
            parent: Some(parent.clone()),
            consult: None,
            menu: String::new(),
            deadline: None,
            version: 0,
            ..origin.clone()
        };
        self.floor.contacts.insert(id.clone(), contact);
        self.mark_leg(id, origin.token.map_or(0, |token| token.number));
        self.mark_live(Due::Contact(id.clone()));
    }

    pub(super) fn complete_consult(
        &mut self,
        desk: &Desk,
        id: &ContactId,
    ) -> Result<Reply, Rejection> {
        self.check_talk(desk, id)?;
        if !self.is_vouched(id) {
            return Err(Rejection::GatewayNotFresh);
        }
        let Some(consult) = self.contact(id).consult.clone() else {
            return Err(Rejection::WrongState { state: "connected".to_owned() });
        };
        let ContactState::Connected { agent } = self.contact(&consult).state.clone() else {
            let state = self.contact(&consult).state.name().to_owned();
            return Err(Rejection::WrongState { state });
        };
        if agent == desk.agent {
            // A gateway may say so: nobody can be joined with himself.
            return Err(Rejection::WrongState { state: "connected".to_owned() });
        }
        let rules = self.wrap_up_rules(id);
        self.merge(&consult, &agent);
        let offer = self.accepted_offer(id, &agent);
        self.connect(id, &offer, &agent);
        self.take_on(&agent, id);
        self.release_by(&desk.agent, id, rules);
        self.match_agent(&desk.agent);
        // He may have wrapped this very call up until now: then it takes one place instead of two.
        self.match_agent(&agent);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Ends a consultation that became the conversation; its agent is bound anew by the caller.
    fn merge(&mut self, consult: &ContactId, agent: &AgentId) {
        self.leave_ready(agent);
        self.agent(agent).work.remove(consult);
        self.set_state(consult, ContactState::Queued);
        self.end_contact(consult, EndReason::Merged);
    }

    /// Makes the record of an offer that was accepted as it was made: the gateway's word on the
    /// bridge names it.
    fn accepted_offer(&mut self, id: &ContactId, agent: &AgentId) -> crate::ids::OfferId {
        let offer = self.next_offer_id();
        let record = Offer {
            contact: id.clone(),
            agent: agent.clone(),
            outcome: None,
            expires_at: self.now,
        };
        self.floor.offers.insert(offer.clone(), record);
        let told =
            [("contact", id.into()), ("agent", agent.into()), ("chosen_by", "consult".into())];
        self.offer_changed(&offer, 1, EventKind::OfferMade, fields(told));
        self.close_offer(&offer, OfferOutcome::Accepted);
        offer
    }

    pub(super) fn cancel_consult(
        &mut self,
        desk: &Desk,
        id: &ContactId,
    ) -> Result<Reply, Rejection> {
        self.check_talk(desk, id)?;
        if self.contact(id).consult.is_none() {
            return Ok(Reply::Duplicate);
        }
        self.drop_consult(id);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Ends the consultation about a contact, if there is one.
    pub(super) fn drop_consult(&mut self, id: &ContactId) {
        if let Some(consult) = self.part_consult(id) {
            self.end_contact(&consult, EndReason::Cancelled);
        }
    }

    /// Ends the consultation about a contact that has ended. Where their gateway is lost with both, it may
    /// turn out to hold both.
    pub(super) fn end_consult(&mut self, id: &ContactId, reason: EndReason) {
        if let Some(consult) = self.part_consult(id) {
            let is_lost = reason == EndReason::GatewayLost;
            self.end_contact(&consult, if is_lost { reason } else { EndReason::Cancelled });
        }
    }

    /// Makes a conversation and the consultation about it one pair again when their gateway holds both
    /// after all: it may name either first.
    pub(super) fn rejoin_consult(&mut self, id: &ContactId) {
        let found = self.contact(id);
        if let Some(consult) = found.consult.take() {
            self.rejoin(id, &consult);
        } else if let Some(parent) = found.parent.clone() {
            self.rejoin(&parent, id);
        }
    }

    fn rejoin(&mut self, parent: &ContactId, consult: &ContactId) {
        let is_up = |id| self.floor.contacts.get(id).is_some_and(|it| !it.state.is_ended());
        let Some(found) = self.floor.contacts.get(parent) else { return };
        if found.consult.is_some() || !is_up(consult) {
            return;
        }
        let state = found.state.clone();
        if !Self::may_reopen(&state) || (!state.is_ended() && state.agent().is_none()) {
            return;
        }
        self.contact(parent).consult = Some(consult.clone());
        if let ContactState::Connected { agent } = &state {
            let told = [("consult", consult.into()), ("agent", agent.into())];
            self.contact_changed(parent, EventKind::ConsultStarted, fields(told));
        }
    }

    /// Takes the consultation about a contact from it, and gives it.
    pub(super) fn part_consult(&mut self, id: &ContactId) -> Option<ContactId> {
        let consult = self.contact(id).consult.take()?;
        let told = [("consult", (&consult).into()), ("outcome", "cancelled".into())];
        self.contact_changed(id, EventKind::ConsultEnded, fields(told));
        Some(consult)
    }

    /// Tells the conversation that the consultation about it is over.
    pub(super) fn leave_parent(&mut self, id: &ContactId, reason: EndReason) {
        let Some(parent) = self.contact(id).parent.clone() else { return };
        let consults = self.floor.contacts.get(&parent).and_then(|found| found.consult.as_ref());
        if consults != Some(id) {
            return;
        }
        self.contact(&parent).consult = None;
        if self.contact(&parent).state.is_ended() {
            return;
        }
        let told = [("consult", id.into()), ("outcome", reason.into())];
        self.contact_changed(&parent, EventKind::ConsultEnded, fields(told));
    }
}
