//! An agent accepts an offer: the gateway is told to bridge, or to call the caller back.

use crate::ids::{AgentId, ContactId, GatewayId, OfferId};

use super::CONNECT_LIMIT;
use super::command::{Desk, Reply};
use super::contact_moves::is_legless;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::MissCause;
use super::rejection::Rejection;
use super::state::{Assignment, ContactState, Offer, OfferOutcome, Phase};
use super::step::{Step, fields};

impl Step<'_> {
    pub(super) fn accept_offer(
        &mut self,
        desk: &Desk,
        offer: &OfferId,
    ) -> Result<Reply, Rejection> {
        let offer = &self.meant_offer(desk, offer);
        let record = self.check_offer(desk, offer)?;
        if record.outcome == Some(OfferOutcome::Accepted) {
            return Ok(Reply::Duplicate);
        }
        if !is_planted(Mutant::AcceptClosed) {
            self.check_live(&record)?;
        }
        if !self.is_vouched(&record.contact) {
            return Err(Rejection::GatewayNotFresh);
        }
        let contact = &record.contact;
        if is_legless(&self.floor.contacts[contact]) {
            let gateway = self.dialling_gateway(contact).ok_or(Rejection::GatewayNotFresh)?;
            self.take_to(contact, &gateway);
        }
        let agent = &desk.agent;
        self.close_offer(offer, OfferOutcome::Accepted);
        let others = self.contact(contact).state.offers().to_vec();
        let others: Vec<_> = others.into_iter().filter(|(other, _)| other != offer).collect();
        if !is_planted(Mutant::LosersRing) {
            for (other, _) in &others {
                self.close_offer(other, OfferOutcome::AnsweredElsewhere);
            }
        }
        self.connect(contact, offer, agent);
        if is_planted(Mutant::HalfAccept) {
            return Ok(Reply::Duplicate);
        }
        self.take_on(agent, contact);
        for (_, other) in &others {
            self.rest_as_before(other, !is_planted(Mutant::LosersLoseTheirTurn));
        }
        self.match_agent(agent);
        for (_, other) in &others {
            self.match_agent(other);
        }
        Ok(Reply::Done { version: self.contact(contact).version })
    }

    /// Gives the offer that is answered: the one that is named.
    fn meant_offer(&self, desk: &Desk, offer: &OfferId) -> OfferId {
        if !is_planted(Mutant::NoOfferId) {
            return offer.clone();
        }
        let current = self.floor.agents.get(&desk.agent).and_then(|agent| agent.offer.as_ref());
        current.map_or_else(|| offer.clone(), |ringing| ringing.offer.clone())
    }

    /// Lets the gateway bring a contact and an agent together.
    pub(super) fn connect(&mut self, contact: &ContactId, offer: &OfferId, agent: &AgentId) {
        let state = ContactState::Connecting { offer: offer.clone(), agent: agent.clone() };
        self.set_state(contact, state);
        self.arm_contact(contact, Some(self.now + CONNECT_LIMIT));
        let told = [("offer", offer.into()), ("agent", agent.into())];
        self.contact_changed(contact, EventKind::ContactConnecting, fields(told));
    }

    /// Puts a contact into an agent's hands.
    pub(super) fn take_on(&mut self, agent: &AgentId, contact: &ContactId) {
        let (channel, now) = (self.contact(contact).channel, self.now);
        self.leave_ready(agent);
        let work = Assignment { channel, since: now, phase: Phase::Talking };
        self.rearm_agent(agent, |seat| {
            seat.work.insert(contact.clone(), work);
        });
        let seat = self.agent(agent);
        seat.misses.remove(&MissCause::NoAnswer);
        seat.misses.remove(&MissCause::Declined);
        seat.handled += 1;
        self.enter_ready(agent);
        let bound = fields([("contact", contact.into())]);
        self.agent_changed(agent, EventKind::AgentBusy, bound);
    }

    /// Chooses the gateway that calls back: the one the caller came through, or the first other.
    fn dialling_gateway(&self, contact: &ContactId) -> Option<GatewayId> {
        let fresh = |id: &GatewayId| self.floor.gateways.get(id).is_some_and(|found| found.fresh);
        let own = self.floor.contacts[contact].gateway.clone();
        if fresh(&own) {
            return Some(own);
        }
        self.floor.gateways.keys().find(|id| id.dials() && fresh(id)).cloned()
    }

    fn take_to(&mut self, contact: &ContactId, gateway: &GatewayId) {
        let token = self.gateway(gateway).token;
        let record = self.contact(contact);
        record.gateway = gateway.clone();
        record.token = token;
        self.mark_leg(contact, token.map_or(0, |token| token.number));
    }

    /// Checks that an offer was made to this desktop's agent.
    pub(super) fn check_offer(&self, desk: &Desk, offer: &OfferId) -> Result<Offer, Rejection> {
        self.check_desk(desk)?;
        let record = self.floor.offers.get(offer).ok_or(Rejection::UnknownOffer)?;
        if record.agent == desk.agent { Ok(record.clone()) } else { Err(Rejection::OtherAgent) }
    }

    /// Checks that an offer can still be answered.
    pub(super) fn check_live(&self, offer: &Offer) -> Result<(), Rejection> {
        match offer.outcome {
            Some(outcome) => Err(Rejection::OfferClosed { outcome }),
            None if self.now >= offer.expires_at && !is_planted(Mutant::AcceptLate) => {
                Err(Rejection::OfferClosed { outcome: OfferOutcome::Expired })
            }
            None => Ok(()),
        }
    }
}
