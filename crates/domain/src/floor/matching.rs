//! Which contact rings which agent: the longest idle agent, the contact that is ahead.
//!
//! A match looks only at the heads of the eligible sets, so its cost does not grow with the number
//! of waiting contacts or ready agents. Every step that makes a contact offerable or an agent ready
//! ends in a match, so a ready agent and an eligible waiting contact never both remain.

use crate::ids::{AgentId, ContactId, OfferId, QueueId};

use super::event::EventKind;
use super::plan::{ClassKey, ProfileKey};
use super::state::{AgentState, ContactState, Offer, OfferOutcome};
use super::step::{Step, fields};
use super::{BATCH, WaitingKey};

impl Step<'_> {
    /// Says whether a contact's gateway vouches for it, so that it may be offered.
    pub(super) fn is_vouched(&self, id: &ContactId) -> bool {
        let Some(contact) = self.floor.contacts.get(id) else {
            return false;
        };
        let gateway = self.floor.gateways.get(&contact.gateway);
        !contact.orphaned
            && gateway.is_some_and(|gateway| gateway.fresh && gateway.token == Some(contact.token))
    }

    /// Says whether a contact's gateway has reported it in its present session.
    pub(super) fn is_confirmed(&self, id: &ContactId) -> bool {
        let Some(contact) = self.floor.contacts.get(id) else { return false };
        let gateway = self.floor.gateways.get(&contact.gateway);
        !contact.orphaned && gateway.is_some_and(|gateway| gateway.token == Some(contact.token))
    }

    /// Puts a queued contact where agents look for it.
    pub(super) fn enter_line(&mut self, id: &ContactId) {
        let (queue, class, key) = self.line_of(id);
        self.floor.waiting.entry(class).or_default().insert(key.clone());
        self.floor.queued.entry(queue).or_default().insert(key);
    }

    /// Takes a contact out of the line.
    pub(super) fn leave_line(&mut self, id: &ContactId) {
        if self.contact(id).place.is_none() {
            return;
        }
        let (queue, class, key) = self.line_of(id);
        if let Some(line) = self.floor.waiting.get_mut(&class) {
            line.remove(&key);
            if line.is_empty() {
                self.floor.waiting.remove(&class);
            }
        }
        if let Some(line) = self.floor.queued.get_mut(&queue) {
            line.remove(&key);
            if line.is_empty() {
                self.floor.queued.remove(&queue);
            }
        }
    }

    fn line_of(&mut self, id: &ContactId) -> (QueueId, ClassKey, WaitingKey) {
        let place = self.contact(id).place.as_ref().expect("a queued contact has a place");
        (place.queue.clone(), place.class.clone(), (place.rank, place.sequence, id.clone()))
    }

    /// Lists an agent among the ready ones of his profile.
    pub(super) fn enter_ready(&mut self, id: &AgentId) {
        let agent = self.agent(id);
        let (profile, since) = (agent.profile.clone(), agent.idle_since);
        self.floor.ready.entry(profile).or_default().insert((since, id.clone()));
    }

    /// Takes an agent off the list of ready ones.
    pub(super) fn leave_ready(&mut self, id: &AgentId) {
        let agent = self.agent(id);
        let (profile, since) = (agent.profile.clone(), agent.idle_since);
        if let Some(ready) = self.floor.ready.get_mut(&profile) {
            ready.remove(&(since, id.clone()));
            if ready.is_empty() {
                self.floor.ready.remove(&profile);
            }
        }
    }

    fn may_match(&self) -> bool {
        self.floor.barrier_open && self.floor.settled
    }

    /// Offers a contact to the best ready agent, if it waits and there is one.
    pub(super) fn match_contact(&mut self, id: &ContactId) {
        if !self.may_match() || !self.is_vouched(id) {
            return;
        }
        if self.contact(id).state == ContactState::Queued
            && let Some(agent) = self.best_agent(id)
        {
            self.make_offer(id, &agent);
        }
    }

    /// Offers an agent the contact that is ahead of all he may serve, if he is ready.
    pub(super) fn match_agent(&mut self, id: &AgentId) {
        if self.may_match() {
            self.serve(id);
        }
    }

    /// Offers an agent the contact that is ahead; says whether there was one.
    pub(super) fn serve(&mut self, id: &AgentId) -> bool {
        if self.agent(id).state != AgentState::Ready {
            return false;
        }
        let Some(contact) = self.best_contact(id) else {
            return false;
        };
        self.make_offer(&contact, id);
        true
    }

    fn best_agent(&self, id: &ContactId) -> Option<AgentId> {
        let contact = self.floor.contacts.get(id)?;
        let class = self.floor.plan.classes.get(&contact.place.as_ref()?.class)?;
        let heads = class.profiles.keys().filter_map(|profile| {
            let ready = self.floor.ready.get(profile)?;
            ready.iter().find(|(_, agent)| !contact.has_tried(agent, self.now))
        });
        heads.min().map(|(_, agent)| agent.clone())
    }

    fn best_contact(&mut self, id: &AgentId) -> Option<ContactId> {
        let profile = self.agent(id).profile.clone();
        let classes = self.floor.plan.profiles.get(&profile)?.clone();
        let mut best: Option<(u32, WaitingKey)> = None;
        for (queue_rank, class) in classes {
            if let Some(head) = self.head_for(&class, id) {
                let candidate = (queue_rank, head);
                if best.as_ref().is_none_or(|best| candidate < *best) {
                    best = Some(candidate);
                }
            }
        }
        best.map(|(_, (_, _, contact))| contact)
    }

    /// Finds the first contact of a class that may ring an agent, within the first 64.
    ///
    /// Contacts their gateway has not reported in its present session are taken out of the line on
    /// the way; its inventory puts them back.
    fn head_for(&mut self, class: &ClassKey, agent: &AgentId) -> Option<WaitingKey> {
        let line = self.floor.waiting.get(class)?;
        let heads: Vec<WaitingKey> = line.iter().take(BATCH).cloned().collect();
        for head in heads {
            if !self.is_confirmed(&head.2) {
                self.leave_line(&head.2);
            } else if self.is_vouched(&head.2)
                && !self.contact(&head.2).clone().has_tried(agent, self.now)
            {
                return Some(head);
            }
        }
        None
    }

    fn make_offer(&mut self, contact: &ContactId, agent: &AgentId) {
        let offer = self.next_offer_id();
        let place = self.contact(contact).place.clone().expect("a queued contact has a place");
        let rules = self.floor.plan.queues.get(&place.queue);
        let ring = rules.map(|rules| rules.ring_timeout).unwrap_or_default();
        let expires_at = self.now + ring;
        self.leave_line(contact);
        self.leave_ready(agent);
        self.contact(contact).state =
            ContactState::Offered { offer: offer.clone(), agent: agent.clone() };
        self.arm_contact(contact, Some(expires_at));
        self.agent(agent).state =
            AgentState::Offered { offer: offer.clone(), contact: contact.clone() };
        let record =
            Offer { contact: contact.clone(), agent: agent.clone(), outcome: None, expires_at };
        self.floor.offers.insert(offer.clone(), record);
        self.tell_offer(&offer, &place.queue);
    }

    fn tell_offer(&mut self, offer: &OfferId, queue: &QueueId) {
        let record = self.floor.offers.get(offer).cloned().expect("the offer was made just now");
        let Offer { contact, agent, expires_at, .. } = &record;
        let shared = fields([("queue", queue.to_string()), ("expires_at", expires_at.to_string())]);
        let mut made = shared.clone();
        made.insert("contact".to_owned(), contact.to_string());
        made.insert("agent".to_owned(), agent.to_string());
        self.offer_changed(offer, 1, EventKind::OfferMade, made);
        let mut offered = shared;
        offered.insert("offer".to_owned(), offer.to_string());
        offered.insert("agent".to_owned(), agent.to_string());
        self.contact_changed(contact, EventKind::ContactOffered, offered);
        let ringing = [("offer", offer.to_string()), ("contact", contact.to_string())];
        self.agent_changed(agent, EventKind::AgentOffered, fields(ringing));
    }

    /// Ends an offer.
    pub(super) fn close_offer(&mut self, id: &OfferId, outcome: OfferOutcome) {
        let Some(offer) = self.floor.offers.get_mut(id) else {
            return;
        };
        offer.outcome = Some(outcome);
        let closed = fields([
            ("contact", offer.contact.to_string()),
            ("agent", offer.agent.to_string()),
            ("outcome", outcome.to_string()),
        ]);
        self.offer_changed(id, 2, EventKind::OfferClosed, closed);
    }

    /// Makes every match that is left, up to 64 offers; then the floor is settled.
    ///
    /// The agent idle longest chooses first. Within a profile up to 16 agents are tried, so that one
    /// who cools down on the only waiting contact does not hide the next.
    pub(super) fn settle(&mut self) {
        if !self.floor.barrier_open {
            return;
        }
        let batch = u32::try_from(BATCH).unwrap_or(u32::MAX);
        let first = self.offers_made();
        let profiles: Vec<ProfileKey> = self.floor.ready.keys().cloned().collect();
        let mut open: Vec<(ProfileKey, usize)> =
            profiles.into_iter().map(|profile| (profile, 0)).collect();
        while self.offers_made() - first < batch {
            let Some((index, agent)) = self.longest_idle(&open) else {
                self.floor.settled = true;
                return;
            };
            if !self.serve(&agent) {
                open[index].1 += 1;
            }
        }
        self.floor.settled = false;
    }

    fn longest_idle(&self, open: &[(ProfileKey, usize)]) -> Option<(usize, AgentId)> {
        const TRIES: usize = 16;
        let heads = open.iter().enumerate().filter_map(|(index, (profile, skip))| {
            let ready = self.floor.ready.get(profile)?;
            let (since, agent) = ready.iter().take(TRIES).nth(*skip)?;
            Some((since, agent, index))
        });
        heads.min().map(|(_, agent, index)| (index, agent.clone()))
    }
}
