//! Offers: made in the step that finds a match, closed in the step that decides them.

use crate::ids::{AgentId, ContactId, OfferId};

use super::WaitingKey;
use super::event::EventKind;
use super::plan::ReadyOrder;
use super::state::{ContactState, Offer, OfferOutcome, Ringing};
use super::step::{Step, fields};

/// Why an agent and a contact were brought together, kept with the offer.
pub(super) struct Choice {
    chosen_by: &'static str,
    order: &'static str,
    scores: Vec<i64>,
    over: String,
    over_score: String,
}

impl Choice {
    /// The contact looked for agents.
    pub(super) fn of_agent(
        order: ReadyOrder,
        best: &[(i32, i64, AgentId)],
        over: Option<&(i32, i64, AgentId)>,
    ) -> Self {
        Self {
            chosen_by: "contact",
            order: order.as_str(),
            scores: best.iter().map(|(_, score, _)| *score).collect(),
            over: over.map(|(_, _, agent)| agent.to_string()).unwrap_or_default(),
            over_score: over.map(|(_, score, _)| score.to_string()).unwrap_or_default(),
        }
    }

    /// The agent looked for a contact.
    pub(super) fn of_contact(rank: i64, over: Option<&WaitingKey>) -> Self {
        Self {
            chosen_by: "agent",
            order: "rank",
            scores: vec![rank],
            over: over.map(|(_, _, contact)| contact.to_string()).unwrap_or_default(),
            over_score: over.map(|(score, _, _)| score.to_string()).unwrap_or_default(),
        }
    }

    /// Somebody said so.
    pub(super) fn of_supervisor() -> Self {
        let (over, over_score) = (String::new(), String::new());
        Self { chosen_by: "supervisor", order: "", scores: Vec::new(), over, over_score }
    }
}

impl Step<'_> {
    /// Rings agents for a contact, one offer each; does nothing without agents.
    pub(super) fn make_offers(&mut self, contact: &ContactId, agents: &[AgentId], why: &Choice) {
        if agents.is_empty() {
            return;
        }
        let ring = self.rules_of(contact).map(|rules| rules.ring_timeout).unwrap_or_default();
        let expires_at = self.now + ring;
        self.leave_line(contact);
        self.set_state(contact, ContactState::Offered { offers: Vec::new() });
        self.arm_contact(contact, Some(expires_at));
        for (index, agent) in agents.iter().enumerate() {
            let offer = self.next_offer_id();
            self.leave_ready(agent);
            self.floor.offered += 1;
            let number = self.floor.offered;
            let seat = self.agent(agent);
            seat.last_offered = number;
            seat.offer = Some(Ringing { offer: offer.clone(), contact: contact.clone() });
            if let ContactState::Offered { offers } = &mut self.contact(contact).state {
                offers.push((offer.clone(), agent.clone()));
            }
            let record =
                Offer { contact: contact.clone(), agent: agent.clone(), outcome: None, expires_at };
            self.floor.offers.insert(offer.clone(), record);
            let score = why.scores.get(index).or(why.scores.last());
            self.tell_offer(&offer, why, score.copied());
        }
    }

    fn tell_offer(&mut self, offer: &OfferId, why: &Choice, score: Option<i64>) {
        let record = self.floor.offers.get(offer).cloned().expect("the offer was made just now");
        let Offer { contact, agent, expires_at, .. } = &record;
        let place = self.contact(contact).place.as_ref().expect("an offered contact has a place");
        let queue = place.queue.to_string();
        let made = [
            ("queue", queue.clone()),
            ("expires_at", expires_at.to_string()),
            ("contact", contact.to_string()),
            ("agent", agent.to_string()),
            ("chosen_by", why.chosen_by.to_owned()),
            ("order", why.order.to_owned()),
            ("score", score.map(|score| score.to_string()).unwrap_or_default()),
            ("over", why.over.clone()),
            ("over_score", why.over_score.clone()),
        ];
        self.offer_changed(offer, 1, EventKind::OfferMade, fields(made));
        let offered = [
            ("queue", queue),
            ("expires_at", expires_at.to_string()),
            ("offer", offer.to_string()),
            ("agent", agent.to_string()),
        ];
        self.contact_changed(contact, EventKind::ContactOffered, fields(offered));
        let ringing = [("offer", offer.to_string()), ("contact", contact.to_string())];
        self.agent_changed(agent, EventKind::AgentOffered, fields(ringing));
    }

    /// Ends an offer: it rings its agent no more. The caller brings the agent to rest.
    pub(super) fn close_offer(&mut self, id: &OfferId, outcome: OfferOutcome) {
        let Some(offer) = self.floor.offers.get_mut(id) else {
            return;
        };
        offer.outcome = Some(outcome);
        let (contact, agent) = (offer.contact.clone(), offer.agent.clone());
        if let Some(seat) = self.floor.agents.get_mut(&agent)
            && seat.offer.as_ref().is_some_and(|ringing| ringing.offer == *id)
        {
            seat.offer = None;
        }
        let closed = fields([
            ("contact", contact.to_string()),
            ("agent", agent.to_string()),
            ("outcome", outcome.to_string()),
        ]);
        self.offer_changed(id, 2, EventKind::OfferClosed, closed);
    }

    /// Takes one offer from a contact; when it was the last, the contact goes back to its place.
    pub(super) fn drop_offer(
        &mut self,
        id: &ContactId,
        offer: &OfferId,
        agent: &AgentId,
        cause: &str,
    ) {
        let ContactState::Offered { offers } = &mut self.contact(id).state else { return };
        offers.retain(|(other, _)| other != offer);
        if offers.is_empty() {
            self.requeue(id, cause, agent);
            return;
        }
        let told = [
            ("offer", offer.to_string()),
            ("agent", agent.to_string()),
            ("outcome", cause.to_owned()),
        ];
        self.contact_changed(id, EventKind::ContactUnoffered, fields(told));
    }

    /// Ends every offer of a contact; gives the agents who were rung, to be brought to rest. The
    /// caller moves the contact to another state.
    pub(super) fn close_offers(&mut self, id: &ContactId, outcome: OfferOutcome) -> Vec<AgentId> {
        let offers = match &mut self.contact(id).state {
            ContactState::Offered { offers } => std::mem::take(offers),
            ContactState::InMenu
            | ContactState::Queued
            | ContactState::Connecting { .. }
            | ContactState::Connected { .. }
            | ContactState::Ended { .. } => Vec::new(),
        };
        for (offer, _) in &offers {
            self.close_offer(offer, outcome);
        }
        offers.into_iter().map(|(_, agent)| agent).collect()
    }
}
