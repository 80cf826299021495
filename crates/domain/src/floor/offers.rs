//! Offers: made in the step that finds a match, closed in the step that decides them.

use smol_str::{SmolStr, ToSmolStr as _};

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
    over: SmolStr,
    over_score: SmolStr,
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
            over: over.map(|(_, _, agent)| agent.into()).unwrap_or_default(),
            over_score: over.map(|(_, score, _)| score.to_smolstr()).unwrap_or_default(),
        }
    }

    /// The agent looked for a contact.
    pub(super) fn of_contact(rank: i64, over: Option<&WaitingKey>) -> Self {
        Self {
            chosen_by: "agent",
            order: "rank",
            scores: vec![rank],
            over: over.map(|(_, _, contact)| contact.into()).unwrap_or_default(),
            over_score: over.map(|(score, _, _)| score.to_smolstr()).unwrap_or_default(),
        }
    }

    /// Somebody said so.
    pub(super) fn of_supervisor() -> Self {
        let (over, over_score) = (SmolStr::default(), SmolStr::default());
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
        let offers: Vec<_> =
            agents.iter().map(|agent| (self.next_offer_id(), agent.clone())).collect();
        self.leave_line(contact);
        self.set_state(contact, ContactState::Offered { offers: offers.clone() });
        self.arm_contact(contact, Some(expires_at));
        for (index, (id, agent)) in offers.into_iter().enumerate() {
            self.ring(&agent, Ringing { offer: id.clone(), contact: contact.clone() });
            let offer = Offer { contact: contact.clone(), agent, outcome: None, expires_at };
            let score = why.scores.get(index).or(why.scores.last());
            self.tell_offer(&id, &offer, why, score.copied());
            self.floor.offers.insert(id, offer);
        }
    }

    fn ring(&mut self, agent: &AgentId, ringing: Ringing) {
        self.leave_ready(agent);
        self.floor.offered += 1;
        let number = self.floor.offered;
        let seat = self.agent(agent);
        seat.last_offered = number;
        seat.offer = Some(ringing);
    }

    fn tell_offer(&mut self, id: &OfferId, offer: &Offer, why: &Choice, score: Option<i64>) {
        let Offer { contact, agent, expires_at, .. } = offer;
        let place = self.contact(contact).place.as_ref().expect("an offered contact has a place");
        let (queue, expires_at) = (SmolStr::from(&place.queue), expires_at.to_smolstr());
        let made = [
            ("queue", queue.clone()),
            ("expires_at", expires_at.clone()),
            ("contact", contact.into()),
            ("agent", agent.into()),
            ("chosen_by", why.chosen_by.into()),
            ("order", why.order.into()),
            ("score", score.map(|score| score.to_smolstr()).unwrap_or_default()),
            ("over", why.over.clone()),
            ("over_score", why.over_score.clone()),
        ];
        self.offer_changed(id, 1, EventKind::OfferMade, fields(made));
        let offered = [
            ("queue", queue),
            ("expires_at", expires_at),
            ("offer", id.into()),
            ("agent", agent.into()),
        ];
        self.contact_changed(contact, EventKind::ContactOffered, fields(offered));
        let ringing = [("offer", id.into()), ("contact", contact.into())];
        self.agent_changed(agent, EventKind::AgentOffered, fields(ringing));
    }

    /// Ends an offer: it rings its agent no more. The caller brings the agent to rest.
    pub(super) fn close_offer(&mut self, id: &OfferId, outcome: OfferOutcome) {
        let Some(offer) = self.floor.offers.get_mut(id) else {
            return;
        };
        offer.outcome = Some(outcome);
        let (contact, agent) = (&offer.contact, &offer.agent);
        if let Some(seat) = self.floor.agents.get_mut(agent)
            && seat.offer.as_ref().is_some_and(|ringing| ringing.offer == *id)
        {
            seat.offer = None;
        }
        let closed = fields([
            ("contact", contact.into()),
            ("agent", agent.into()),
            ("outcome", outcome.into()),
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
        let told = [("offer", offer.into()), ("agent", agent.into()), ("outcome", cause.into())];
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
