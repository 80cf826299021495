//! An agent declines an offer, or lets it expire: the contact keeps its place.

use crate::ids::{AgentId, ContactId, OfferId};

use super::command::{Desk, Reply};
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
        let rules = self.rules_of(contact).cloned();
        self.close_offer(offer, outcome);
        self.cool_down(contact, agent);
        self.requeue(contact, outcome.as_str(), agent);
        let declined = outcome == OfferOutcome::Declined;
        let must_stop = if declined {
            rules.is_some_and(|rules| rules.decline_makes_not_ready)
        } else {
            self.count_miss(agent, rules.map_or(0, |rules| rules.miss_threshold))
        };
        if must_stop {
            let reason = if declined { "declined" } else { "no_answer" };
            self.want_not_ready(agent, reason);
        }
        self.rest(agent);
        self.match_contact(contact);
        self.match_agent(agent);
    }

    fn count_miss(&mut self, id: &AgentId, threshold: u32) -> bool {
        let agent = self.agent(id);
        agent.misses += 1;
        threshold > 0 && agent.misses >= threshold
    }
}
