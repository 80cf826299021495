//! An agent accepts an offer: the gateway is told to bridge.

use crate::ids::OfferId;

use super::CONNECT_LIMIT;
use super::command::{Desk, Reply};
use super::event::EventKind;
use super::rejection::Rejection;
use super::state::{AgentState, ContactState, Offer, OfferOutcome};
use super::step::{Step, fields};

impl Step<'_> {
    pub(super) fn accept_offer(
        &mut self,
        desk: &Desk,
        offer: &OfferId,
    ) -> Result<Reply, Rejection> {
        let record = self.check_offer(desk, offer)?;
        if record.outcome == Some(OfferOutcome::Accepted) {
            return Ok(Reply::Duplicate);
        }
        self.check_live(&record)?;
        if !self.is_vouched(&record.contact) {
            return Err(Rejection::GatewayNotFresh);
        }
        let (contact, agent) = (&record.contact, &desk.agent);
        self.close_offer(offer, OfferOutcome::Accepted);
        self.contact(contact).state =
            ContactState::Connecting { offer: offer.clone(), agent: agent.clone() };
        self.arm_contact(contact, Some(self.now + CONNECT_LIMIT));
        let told = [("offer", offer.to_string()), ("agent", agent.to_string())];
        self.contact_changed(contact, EventKind::ContactConnecting, fields(told));
        let seat = self.agent(agent);
        seat.state = AgentState::Busy { contact: contact.clone() };
        seat.misses = 0;
        let bound = fields([("contact", contact.to_string())]);
        self.agent_changed(agent, EventKind::AgentBusy, bound);
        Ok(Reply::Done { version: self.contact(contact).version })
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
            None if self.now >= offer.expires_at => {
                Err(Rejection::OfferClosed { outcome: OfferOutcome::Expired })
            }
            None => Ok(()),
        }
    }
}
