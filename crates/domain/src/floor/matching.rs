//! Which contact rings which agent: the agent of best standing, the contact that is ahead.
//!
//! A match looks only at the heads of the eligible sets, so its cost does not grow with the number
//! of waiting contacts or ready agents. Every step that makes a contact offerable or an agent free
//! ends in a match, so a free agent and an eligible waiting contact never both remain.

use crate::ids::{AgentId, ContactId};

use super::lines::score;
use super::mutants::{Mutant, is_planted};
use super::offers::Choice;
use super::plan::{ClassKey, QueueRules, ReadyOrder};
use super::state::{Agent, Contact, ContactState, Place};
use super::step::Step;
use super::{LOOK, WaitingKey};

/// An agent who could be rung: how well his profile fits, his score in the order, his name.
type Candidate = (i32, i64, AgentId);

impl Step<'_> {
    /// Says whether a contact may be offered: its gateway vouches for the leg, or it has none.
    pub(super) fn is_vouched(&self, id: &ContactId) -> bool {
        self.floor.contacts.get(id).is_some_and(|contact| self.vouches_for(contact))
    }

    fn vouches_for(&self, contact: &Contact) -> bool {
        if contact.token.is_none() {
            return !contact.orphaned;
        }
        let gateway = self.floor.gateways.get(&contact.gateway);
        !contact.orphaned
            && gateway.is_some_and(|gateway| gateway.fresh && gateway.token == contact.token)
    }

    /// Says whether a contact's gateway has reported it in its present session.
    pub(super) fn is_confirmed(&self, id: &ContactId) -> bool {
        self.floor.contacts.get(id).is_some_and(|contact| self.confirms(contact))
    }

    fn confirms(&self, contact: &Contact) -> bool {
        let gateway = self.floor.gateways.get(&contact.gateway);
        let held = || gateway.is_some_and(|gateway| gateway.token == contact.token);
        !contact.orphaned && (contact.token.is_none() || held())
    }

    pub(super) fn may_match(&self) -> bool {
        self.floor.barrier_open && (self.floor.settled || self.floor.own_after.is_some())
    }

    /// Offers a contact to the best free agents, if it waits and there are any.
    ///
    /// Where the step has made room in a full queue, whoever is ahead there goes first, at its end.
    pub(super) fn match_contact(&mut self, id: &ContactId) {
        if !self.may_match() {
            return;
        }
        if self.room_made {
            self.passed_over.push(id.clone());
            return;
        }
        let Some(contact) = self.floor.contacts.get(id) else { return };
        if contact.state != ContactState::Queued
            || !self.vouches_for(contact)
            || !self.is_due(contact)
        {
            return;
        }
        let Some(place) = contact.place.as_ref().filter(|place| self.has_room(&place.queue)) else {
            return;
        };
        let rules = self.floor.plan.queues.get(&place.queue);
        let count = rules.map_or(1, ring_count);
        let mut best = self.best_agents(contact, place, count + 1);
        let over = (best.len() > count).then(|| best.pop()).flatten();
        let choice = Choice::of_agent(order_of(rules), &best, over.as_ref());
        let agents: Vec<AgentId> = best.into_iter().map(|(_, _, agent)| agent).collect();
        self.make_offers(id, &agents, &choice);
    }

    /// Says whether a contact may be answered at this time: a callback's time must have come.
    pub(super) fn is_due(&self, contact: &Contact) -> bool {
        contact.callback.is_none_or(|callback| callback.opens_at <= self.now)
    }

    /// Offers an agent the contact that is ahead of all he may serve, if he is free.
    pub(super) fn match_agent(&mut self, id: &AgentId) {
        if self.may_match() && !is_planted(Mutant::NoMatchWhenFree) {
            self.serve(id);
        }
    }

    /// Offers an agent the contact that is ahead; says whether there was one.
    pub(super) fn serve(&mut self, id: &AgentId) -> bool {
        let mut heads = self.best_contacts(id);
        if heads.is_empty() {
            return false;
        }
        let (_, (rank, _, contact)) = heads.remove(0);
        let choice = Choice::of_contact(rank, heads.first().map(|(_, head)| head));
        let agents = self.with_others(id, &contact);
        self.make_offers(&contact, &agents, &choice);
        true
    }

    /// Gives an agent who serves a contact, and who else is rung for it.
    fn with_others(&self, id: &AgentId, contact: &ContactId) -> Vec<AgentId> {
        let mut agents = vec![id.clone()];
        let contact = &self.floor.contacts[contact];
        let Some(place) = &contact.place else { return agents };
        let count = self.floor.plan.queues.get(&place.queue).map_or(1, ring_count);
        if count > 1 {
            let others = self.best_agents(contact, place, count + 1);
            agents.extend(others.into_iter().map(|(_, _, other)| other).filter(|o| o != id));
            agents.truncate(count);
        }
        agents
    }

    /// Gives the free agents of best standing for a contact, up to `count`.
    fn best_agents(&self, contact: &Contact, place: &Place, count: usize) -> Vec<Candidate> {
        if let Some(agent) = place.class.agent() {
            let free = self.floor.agents.get(&agent);
            let free = free.is_some_and(|seat| self.is_free_for(seat, contact.channel));
            let first =
                self.floor.agents.get(&agent).map_or(0, |seat| score(seat, ReadyOrder::Idle));
            let fits = free && !contact.has_tried(&agent, self.now);
            return if fits { vec![(0, first, agent)] } else { Vec::new() };
        }
        let Some(class) = self.floor.plan.classes.get(&place.class) else { return Vec::new() };
        let order = order_of(self.floor.plan.queues.get(&place.queue));
        let mut best: Vec<Candidate> = Vec::new();
        for (profile, standing) in &class.profiles {
            let key = (profile.clone(), contact.channel, order);
            let Some(ready) = self.floor.ready.get(&key) else { continue };
            let untried = ready.iter().filter(|(_, agent)| !contact.has_tried(agent, self.now));
            let heads = untried.take(count);
            best.extend(heads.map(|(at, agent)| (standing.preference, *at, agent.clone())));
        }
        best.sort();
        best.truncate(count);
        best
    }

    /// Gives the two contacts that are ahead of all an agent may serve, the first first.
    fn best_contacts(&mut self, id: &AgentId) -> Vec<(u32, WaitingKey)> {
        let agent = &self.floor.agents[id];
        if !agent.is_working() || agent.offer.is_some() {
            return Vec::new();
        }
        let waits = |class: &ClassKey| self.floor.waiting.contains_key(class);
        let free = |channel| self.is_free_for(agent, channel);
        let served = self.floor.plan.profiles.get(&agent.profile).into_iter().flatten();
        let served = served.filter(|(_, class)| waits(class) && class.channel().is_none_or(free));
        let own = (0, ClassKey::personal(id));
        let classes: Vec<_> = std::iter::once(own).chain(served.cloned()).collect();
        let mut heads: Vec<(u32, WaitingKey)> = Vec::new();
        for (rank, class) in &classes {
            heads.extend(self.head_for(class, id).map(|head| (*rank, head)));
        }
        heads.sort();
        heads.truncate(2);
        heads
    }

    /// Finds the first contact of a class that may ring an agent, within the first 64.
    ///
    /// Contacts their gateway has not reported in its present session are taken out of the line on
    /// the way; its inventory puts them back.
    fn head_for(&mut self, class: &ClassKey, agent: &AgentId) -> Option<WaitingKey> {
        let line = self.floor.waiting.get(class)?;
        let seat = &self.floor.agents[agent];
        let mut strays: Vec<ContactId> = Vec::new();
        let head = line.iter().take(LOOK).find(|(_, _, id)| {
            let contact = &self.floor.contacts[id];
            let is_confirmed = self.confirms(contact);
            if !is_confirmed {
                strays.push(id.clone());
            }
            is_confirmed && self.fits(contact, agent, seat)
        });
        let head = head.cloned();
        for stray in &strays {
            self.leave_line(stray);
        }
        head
    }

    fn fits(&self, contact: &Contact, agent: &AgentId, seat: &Agent) -> bool {
        let Some(place) = &contact.place else { return false };
        self.vouches_for(contact)
            && !contact.has_tried(agent, self.now)
            && self.has_room(&place.queue)
            && self.is_free_for(seat, contact.channel)
    }
}

fn ring_count(rules: &QueueRules) -> usize {
    usize::try_from(rules.ring_count.max(1)).unwrap_or(1)
}

fn order_of(rules: Option<&QueueRules>) -> ReadyOrder {
    rules.map_or(ReadyOrder::Idle, |rules| rules.order)
}
