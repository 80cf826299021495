//! One step in progress: the clock, the events, and the bookkeeping every move shares.

use smol_str::SmolStr;

use crate::ids::{AgentId, ContactId, GatewayId, OfferId};
use crate::time::Timestamp;

use super::command::{Command, Envelope, Reply};
use super::event::{Event, EventKind};
use super::fields::Fields;
use super::mutants::{Mutant, is_planted};
use super::rejection::Rejection;
use super::state::{Agent, Contact, Entity, Gateway, Token};
use super::{Due, Floor, MAX_TICK};

/// One step in progress. Moves check first and change afterwards, so a refusal leaves no trace.
pub(super) struct Step<'a> {
    pub(super) floor: &'a mut Floor,
    pub(super) now: Timestamp,
    /// Whether a queue that serves only so many contacts at once can serve another.
    pub(super) room_made: bool,
    /// Contacts that were not matched for that: others may be ahead of them.
    pub(super) passed_over: Vec<ContactId>,
    pub(super) seed: OfferId,
    offers_made: u32,
    events: Vec<Event>,
    wall: i64,
}

impl<'a> Step<'a> {
    pub(super) fn begin(floor: &'a mut Floor, envelope: &Envelope) -> Self {
        let limit = i64::try_from(MAX_TICK.as_millis()).unwrap_or(i64::MAX);
        let tick = envelope.wall.saturating_sub(floor.wall).clamp(0, limit);
        let now = if floor.wall == 0 {
            envelope.wall
        } else {
            floor.now.as_millis().saturating_add(tick)
        };
        Self {
            now: Timestamp::from_millis(now),
            wall: envelope.wall,
            room_made: false,
            passed_over: Vec::new(),
            seed: envelope.seed.clone(),
            offers_made: 0,
            events: Vec::new(),
            floor,
        }
    }

    /// Commits the clock and gives the events.
    pub(super) fn finish(self) -> Vec<Event> {
        self.floor.now = self.now;
        self.floor.wall = self.wall;
        self.events
    }

    /// Runs a command, then matches what room it made.
    pub(super) fn run(
        &mut self,
        envelope: &Envelope,
        command: &Command,
    ) -> Result<Reply, Rejection> {
        let reply = self.dispatch(envelope, command)?;
        if self.room_made && self.may_match() {
            self.fill_room();
        }
        Ok(reply)
    }

    /// Matches whoever is ahead where the step made room, then those it passed over for them.
    fn fill_room(&mut self) {
        self.settle();
        self.room_made = false;
        for id in std::mem::take(&mut self.passed_over) {
            self.match_contact(&id);
        }
    }

    /// Gives the id of the next offer of this step.
    pub(super) fn next_offer_id(&mut self) -> OfferId {
        self.offers_made += 1;
        OfferId::of_step(&self.seed, self.offers_made)
    }

    /// Begins a session.
    pub(super) fn next_token(&mut self) -> Token {
        self.floor.tokens += 1;
        let epoch = if is_planted(Mutant::TokenWithoutEpoch) { 1 } else { self.floor.epoch };
        Token { epoch, number: self.floor.tokens }
    }

    pub(super) fn contact(&mut self, id: &ContactId) -> &mut Contact {
        self.floor.contacts.get_mut(id).expect("the caller has looked the contact up")
    }

    pub(super) fn agent(&mut self, id: &AgentId) -> &mut Agent {
        self.floor.agents.get_mut(id).expect("the caller has looked the agent up")
    }

    pub(super) fn gateway(&mut self, id: &GatewayId) -> &mut Gateway {
        self.floor.gateways.get_mut(id).expect("the caller has looked the gateway up")
    }

    /// Records a change of a contact.
    pub(super) fn contact_changed(&mut self, id: &ContactId, kind: EventKind, mut fields: Fields) {
        let contact = self.contact(id);
        contact.version += 1;
        let version = contact.version;
        fields.set("state", contact.state.name());
        self.events.push(Event { entity: Entity::Contact(id.clone()), version, kind, fields });
    }

