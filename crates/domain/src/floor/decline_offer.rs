//! An agent declines an offer, or lets it expire: the contact keeps its place.

use crate::ids::{AgentId, ContactId, OfferId};

use super::command::{Desk, Reply};
use super::plan::MissCause;
use super::rejection::Rejection;
use super::state::OfferOutcome;
use super::step::Step;

impl Step<'_> {
    pub(super) fn decline_offer(
        &mut self,
        desk: &Desk,
        offer: &OfferId,
    ) -> Result<Reply, Rejection> {
        let record = self.check_offer(desk, offer)?;
        if record.outcome == Some(OfferOutcome::Declined) {
            return Ok(Reply::Duplicate);
        }
        self.check_live(&record)?;
        self.take_back(offer, &record.contact, &desk.agent, OfferOutcome::Declined);
        Ok(Reply::Done { version: self.contact(&record.contact).version })
    }

    /// Takes an unanswered offer back: the contact waits at its old place, the agent rests.
    pub(super) fn take_back(
        &mut self,
        offer: &OfferId,
        contact: &ContactId,
        agent: &AgentId,
        outcome: OfferOutcome,
    ) {
        let declined = outcome == OfferOutcome::Declined;
        let cause = if declined { MissCause::Declined } else { MissCause::NoAnswer };
        let rule = self.rules_of(contact).map(|rules| rules.miss(cause)).unwrap_or_default();
        self.close_offer(offer, outcome);
        self.cool_down(contact, agent, cause);
        self.drop_offer(contact, offer, agent, outcome.as_str());
        // First among those who are free already: whom this frees serves whoever is ahead.
        self.match_contact(contact);
        self.count_miss(agent, cause, rule.threshold);
        self.rest(agent);
        self.match_agent(agent);
    }

    /// Takes the offer that rings an agent away from him: no fault of his.
    pub(super) fn withdraw_offer(&mut self, agent: &AgentId) {
        let Some(ringing) = self.agent(agent).offer.clone() else { return };
        self.close_offer(&ringing.offer, OfferOutcome::Withdrawn);
        let cause = OfferOutcome::Withdrawn.as_str();
        self.drop_offer(&ringing.contact, &ringing.offer, agent, cause);
        self.match_contact(&ringing.contact);
        self.rest_as_before(agent, true);
    }
}