    /// Records a change of an agent.
    pub(super) fn agent_changed(&mut self, id: &AgentId, kind: EventKind, mut fields: Fields) {
        let agent = self.agent(id);
        agent.version += 1;
        let version = agent.version;
        fields.set("state", agent.state().name());
        self.events.push(Event { entity: Entity::Agent(id.clone()), version, kind, fields });
    }

    /// Records a change of a gateway.
    pub(super) fn gateway_changed(&mut self, id: &GatewayId, kind: EventKind, fields: Fields) {
        let gateway = self.gateway(id);
        gateway.version += 1;
        let version = gateway.version;
        self.events.push(Event { entity: Entity::Gateway(id.clone()), version, kind, fields });
    }

    /// Records a change of an offer.
    pub(super) fn offer_changed(
        &mut self,
        id: &OfferId,
        version: u64,
        kind: EventKind,
        fields: Fields,
    ) {
        self.events.push(Event { entity: Entity::Offer(id.clone()), version, kind, fields });
    }

    /// Records a change of the floor as a whole.
    pub(super) fn floor_changed(&mut self, kind: EventKind, fields: Fields) {
        self.floor.version += 1;
        let version = self.floor.version;
        self.events.push(Event { entity: Entity::Floor, version, kind, fields });
    }

    /// Arms, moves or disarms the deadline of a contact.
    pub(super) fn arm_contact(&mut self, id: &ContactId, deadline: Option<Timestamp>) {
        self.contact(id).deadline = deadline;
        self.arm(Due::Contact(id.clone()), deadline);
    }

    /// Changes what an agent's deadline depends on, and arms it anew.
    pub(super) fn rearm_agent(&mut self, id: &AgentId, change: impl FnOnce(&mut Agent)) {
        let agent = self.agent(id);
        change(agent);
        let deadline = agent.deadline();
        self.arm(Due::Agent(id.clone()), deadline);
    }

    /// Arms, moves or disarms the deadline of a gateway.
    pub(super) fn arm_gateway(&mut self, id: &GatewayId, deadline: Option<Timestamp>) {
        self.gateway(id).deadline = deadline;
        self.arm(Due::Gateway(id.clone()), deadline);
    }

    /// Arms, moves or disarms a deadline.
    pub(super) fn arm(&mut self, due: Due, deadline: Option<Timestamp>) {
        let before = match deadline {
            Some(at) => self.floor.armed.insert(due.clone(), at),
            None => self.floor.armed.remove(&due),
        };
        if before == deadline {
            return;
        }
        if let Some(before) = before {
            self.floor.deadlines.remove(&(before, due.clone()));
        }
        if let Some(at) = deadline {
            self.floor.deadlines.insert((at, due));
        }
    }

    /// Notes that an entity is live and in order for this epoch.
    pub(super) fn mark_live(&mut self, due: Due) {
        self.floor.live.insert(due, self.floor.epoch);
    }

    /// Notes that an entity is no longer live.
    pub(super) fn unmark_live(&mut self, due: &Due) {
        self.floor.live.remove(due);
    }

    /// Notes which session of its gateway last reported a contact; zero when orphaned.
    pub(super) fn mark_leg(&mut self, id: &ContactId, number: u64) {
        let gateway = self.floor.contacts[id].gateway.clone();
        self.floor.legs.entry(gateway).or_default().insert(id.clone(), number);
    }

    /// Forgets the leg of a contact.
    pub(super) fn unmark_leg(&mut self, id: &ContactId) {
        let gateway = &self.floor.contacts[id].gateway;
        if let Some(legs) = self.floor.legs.get_mut(gateway) {
            legs.remove(id);
            if legs.is_empty() {
                self.floor.legs.remove(gateway);
            }
        }
    }
}

/// Builds the fields of an event.
pub(super) fn fields<const N: usize>(pairs: [(&'static str, SmolStr); N]) -> Fields {
    pairs.into()
}

/// Adds encoded details to the fields of an event.
pub(super) fn with_details(mut fields: Fields, details: impl Into<SmolStr>) -> Fields {
    fields.set("details", details);
    fields
}
